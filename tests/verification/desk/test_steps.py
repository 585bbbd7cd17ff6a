"""Each step by HTTP: what it does, what it says, and what it refuses."""

from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import cases, make
from tests.accounts.door import code_of, some_time_ago
from verification import changes
from verification.changes import objection, people
from verification.changes.decision import EvidenceMissing
from verification.desk.views.steps import STEPS, Stale
from verification.models import PhoneChangeRequest
from verification.models.choices import RejectReason
from verification.states import Status

pytestmark = pytest.mark.django_db

QUEUE = "admin:verification_queue"
CASE = "admin:verification_case"

FORMS: dict[str, dict[str, str]] = {
    "reject": {"reason": "data_differs"},
    "ask": {"document": "card", "fault": "glare"},
    "approve": {"compared": "on"},
    "endorse": {"compared": "on"},
    "send_back": {"note": "Tanda tangan berbeda."},
    "escalate": {"note": "Foto tampak disunting."},
    "snooze": {"until": "4", "note": "Menunggu telepon balik."},
    "note": {"note": "Sudah ditelepon."},
}

# Step, state before, role of who takes it, whether they hold the case, state after, where it leads, what is said.
PATHS = [
    ("claim", Status.QUEUED, Role.OPERATOR, False, Status.IN_REVIEW, CASE, "Sekarang Anda mengerjakan"),
    ("claim", Status.SECOND_REVIEW, Role.SUPERVISOR, False, Status.SECOND_REVIEW, CASE, "Sekarang Anda mengerjakan"),
    ("release", Status.IN_REVIEW, Role.OPERATOR, True, Status.QUEUED, QUEUE, "sudah dilepas"),
    ("release", Status.IN_REVIEW, Role.SUPERVISOR, False, Status.QUEUED, QUEUE, "sudah dilepas"),
    ("ask", Status.IN_REVIEW, Role.OPERATOR, True, Status.NEEDS_INFO, QUEUE, "foto yang lebih baik"),
    ("approve", Status.IN_REVIEW, Role.OPERATOR, True, Status.ON_HOLD, QUEUE, "Nomor akan diubah pada"),
    ("reject", Status.IN_REVIEW, Role.OPERATOR, True, Status.REJECTED, QUEUE, "ditolak"),
    ("reject", Status.FROZEN, Role.SUPERVISOR, False, Status.REJECTED, QUEUE, "ditolak"),
    ("endorse", Status.SECOND_REVIEW, Role.SUPERVISOR, True, Status.ON_HOLD, QUEUE, "Nomor akan diubah pada"),
    ("send_back", Status.SECOND_REVIEW, Role.SUPERVISOR, True, Status.QUEUED, QUEUE, "kembali ke antrean"),
    ("escalate", Status.IN_REVIEW, Role.OPERATOR, True, Status.SECOND_REVIEW, QUEUE, "ada pada supervisor"),
    ("snooze", Status.IN_REVIEW, Role.OPERATOR, True, Status.QUEUED, QUEUE, "ditunda sampai"),
    ("note", Status.IN_REVIEW, Role.OPERATOR, True, Status.IN_REVIEW, CASE, "Catatan Anda pada"),
    ("unfreeze", Status.FROZEN, Role.SUPERVISOR, False, Status.ON_HOLD, CASE, "masa tunggunya dimulai lagi"),
    ("ask_reversal", Status.APPLIED, Role.OPERATOR, False, Status.APPLIED, CASE, "sudah diminta"),
    ("cancel", Status.QUEUED, Role.OPERATOR, False, Status.CANCELLED, QUEUE, "dibatalkan"),
]


def post(client: Client, case: PhoneChangeRequest, step: str, **given: Any) -> Any:
    """Press a button of the page as it stands now; `given` replaces what its form would send."""
    case.refresh_from_db()
    data = {"version": case.version, **FORMS.get(step, {}), **given}
    answer = client.post(reverse(f"admin:verification_{step}", args=[case.reference]), data)
    REFUSED[client] = answer if answer.status_code == 409 else None
    return answer


REFUSED: WeakKeyDictionary[Client, Any] = WeakKeyDictionary()


def said(client: Client) -> str:
    """What the page of a refusal says, or the queue after a step."""
    answer = REFUSED.pop(client, None) or client.get(reverse(QUEUE))
    return " ".join(str(message) for message in answer.context["messages"])


def holding(user: User, case: PhoneChangeRequest) -> Client:
    changes.claim(request=case, by=user)
    return make.logged_in(user)


