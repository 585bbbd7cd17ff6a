"""Break-glass: one case of another branch, for a while, for a reason, to read and nothing else."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.alarms.models import Alarm, Rule
from jknoffice.alarms.watching import watch
from jknoffice.audit.models import AuditLog
from tests import cases, make
from tests.participants.visits import client_of, text_of
from tests.verification.desk.test_steps import FORMS
from verification import changes, glass
from verification.changes.people import OutOfReach
from verification.desk.views.steps import STEPS
from verification.models import BrokenGlass, PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db

GLASS = "/admin/verification/other-branch/"
REASON = "The participant stands at <our> counter."


def break_glass(client: Client, case: PhoneChangeRequest, reason: str = REASON) -> Any:
    return client.post(GLASS, {"reference": str(case), "reason": reason}, follow=True)


def page_of(case: PhoneChangeRequest, page: str = "") -> str:
    return f"/admin/verification/case/{case.reference}/{page}"


def photo_of(case: PhoneChangeRequest) -> str:
    return reverse("admin:verification_document", args=[case.documents.earliest("pk").pk])


def marks(case: PhoneChangeRequest, by: User) -> list[tuple[str, int | None]]:
    """What somebody did with a case: each action, and the opening that its entry names."""
    rows = AuditLog.objects.filter(object_type=case._meta.label_lower, object_id=case.pk, actor=by.username)
    return [(row.action, json.loads(row.entry)["after"].get("break_glass")) for row in rows.order_by("pk")]


def over(case: PhoneChangeRequest) -> None:
    """Let the time of all openings of a case be over."""
    now = timezone.now()
    BrokenGlass.objects.filter(request=case).update(broken_at=now - settings.GLASS_LIFETIME, until=now)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_whoever_breaks_the_glass_reads_the_one_case_until_it_ends(role: Role) -> None:
    case, user = cases.queued(), make.staff(role)
    client, another = client_of(user), cases.queued(peserta=make.peserta(branch=case.branch))
    assert client.get(page_of(case)).status_code == client.get(photo_of(case)).status_code == 404
    shown = text_of(break_glass(client, case))
    opened = BrokenGlass.objects.get()
    assert opened.until - opened.broken_at == settings.GLASS_LIFETIME
    assert case.peserta
    assert "A case of another branch: you may read it until" in shown
    assert f"{case.peserta.nik[:4]} {case.peserta.nik[4:8]}" in shown
    assert client.get(photo_of(case)).status_code == 200
    assert client.post(page_of(case, "copied/"), {"field": "nik"}).status_code == 204
    assert marks(case, user) == [
        ("request.refused", None),
        ("request.refused", None),
        *((f"request.{what}", opened.pk) for what in ("glass_broken", "viewed")),
        ("document.viewed", opened.pk),
        ("request.value_copied", opened.pk),
    ]
    assert client.get(page_of(another)).status_code == client.get(photo_of(another)).status_code == 404
    colleague = client_of(make.staff(role, branch=user.branch))
    assert colleague.get(page_of(case)).status_code == colleague.get(photo_of(case)).status_code == 404
    over(case)
    assert client.get(page_of(case)).status_code == client.get(photo_of(case)).status_code == 404


STATES = dict.fromkeys(STEPS, Status.IN_REVIEW) | {
    "claim": Status.QUEUED,
    "unfreeze": Status.FROZEN,
    "ask_reversal": Status.APPLIED,
    "reverse": Status.APPLIED,
    "endorse": Status.SECOND_REVIEW,
    "cancel": Status.QUEUED,
}


def test_nothing_can_be_done_with_the_case_whatever_its_state() -> None:
    user = make.staff(Role.SUPERVISOR)
    client = client_of(user)
    opened = {status: cases.in_state(status) for status in sorted(set(STATES.values()))}
    for case in opened.values():
        glass.break_glass(typed=case.reference, reason=REASON, by=user)
    before = {case.pk: case.version for case in opened.values()}
    for step, status in STATES.items():
        path = page_of(opened[status], step.replace("_", "-") + "/")
        given = FORMS.get(step, {}) | {"version": opened[status].version}
        assert client.post(path, given).status_code == 404, step
    for case in opened.values():
        shown = text_of(client.get(page_of(case)))
        inside = shown.split("<main", 1)[-1]
        for step in (*STEPS, "keep", "reading", "sheet", "receipt", "same-photos"):
            assert page_of(case, step.replace("_", "-") + "/") not in inside, (case.status, step)
        for page in ("sheet/", "receipt/", "same-photos/"):
            assert client.get(page_of(case, page)).status_code == 404
        for page in ("keep/", "reading/"):
            assert client.post(page_of(case, page)).status_code == 404
        with pytest.raises(OutOfReach):
            changes.write_note(request=case, by=user, note="?")
        assert str(case) not in text_of(client.get(f"/admin/verification/queue/?state={case.status}"))
    with pytest.raises(OutOfReach):
        changes.claim(request=opened[Status.QUEUED], by=user)
    assert changes.take_next(by=user) is None
    assert {case.pk: case.version for case in PhoneChangeRequest.objects.all()} == before


def test_the_supervisor_of_its_branch_is_told_who_why_and_until_when() -> None:
    case, user = cases.queued(), make.staff()
    supervisor = cases.reviewer(case, Role.SUPERVISOR)
    break_glass(client_of(user), case)
    watch()
    client = client_of(supervisor)
    for shown in (client.get(page_of(case)), client.get(page_of(case))):
        for told in (user.full_name, str(user.branch), "The participant stands at &lt;our&gt; counter."):
            assert told in text_of(shown)
    alarm = Alarm.objects.for_user(supervisor).get(rule=Rule.GLASS)
    assert (alarm.branch, alarm.actors) == (case.branch, user.username)
    link = reverse("admin:verification_phonechangerequest_change", args=[case.pk])
    assert link in text_of(client.get(reverse("admin:alarms_alarm_change", args=[alarm.pk])))
    assert client.get(link)["Location"] == page_of(case)
    assert "counter." not in text_of(client_of(cases.reviewer(case)).get(page_of(case)))
    entry = AuditLog.objects.get(action="request.glass_broken").entry
    assert "counter" not in entry
    assert case.branch
    assert json.loads(entry)["after"]["branch"] == case.branch.code


def test_what_must_not_be_opened_is_refused_and_recorded() -> None:
    nik, home = make.nik(), make.branch()
    user = make.staff(branch=home, nik=nik)
    client = client_of(user)
    own = cases.queued(peserta=make.peserta(branch=home))
    refused = {
        "no_such_case": [
            PhoneChangeRequest(reference="000000000"),
            PhoneChangeRequest(reference="x"),
            cases.in_state(Status.UNMATCHED),
        ],
        "within_reach": [own],
        "involved": [cases.queued(peserta=make.peserta(nik=nik))],
    }
    for code, some in refused.items():
        for case in some:
            answer = break_glass(client, case)
            assert answer.context["form"].errors["reference"], code
            assert AuditLog.objects.latest("pk").reason == code
    for reason in ("", " " * 20, "short", "x" * 501, "\0" * 20):
        assert break_glass(client, cases.queued(), reason).context["form"].errors["reason"]
    assert not BrokenGlass.objects.exists()


def test_only_so_many_attempts_an_hour_count_for_a_person() -> None:
    case, nik, now = cases.queued(), "3173010101010003", timezone.now()
    one, other = make.staff(nik=nik), make.staff(nik=nik)
    for _ in range(glass.LIMIT.most - 1):
        with pytest.raises(glass.NoSuchCase):
            glass.break_glass(typed="?", reason=REASON, by=one, at=now)
    glass.break_glass(typed=case.reference, reason=REASON, by=other, at=now)
    with pytest.raises(glass.TooManyGlasses):
        glass.break_glass(typed=case.reference, reason=REASON, by=one, at=now)
    glass.break_glass(typed=case.reference, reason=REASON, by=one, at=now + glass.LIMIT.window + glass.LIMIT.slice)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DATA_ADMIN, Role.ADMIN])
def test_who_works_on_no_cases_breaks_no_glass(role: Role) -> None:
    case, user = cases.queued(), make.staff(role)
    assert break_glass(client_of(user), case).status_code == 403
    with pytest.raises(glass.MayNotBreak):
        glass.break_glass(typed=case.reference, reason=REASON, by=user)


def test_who_loses_the_right_or_comes_to_the_branch_reads_by_no_glass() -> None:
    case, user, now = cases.queued(), make.staff(), timezone.now()
    glass.break_glass(typed=case.reference, reason=REASON, by=user, at=now)
    reading = PhoneChangeRequest.objects.for_user(user, to_read_at=now)
    assert list(reading) == [case]
    assert not PhoneChangeRequest.objects.for_user(user).exists()
    User.objects.filter(pk=user.pk).update(role=Role.AUDITOR)
    user.refresh_from_db()
    assert not PhoneChangeRequest.objects.for_user(user, to_read_at=now).exists()
    assert glass.glass_of(case, user, at=now) is None
    User.objects.filter(pk=user.pk).update(
        role=Role.SUPERVISOR, branch=make.branch(region=case.branch and case.branch.region)
    )
    user.refresh_from_db()
    assert list(PhoneChangeRequest.objects.for_user(user, to_read_at=now)) == [case]
    assert glass.glass_of(case, user, at=now) is None
