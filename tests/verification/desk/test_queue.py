"""The queue: what stands under which tab, in which order, how old, and who sees it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from tests import cases, make
from verification import changes
from verification.desk.ages import age_of
from verification.desk.queue import Tab
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db

QUEUE = "admin:verification_queue"


def shown(user: User, **query: str) -> Any:
    return make.logged_in(user).get(reverse(QUEUE), query)


def listed(user: User, **query: str) -> list[PhoneChangeRequest]:
    return [row.case for row in shown(user, **query).context["rows"]]


def waiting_at(user: User, at: datetime, **given: Any) -> PhoneChangeRequest:
    return cases.queued(peserta=make.peserta(branch=user.branch, **given), at=at)


ALSO_URGENT = {Tab.FROZEN: {Tab.URGENT}}
TABS = {
    Tab.WAITING: Status.QUEUED,
    Tab.REVIEW: Status.IN_REVIEW,
    Tab.SECOND: Status.SECOND_REVIEW,
    Tab.FROZEN: Status.FROZEN,
    Tab.CORRECTION: Status.NEEDS_INFO,
    Tab.HOLD: Status.ON_HOLD,
    Tab.CODE: Status.AWAITING_CODE,
    Tab.CLOSED: Status.REJECTED,
}


@pytest.mark.parametrize("tab", TABS)
def test_a_case_stands_under_the_tab_of_its_state_and_under_no_other(tab: Tab) -> None:
    case = cases.in_state(TABS[tab])
    user = cases.reviewer(case)
    expected = {tab} | ALSO_URGENT.get(tab, set())
    assert {other for other in Tab if listed(user, state=other) == [case]} == expected
    counts = dict(shown(user).context["tabs"])
    assert {other for other in Tab if counts[other]} == expected


def test_a_case_that_i_hold_stands_under_mine_and_on_top_of_every_other_tab() -> None:
    case = cases.queued()
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    assert listed(user, state=Tab.MINE) == [case]
    html = shown(user).content.decode()
    assert f"Lanjutkan {case}" in html
    assert "Lanjutkan" not in shown(cases.reviewer(case)).content.decode()


@pytest.mark.parametrize("state", ["", "nonsense", "\0", "WAITING", "9" * 9999])
def test_a_state_that_is_none_shows_what_waits(state: str) -> None:
    case = cases.queued()
    assert listed(cases.reviewer(case), state=state) == [case]


def test_what_waits_longest_stands_first_and_what_closed_last_stands_first() -> None:
    user, now = make.staff(), timezone.now()
    new, old, middle = (waiting_at(user, now - timedelta(hours=hours)) for hours in (1, 9, 5))
    assert listed(user) == [old, middle, new]
    for case in (middle, new, old):
        changes.cancel(request=case)
    assert listed(user, state=Tab.CLOSED) == [old, new, middle]


def test_disputes_are_urgent_then_second_approvals_then_what_is_due_within_a_day() -> None:
    user, now = make.staff(Role.SUPERVISOR), timezone.now()
    assert user.branch

    def since(hours: float, status: Status = Status.QUEUED) -> PhoneChangeRequest:
        told = {"phone_changed_at": now} if status is Status.SECOND_REVIEW else {}
        peserta = make.peserta(branch=user.branch, **told)
        return cases.in_state(status, peserta=peserta, at=now - timedelta(hours=hours))

    since(47.9)
    since(1, Status.SECOND_REVIEW)
    since(100, Status.ON_HOLD)
    near, over = since(48.1), since(80)
    second, asleep, disputed = since(49, Status.SECOND_REVIEW), since(60), since(1, Status.FROZEN)
    PhoneChangeRequest.objects.filter(pk=asleep.pk).update(snoozed_until=now + timedelta(hours=1))
    assert listed(user, state=Tab.URGENT) == [disputed, second, over, asleep, near]
    assert dict(shown(user).context["tabs"])[Tab.URGENT] == 5


def test_each_row_says_who_holds_the_case() -> None:
    case = cases.queued()
    holder = cases.reviewer(case)
    changes.claim(request=case, by=holder)
    assert f"<td>{holder.full_name}</td>" in shown(cases.reviewer(case), state=Tab.REVIEW).content.decode()


def test_what_closed_a_week_ago_is_gone_from_the_list() -> None:
    now = timezone.now()
    case = cases.in_state(Status.CANCELLED, at=now - timedelta(days=6, hours=23))
    gone = cases.in_state(
        Status.CANCELLED, at=now - timedelta(days=7, hours=1), peserta=make.peserta(branch=case.branch)
    )
    user = cases.reviewer(case)
    assert listed(user, state=Tab.CLOSED) == [case]
    assert gone.closed_at


def test_operators_see_their_branch_and_supervisors_their_region() -> None:
    home = make.branch()
    here = cases.queued(peserta=make.peserta(branch=home))
    neighbour = make.branch(region=home.region)
    next_door = cases.queued(peserta=make.peserta(branch=neighbour))
    cases.queued()
    assert listed(make.staff(branch=home)) == [here]
    answer = shown(make.staff(Role.SUPERVISOR, branch=home))
    assert [row.case for row in answer.context["rows"]] == [here, next_door]
    assert neighbour.name in answer.content.decode()


def test_no_name_and_no_number_of_a_person_stands_in_the_list() -> None:
    peserta = make.peserta(name="SITI RAHAYU", phone="+6281234567890")
    case = cases.queued(peserta=peserta, new_phone="+6281299998888")
    html = shown(cases.reviewer(case)).content.decode()
    assert str(case) in html
    for value in (peserta.nik, peserta.card_number, "SITI", "RAHAYU", "7890", "8888"):
        assert value not in html


@pytest.mark.parametrize(
    ("hours", "words"),
    [(1, "2\xa0hari tersisa"), (47, "1\xa0hari tersisa"), (49, "Tenggat"), (71, "Tenggat"), (73, "Terlambat")],
)
def test_the_service_time_of_three_days_is_watched(hours: int, words: str) -> None:
    user = make.staff()
    waiting_at(user, timezone.now() - timedelta(hours=hours))
    html = shown(user).content.decode()
    assert [word for word in ("Tenggat", "Terlambat", "tersisa") if word in html] == [words.split()[-1]]
    assert words in html


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.UNMATCHED])
def test_the_time_runs_only_while_the_office_has_to_act(status: Status) -> None:
    case = cases.in_state(status, at=timezone.now() - timedelta(days=5))
    ours = {Status.QUEUED, Status.IN_REVIEW, Status.SECOND_REVIEW, Status.FROZEN}
    assert age_of(case, at=timezone.now()).is_overdue == (status in ours)


def test_the_oldest_case_is_named_in_words() -> None:
    user = make.staff()
    waiting_at(user, timezone.now() - timedelta(hours=1))
    waiting_at(user, timezone.now() - timedelta(hours=5, minutes=30))
    html = shown(user).content.decode().replace("\xa0", " ")
    assert "2 kasus menunggu" in html
    assert "5 jam, 30 menit yang lalu" in html


def test_an_empty_queue_says_so_kindly() -> None:
    html = shown(make.staff()).content.decode()
    assert "Semua sudah diambil" in html
    assert "Saat ini tidak ada kasus di bawah “Menunggu”" in html


def test_only_operators_are_shown_the_way_to_the_counter() -> None:
    counter = reverse("admin:verification_counter")
    assert counter in shown(make.staff()).content.decode()
    assert counter not in shown(make.staff(Role.SUPERVISOR)).content.decode()


def test_many_cases_come_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verification.desk.views.queue.PAGE_SIZE", 2)
    user, now = make.staff(), timezone.now()
    found = [waiting_at(user, now - timedelta(hours=hours)) for hours in (5, 4, 3, 2, 1)]
    assert listed(user) == found[:2]
    assert listed(user, page="2") == found[2:4]
    assert listed(user, page="3") == found[4:]
    assert "Halaman 2 dari 3" in shown(user, page="2").content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "x", "\0", "1.5", "9" * 30, "9" * 9999, "٢"])
def test_an_odd_page_is_no_error(page: str) -> None:
    case = cases.queued()
    assert listed(cases.reviewer(case), page=page) == [case]


def test_the_number_of_queries_does_not_grow_with_the_cases() -> None:
    user = make.staff()
    client = make.logged_in(user)
    asked = []
    for more in (1, 4):
        for _ in range(more):
            waiting_at(user, timezone.now())
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(QUEUE))
        asked.append(len(queries))
    assert asked[0] == asked[1] < 15


def test_the_list_of_django_leads_here() -> None:
    client = make.logged_in(make.staff())
    assert client.get(reverse("admin:verification_phonechangerequest_changelist"))["Location"] == reverse(QUEUE)


def test_a_case_that_is_put_off_stands_apart_until_its_time_comes() -> None:
    case = cases.queued()
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    changes.snooze(request=case, by=user, until=timezone.now() + timedelta(hours=1))
    assert (listed(user, state=Tab.SNOOZED), listed(user)) == ([case], [])
    PhoneChangeRequest.objects.update(snoozed_until=timezone.now() - timedelta(minutes=1))
    assert (listed(user, state=Tab.SNOOZED), listed(user)) == ([], [case])


def test_the_channel_narrows_the_list_and_an_empty_one_says_so() -> None:
    user = make.staff()
    case = waiting_at(user, timezone.now())
    assert listed(user, channel="lost_access") == [case]
    page = shown(user, channel="counter").content.decode()
    assert "tidak ada kasus dari kanal" in page
    assert listed(user, channel="no such channel") == [case]