@pytest.mark.parametrize(("step", "before", "role", "holds", "after", "then", "words"), PATHS)
def test_a_step_moves_the_case_and_says_so(
    step: str, before: Status, role: Role, holds: bool, after: Status, then: str, words: str
) -> None:
    case = cases.in_state(Status.QUEUED if before is Status.IN_REVIEW and holds else before)
    user = cases.reviewer(case, role)
    client = holding(user, case) if holds else make.logged_in(user)
    answer = post(client, case, step)
    case.refresh_from_db()
    assert case.status == after
    assert answer["Location"] == (reverse(CASE, args=[case.reference]) if then == CASE else reverse(QUEUE))
    message = said(client)
    assert words in message
    assert str(case) in message
    assert (reverse(CASE, args=[case.reference]) in message) == (then == QUEUE)


@pytest.mark.parametrize(
    ("step", "before", "asked"),
    [("unfreeze", Status.FROZEN, True), ("reverse", Status.APPLIED, True), ("ask_reversal", Status.APPLIED, False)],
)
def test_what_undoes_a_protection_asks_for_the_second_step_once_more(step: str, before: Status, asked: bool) -> None:
    # Given a supervisor whose session has been open for a while
    case = cases.in_state(before)
    if step == "reverse":
        changes.ask_reversal(request=case, by=cases.reviewer(case, Role.SUPERVISOR))
    user = cases.reviewer(case, Role.SUPERVISOR)
    device, client = make.authenticator(user), make.logged_in(user)
    some_time_ago(user)

    # When they take the step, then the page names step and case, and nothing has happened
    answer = post(client, case, step)
    before_it = PhoneChangeRequest.objects.values_list("version", flat=True).get(pk=case.pk)
    assert (answer.status_code == 200) is asked
    if not asked:
        return
    assert before_it == case.version
    assert str(STEPS[step].again) in answer.content.decode()
    assert str(case) in answer.content.decode()

    # And with the proof it is done
    post(client, case, step, proof=code_of(device))
    case.refresh_from_db()
    assert case.version > before_it


def test_all_steps_are_walked_here() -> None:
    assert {path[0] for path in PATHS} | {"reverse", "close_dispute"} == set(STEPS)


def test_approving_a_counter_case_changes_the_register_and_says_the_number_masked() -> None:
    peserta = make.peserta()
    case = cases.queued(peserta=peserta, by=make.staff(branch=peserta.branch), new_phone="+6281298765432")
    client = holding(cases.reviewer(case), case)
    post(client, case, "approve")
    peserta.refresh_from_db()
    assert peserta.phone == "+6281298765432"
    message = said(client)
    assert "data peserta sekarang memuat 0812-••••-•432" in message
    assert "98765432" not in message


def test_approving_a_risky_case_asks_for_a_supervisor() -> None:
    case = cases.queued(peserta=make.peserta(phone_changed_at=timezone.now()))
    client = holding(cases.reviewer(case), case)
    post(client, case, "approve")
    assert "persetujuan kedua dari supervisor" in said(client)


def test_a_reversal_takes_two_people() -> None:
    peserta = make.peserta()
    case = cases.in_state(Status.APPLIED, peserta=peserta, by=make.staff(branch=peserta.branch))
    one, two = (make.logged_in(cases.reviewer(case, Role.SUPERVISOR)) for _ in range(2))
    post(one, case, "reverse")
    assert str(objection.ReversalNotAsked.sentence) in said(one)
    post(one, case, "ask_reversal")
    post(one, case, "reverse")
    assert str(objection.AskedByYou.sentence) in said(one)
    post(two, case, "reverse")
    case.refresh_from_db()
    assert case.status == Status.REVERSED
    peserta.refresh_from_db()
    assert peserta.phone == case.old_phone


def test_a_rejection_from_the_counter_keeps_its_reason() -> None:
    case = cases.queued()
    post(holding(cases.reviewer(case), case), case, "reject", reason="not_same_person")
    case.refresh_from_db()
    assert case.decision_reason == RejectReason.NOT_SAME_PERSON


