"""A clock that jumps: what is counted by moments goes by the database's clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from jknoffice import clock
from jknoffice.accounts import limits
from jknoffice.accounts.limits import Limit
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from jknoffice.audit.moments import moment_of
from tests import cases, make
from tests.verification.portal.account import walk
from tests.verification.portal.walk import browser, where
from verification import changes, dead_letters, outbox
from verification.codes import Outcome
from verification.models import OutboxMessage
from verification.models.outbox import MessageStatus
from verification.states import Status

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
Jump = Callable[[timedelta], None]


@pytest.fixture
def jump(monkeypatch: pytest.MonkeyPatch) -> Jump:
    """Let this process's clock jump."""

    def jumped(by: timedelta) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.now(UTC) + by)

    return jumped


def off_by(moment: datetime) -> timedelta:
    return abs(moment - datetime.now(UTC))


def test_where_both_agree_ours_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert off_by(clock.now()) < clock.LEEWAY
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.now(UTC) + timedelta(seconds=1))
    assert off_by(clock.now()) > timedelta(seconds=0.5)


@pytest.mark.parametrize("by", [HOUR, -HOUR, timedelta(seconds=-5)])
def test_a_clock_that_jumps_is_not_believed(jump: Jump, by: timedelta) -> None:
    jump(by)
    assert off_by(timezone.now()) > timedelta(seconds=4)
    assert off_by(clock.now()) < clock.LEEWAY


def test_a_process_that_begins_with_a_wrong_clock_asks_first(jump: Jump, monkeypatch: pytest.MonkeyPatch) -> None:
    jump(HOUR)
    monkeypatch.setattr(clock, "_seen", None)
    assert off_by(clock.now()) < clock.LEEWAY


def test_what_was_seen_long_ago_is_asked_again(jump: Jump, monkeypatch: pytest.MonkeyPatch) -> None:
    jump(HOUR)
    monkeypatch.setattr(clock, "_seen", clock._Seen(datetime.now(UTC) - HOUR, clock._ticks() - 400))
    assert off_by(clock.now()) < clock.LEEWAY


def test_a_machine_that_slept_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.now()
    before, ticks = clock._seen, time.clock_gettime
    monkeypatch.setattr(clock, "_seen", before)  # what is seen from here on is forgotten afterwards
    asleep = HOUR.total_seconds()
    monkeypatch.setattr(time, "clock_gettime", lambda which: ticks(which) + (asleep if which == clock.TICKS else 0))
    clock.now()
    assert clock._seen is not before


def test_no_hold_ends_early_and_none_is_given_short(jump: Jump) -> None:
    held = cases.in_state(Status.ON_HOLD)
    # When the worker's clock is far ahead
    jump(timedelta(hours=48))
    assert (changes.apply_due(), changes.expire_due(), changes.release_stale()) == (0, 0, 0)
    held.refresh_from_db()
    assert held.status == Status.ON_HOLD
    # And when an operator approves at a web process whose clock is behind
    jump(timedelta(hours=-5))
    request = cases.queued()
    held_by = cases.reviewer(request)
    changes.claim(request=request, by=held_by)
    changes.approve(request=request, by=held_by, compared=True)
    request.refresh_from_db()
    assert request.status == Status.ON_HOLD
    assert request.hold_until is not None
    assert off_by(request.hold_until - timedelta(hours=24)) < timedelta(seconds=30)


def test_a_code_lives_as_long_as_it_is_said_to(jump: Jump) -> None:
    request = cases.submitted()
    jump(HOUR)
    assert cases.confirmed(request).outcome == Outcome.CONFIRMED


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_a_code_to_an_account_goes_out_wherever_it_was_ordered(jump: Jump, by: timedelta) -> None:
    client = browser()
    jump(by)
    walk.give_proof(client, make.peserta())
    (message,) = OutboxMessage.objects.filter(template="code")
    outbox.deliver(message_id=message.pk)
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT


def test_a_code_to_an_account_lives_as_long_as_it_is_said_to(jump: Jump) -> None:
    client = browser()
    walk.give_proof(client, make.peserta())
    jump(HOUR)
    assert where(walk.give_code(client)) == "choose"


def test_a_clock_that_jumps_forgets_no_attempt(jump: Jump) -> None:
    limit = Limit(name="made up", most=1, window=timedelta(minutes=15))
    assert limits.count(limit, "somebody")
    for by in (HOUR, -HOUR):
        jump(by)
        assert not limits.count(limit, "somebody")


def test_a_message_that_is_sent_again_by_hand_goes_out_at_once(jump: Jump) -> None:
    request = cases.in_state(Status.ON_HOLD)
    message = request.messages.exclude(template="code").latest("pk")
    request.messages.filter(pk=message.pk).update(status=MessageStatus.FAILED)
    jump(HOUR)
    assert dead_letters.send_again(messages=[message.pk], by=make.staff(Role.SUPERVISOR, branch=request.branch)) == 1
    outbox.deliver(message_id=message.pk)
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT


def test_the_log_tells_the_moment_of_the_database(jump: Jump) -> None:
    jump(-HOUR)
    cases.submitted()
    assert off_by(moment_of(AuditLog.objects.latest("pk").at_us)) < timedelta(seconds=30)


def test_nobody_is_logged_out_and_no_session_lives_longer(jump: Jump) -> None:
    client = make.logged_in(make.staff())
    address = "/admin/"
    assert client.get(address).status_code == 200
    jump(HOUR)
    assert client.get(address).status_code == 200
