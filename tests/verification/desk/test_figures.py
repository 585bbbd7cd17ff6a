"""The supervisors' page: figures against cases counted by hand, within reach only, and what is conspicuous."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import Branch, User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import cases, make
from verification import changes
from verification.desk.figures.which import BANDS, Figure
from verification.models import PhoneChangeRequest
from verification.models.choices import RejectReason
from verification.states import Status

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def page(user: User, **query: Any) -> Any:
    return make.logged_in(user).get(reverse("admin:verification_figures"), query)


def behind(user: User, **query: Any) -> set[PhoneChangeRequest]:
    answer = make.logged_in(user).get(reverse("admin:verification_figures_cases"), query)
    return {row.case for row in answer.context["rows"]}


def supervisor(branch: Branch | None = None) -> User:
    return make.staff(Role.SUPERVISOR, branch=branch or make.branch())


def waiting(branch: Branch, hours: int) -> PhoneChangeRequest:
    return cases.queued(peserta=make.peserta(branch=branch), at=timezone.now() - hours * HOUR)


def decided(branch: Branch, *, by: User, hours: float, approve: bool = True, entered: User | None = None) -> Any:
    """A case decided `hours` after it came in, ten minutes ago, a minute after its claim."""
    at = timezone.now() - timedelta(minutes=10)
    case = cases.queued(peserta=make.peserta(branch=branch), by=entered, at=at - hours * HOUR)
    changes.claim(request=case, by=by, at=at - timedelta(minutes=1))
    if approve:
        changes.approve(request=case, by=by, compared=True, at=at)
    else:
        changes.reject(request=case, by=by, reason=RejectReason.DATA_DIFFERS, at=at)
    case.refresh_from_db()
    return case


def test_what_waits_stands_in_its_band_and_behind_its_link() -> None:
    me = supervisor()
    assert me.branch
    by_band = {band: waiting(me.branch, hours) for band, hours in zip(BANDS, (1, 25, 49, 73), strict=True)}
    shown = page(me)
    assert [bar.value for bar in shown.context["bands"]] == [1, 1, 1, 1]
    for band, case in by_band.items():
        assert behind(me, figure=band, branch=me.branch.pk) == {case}
    assert behind(me, figure=Figure.WAITING) == {*by_band.values()}


def test_decisions_are_counted_as_by_hand() -> None:
    me = supervisor()
    assert me.branch
    one, other = make.staff(branch=me.branch), make.staff(branch=me.branch)
    entering = make.staff(branch=me.branch)
    approved = decided(me.branch, by=one, hours=2, entered=entering)
    assert approved.status == Status.APPLIED
    refused = [decided(me.branch, by=other, hours=hours, approve=False) for hours in (4, 6)]
    shown = page(me).context
    whole = shown["whole"]
    assert (whole.closed, whole.decided, whole.approved, whole.rejected, whole.rate) == (3, 3, 1, 2, 33)
    assert (whole.median, whole.p90) == (4 * HOUR, 5.6 * HOUR)
    assert [(bar.label, bar.value) for bar in shown["reasons"]] == [(str(RejectReason.DATA_DIFFERS.label), 2)]
    assert {group.key: (group.approved, group.rejected) for group in shown["operators"]} == {
        one.pk: (1, 0),
        other.pk: (0, 2),
    }
    assert [(group.key, group.decided) for group in shown["branches"]] == [(me.branch.pk, 3)]
    assert behind(me, figure=Figure.REJECTED, operator=other.pk, reason="data_differs") == {*refused}
    assert behind(me, figure=Figure.APPROVED) == {approved}
    assert behind(me, figure=Figure.DECIDED, operator=one.pk) == {approved}


def test_cases_of_another_region_are_never_counted_or_listed() -> None:
    abroad = make.branch()
    waiting(abroad, 1)
    decided(abroad, by=make.staff(branch=abroad), hours=2, approve=False)
    me = supervisor()
    shown = page(me).context
    assert shown["waiting"] == shown["whole"].closed == shown["done"]["month"] == 0
    assert not shown["reads"]
    for figure in Figure:
        assert behind(me, figure=figure, branch=abroad.pk) == set()


def test_without_any_case_the_page_says_so() -> None:
    html = page(supervisor()).content.decode()
    assert html.count("jkn-empty") == 2


def test_a_period_that_is_none_is_a_week() -> None:
    me = supervisor()
    assert [page(me, days=days).context["days"] for days in ("28", "90", "1", "x", "\0", "9" * 9999)] == [
        28,
        90,
        7,
        7,
        7,
        7,
    ]


@pytest.mark.parametrize(
    "query",
    ["", "figure=x", "figure=%00", "figure=closed&branch=x", "figure=closed&operator=" + "9" * 30, "figure=pair"],
)
def test_a_figure_that_is_none_is_not_found(query: str) -> None:
    path = reverse("admin:verification_figures_cases")
    assert make.logged_in(supervisor()).get(f"{path}?{query}").status_code == 404


def test_two_who_approve_each_others_entries_stand_out() -> None:
    me = supervisor()
    assert me.branch
    one, other = make.staff(branch=me.branch), make.staff(branch=me.branch)
    together = {decided(me.branch, by=other, entered=one, hours=2) for _ in range(3)}
    together |= {decided(me.branch, by=one, entered=other, hours=2)}
    assert page(me).context["pairs"] == []
    together |= {decided(me.branch, by=one, entered=other, hours=2)}
    (pair,) = page(me).context["pairs"]
    assert ({pair.one, pair.other}, pair.times, pair.share) == ({one.pk, other.pk}, 5, 100)
    assert behind(me, figure="pair", one=pair.one, other=pair.other) == together


@pytest.mark.parametrize(("seconds", "stands_out"), [(19, True), (20, False)])
def test_who_approves_faster_than_people_read_stands_out(seconds: int, stands_out: bool) -> None:
    me, at = supervisor(), timezone.now() - HOUR
    case = cases.queued(peserta=make.peserta(branch=me.branch), at=at - HOUR)
    by = cases.reviewer(case)
    changes.claim(request=case, by=by, at=at)
    changes.approve(request=case, by=by, compared=True, at=at + timedelta(seconds=seconds))
    assert page(me).context["hasty"] == stands_out
    assert behind(me, figure="hasty") == ({case} if stands_out else set())


def looks(user: User, actor: str) -> Any:
    path = reverse("admin:verification_figures_looks")
    return make.logged_in(user).get(path, {"actor": actor}).context["people"]


def test_who_looks_without_working_on_the_case_stands_out_and_the_link_lists_as_many_people() -> None:
    me = supervisor()
    assert me.branch
    case, other = waiting(me.branch, 1), waiting(me.branch, 1)
    nobody = make.peserta(branch=me.branch)
    curious, working = make.staff(branch=me.branch), make.staff(branch=me.branch)
    changes.claim(request=case, by=working)
    for user in (curious, working):
        make.logged_in(user).get(reverse("admin:verification_case", args=[case.reference]))
    for _ in range(2):
        make.logged_in(curious).get(reverse("admin:verification_case", args=[other.reference]))
    make.logged_in(curious).get(reverse("admin:participants_peserta_person", args=[nobody.uuid]))
    assert [(one.actor, one.people) for one in page(me).context["reads"]] == [(curious.username, 3)]
    assert [(one.case, one.times) for one in looks(me, curious.username)] == [(None, 1), (other, 2), (case, 1)]
    assert looks(me, working.username) == looks(me, "\0") == looks(supervisor(), curious.username) == []


def test_the_page_of_looks_leads_to_the_log_and_shows_no_data_of_anybody() -> None:
    me = supervisor()
    assert me.branch
    seen = make.peserta(branch=me.branch, name="SITI RAHAYU")
    curious = make.staff(branch=me.branch)
    make.logged_in(curious).get(reverse("admin:participants_peserta_person", args=[seen.uuid]))
    client = make.logged_in(me)
    answer = client.get(reverse("admin:verification_figures_looks"), {"actor": curious.username})
    (line,) = answer.context["people"]
    html = answer.content.decode()
    entry = reverse("admin:audit_auditlog_change", args=[line.entry])
    assert f'href="{entry}"' in html
    assert client.get(entry).status_code == 200
    for value in ("SITI", seen.nik, seen.card_number, str(seen.uuid)):
        assert value not in html


def test_the_looks_of_supervisors_are_their_work() -> None:
    me = supervisor()
    assert me.branch
    case = waiting(me.branch, 1)
    for user in (me, supervisor(me.branch)):
        make.logged_in(user).get(reverse("admin:verification_case", args=[case.reference]))
    assert page(me).context["reads"] == []
    assert looks(me, me.username) == []


def test_a_cancellation_for_the_participant_explains_the_look() -> None:
    me = supervisor()
    assert me.branch
    case = waiting(me.branch, 1)
    user = cases.reviewer(case)
    make.logged_in(user).get(reverse("admin:verification_case", args=[case.reference]))
    changes.cancel(request=case, by=user)
    assert page(me).context["reads"] == []


def test_who_holds_cases_now_and_how_old_the_oldest_is_stands_behind_a_link() -> None:
    me = supervisor()
    assert me.branch
    one, other = make.staff(branch=me.branch), make.staff(branch=me.branch)
    held = {one: [waiting(me.branch, hours) for hours in (1, 80)], other: [waiting(me.branch, 2)]}
    for user, found in held.items():
        for case in found:
            changes.claim(request=case, by=user)
    waiting(me.branch, 100)
    shown = page(me)
    assert {(line.key, line.cases, line.is_overdue) for line in shown.context["hands"]} == {
        (one.pk, 2, True),
        (other.pk, 1, False),
    }
    assert [line.oldest_at for line in shown.context["hands"] if line.key == one.pk] == [held[one][1].submitted_at]
    assert "3 hari, 8 jam yang lalu" in shown.content.decode().replace("\xa0", " ")
    assert behind(me, figure=Figure.HELD, holder=one.pk) == {*held[one]}
    assert page(supervisor()).context["hands"] == []


def test_the_look_is_recorded() -> None:
    me = supervisor()
    page(me, days=28)
    behind(me, figure="closed")
    entries = AuditLog.objects.filter(action="desk.figures_viewed", actor=me.username).order_by("pk")
    assert ['"days":28' in entry.entry for entry in entries] == [True, False]
    assert '"figure":"closed"' in entries[1].entry


def test_the_number_of_queries_does_not_grow_with_the_cases() -> None:
    me = supervisor()
    assert me.branch
    client = make.logged_in(me)
    counts = []
    for _ in range(2):
        for hours in (1, 30):
            waiting(me.branch, hours)
            decided(me.branch, by=make.staff(branch=me.branch), hours=2, approve=False)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("admin:verification_figures"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 40