@pytest.mark.parametrize(
    ("step", "given"),
    [
        ("reject", {"reason": ""}),
        ("reject", {"reason": "because"}),
        ("reject", {"reason": "data_differs\0"}),
        ("ask", {"document": "selfie"}),
        ("ask", {"document": "ktp", "fault": "\0"}),
        ("ask", {"fault": ["blurred", "wrong"]}),
        ("send_back", {"note": "\0"}),
        ("send_back", {"note": "x" * 100_000}),
    ],
)
def test_what_is_in_no_list_does_nothing_and_says_so(step: str, given: dict[str, Any]) -> None:
    second = step == "send_back"
    case = cases.in_state(Status.SECOND_REVIEW if second else Status.QUEUED)
    client = holding(cases.reviewer(case, Role.SUPERVISOR if second else Role.OPERATOR), case)
    case.refresh_from_db()
    before = case.version
    assert post(client, case, step, **given).status_code == 409
    case.refresh_from_db()
    assert case.version == before
    assert "Belum ada yang dilakukan" in said(client)


@pytest.mark.parametrize("version", ["", "0", "-1", "abc", "1e3", "\0", "9" * 9999, "²"])
@pytest.mark.parametrize("step", ["approve", "reject", "ask"])
def test_a_decision_on_an_older_page_is_not_taken(step: str, version: str) -> None:
    case = cases.queued()
    client = holding(cases.reviewer(case), case)
    answer = post(client, case, step, version=version)
    assert answer.status_code == 409
    case.refresh_from_db()
    assert case.status == Status.IN_REVIEW
    assert str(Stale.sentence) in said(client)
    assert AuditLog.objects.get(action="request.refused").reason == "stale"


def test_of_two_who_claim_the_second_is_told_who_was_first() -> None:
    case = cases.queued()
    first, second = cases.reviewer(case), cases.reviewer(case)
    post(make.logged_in(first), case, "claim")
    client = make.logged_in(second)
    post(client, case, "claim")
    message = said(client)
    assert first.full_name in message
    case.refresh_from_db()
    assert case.claimed_by == first


def test_who_decides_after_a_colleague_is_told_who_decided_and_when() -> None:
    case = cases.queued()
    slow, quick = cases.reviewer(case), cases.reviewer(case)
    client = holding(slow, case)
    changes.release(request=case, by=slow)
    changes.claim(request=case, by=quick)
    changes.approve(request=case, by=quick, compared=True)
    post(client, case, "reject")
    message = said(client)
    case.refresh_from_db()
    assert case.reviewed_at
    assert message == str(people.AlreadyDecided(quick, case.reviewed_at))
    case.refresh_from_db()
    assert case.status == Status.ON_HOLD


@pytest.mark.parametrize("step", ["claim", "approve", "reject", "ask"])
def test_who_entered_a_case_does_not_decide_it(step: str) -> None:
    user = make.staff()
    case = cases.queued(by=user)
    client = make.logged_in(user)
    post(client, case, step)
    case.refresh_from_db()
    assert case.status == Status.QUEUED
    assert str(people.EnteredByYou.sentence) in said(client)


def test_a_refused_step_is_recorded_with_its_reason() -> None:
    user = make.staff()
    case = cases.queued(by=user)
    post(make.logged_in(user), case, "claim")
    entry = AuditLog.objects.get(action="request.refused")
    assert (entry.reason, entry.object_id, entry.actor) == ("involved", str(case.pk), user.username)
    assert '"step":"claim"' in entry.entry


def test_approving_without_a_photo_says_what_is_missing() -> None:
    case = cases.queued()
    client = holding(cases.reviewer(case), case)
    case.documents.filter(kind="card").delete()
    post(client, case, "approve")
    assert str(EvidenceMissing.sentence) in said(client)


def _let_seconds_pass(user: User) -> None:
    """A second click within seconds is taken for the first one's shadow."""
    PhoneChangeRequest.objects.filter(claimed_by=user).update(claimed_at=timezone.now() - timedelta(minutes=1))


def test_taking_the_next_opens_the_case_that_waited_longest() -> None:
    user = make.staff()
    new = cases.queued(peserta=make.peserta(branch=user.branch))
    old = cases.queued(peserta=make.peserta(branch=user.branch), at=timezone.now() - timedelta(hours=5))
    client = make.logged_in(user)
    take = reverse("admin:verification_take_next")
    for answer in (reverse(CASE, args=[old.reference]), reverse(CASE, args=[new.reference]), reverse(QUEUE)):
        assert client.post(take)["Location"] == answer
        _let_seconds_pass(user)
    assert "Tidak ada kasus yang menunggu" in said(client)


@pytest.mark.parametrize(("step", "before", "role", "holds", "after", "then", "words"), PATHS)
def test_the_second_of_two_clicks_changes_nothing_and_says_the_same(
    step: str, before: Status, role: Role, holds: bool, after: Status, then: str, words: str
) -> None:
    case = cases.in_state(Status.QUEUED if before is Status.IN_REVIEW and holds else before)
    user = cases.reviewer(case, role)
    client = holding(user, case) if holds else make.logged_in(user)
    case.refresh_from_db()
    version = case.version
    post(client, case, step, version=version)
    once = said(client)
    case.refresh_from_db()
    moved_to = case.version
    post(client, case, step, version=version)
    assert said(client) == once
    case.refresh_from_db()
    assert (case.status, case.version) == (after, moved_to)
    assert not AuditLog.objects.filter(action="request.refused").exists()


def test_somebody_elses_step_is_not_taken_for_ones_own_second_click() -> None:
    case = cases.queued()
    first, second = cases.reviewer(case), cases.reviewer(case)
    version = case.version
    post(make.logged_in(first), case, "claim", version=version)
    client = make.logged_in(second)
    post(client, case, "claim", version=version)
    assert first.full_name in said(client)


def test_a_form_from_elsewhere_is_not_taken() -> None:
    case = cases.queued()
    client = make.logged_in(cases.reviewer(case), Client(enforce_csrf_checks=True))
    assert post(client, case, "claim").status_code == 403


def test_the_page_of_a_refused_step_shows_what_happened_meanwhile_and_keeps_what_was_typed() -> None:
    case = cases.queued()
    user = cases.reviewer(case)
    client = holding(user, case)
    case.refresh_from_db()
    seen = case.version
    changes.release_stale(at=timezone.now() + timedelta(hours=1))
    answer = post(client, case, "escalate", version=seen, note="Foto tampak disunting.")
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert str(people.NotClaimed.sentence) in shown
    assert "Sejak Anda membuka halaman ini" in shown
    assert "Foto tampak disunting." in shown
    assert [step.entry.action for step in answer.context["news"]] == ["request.released"]


def test_a_form_that_is_not_complete_comes_back_with_what_was_typed() -> None:
    case = cases.queued()
    client = holding(cases.reviewer(case), case)
    answer = post(client, case, "snooze", until="", note="Menunggu telepon balik.")
    assert "Menunggu telepon balik." in answer.content.decode()
    assert case.notes.count() == 0


def test_after_a_decision_the_next_case_opens_by_itself() -> None:
    first = cases.queued(at=timezone.now() - timedelta(hours=2))
    second = cases.queued(peserta=make.peserta(branch=first.branch))
    user = cases.reviewer(first)
    answer = post(holding(user, first), first, "approve")
    assert answer["Location"] == reverse(CASE, args=[second.reference])
    second.refresh_from_db()
    assert second.claimed_by == user


def test_a_case_that_was_sent_back_or_put_off_is_not_the_next_one() -> None:
    case = cases.in_state(Status.SECOND_REVIEW)
    user = cases.reviewer(case, Role.SUPERVISOR)
    assert post(holding(user, case), case, "send_back")["Location"] == reverse(QUEUE)


def test_the_first_opinion_is_hidden_until_the_second_is_given() -> None:
    case = cases.queued(peserta=make.peserta(phone_changed_at=timezone.now()))
    first, second = cases.reviewer(case), cases.reviewer(case, Role.SUPERVISOR)
    changes.claim(request=case, by=first)
    changes.write_note(request=case, by=first, note="Saya yakin benar.")
    changes.approve(request=case, by=first, compared=True)
    client = holding(second, case)
    address = reverse(CASE, args=[case.reference])
    shown = client.get(address).content.decode()
    assert "Pendapat pertama disembunyikan" in shown
    assert "Saya yakin benar." not in shown
    assert "Menyetujui permohonan" not in shown
    post(client, case, "endorse")
    assert f"{first.full_name} sebelumnya juga menyetujuinya" in said(client)
    assert first.full_name in client.get(address).content.decode()


def test_notes_stand_there_in_full_for_who_holds_the_case_only() -> None:
    case = cases.queued()
    user, colleague = cases.reviewer(case), cases.reviewer(case)
    client = holding(user, case)
    post(client, case, "note", note="Ibu Siti menelepon dari nomor lain.")
    address = reverse(CASE, args=[case.reference])
    assert "Ibu Siti menelepon" in client.get(address).content.decode()
    assert "Ibu Siti menelepon" not in make.logged_in(colleague).get(address).content.decode()
    entry = AuditLog.objects.get(action="request.noted")
    assert "Siti" not in entry.entry
    assert entry.object_version is None
