"""How often is too often: in any stretch of time, by any number of connections."""

import random
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from jknoffice.accounts import limits
from jknoffice.accounts.login import factors
from jknoffice.accounts.models import Counter
from tests.verification.test_races import at_once

pytestmark = pytest.mark.django_db

LIMIT = limits.Limit(name="test", most=3, window=timedelta(minutes=15))
QUARTER = datetime(2026, 11, 2, 10, 15, tzinfo=UTC)
"""Where the fixed windows of old turned."""
INSTANT = timedelta(microseconds=1)


def test_a_limit_counts_for_each_subject() -> None:
    assert [limits.count(LIMIT, "a", at=QUARTER) for _ in range(4)] == [True, True, True, False]
    assert limits.count(LIMIT, "b", at=QUARTER)


@pytest.mark.parametrize("before", [INSTANT, timedelta(seconds=1), timedelta(minutes=14, seconds=59)])
def test_no_more_get_through_around_the_turn_of_a_quarter(before: timedelta) -> None:
    around = [QUARTER - before] * 5 + [QUARTER] * 5 + [QUARTER - before + LIMIT.window - INSTANT] * 5
    assert sum(limits.count(LIMIT, "a", at=at) for at in around) == 3


@pytest.mark.parametrize("window", [timedelta(minutes=1), timedelta(minutes=15), timedelta(days=1)])
def test_any_stretch_of_time_holds_no_more_whatever_the_history(window: timedelta) -> None:
    limit = limits.Limit(name="history", most=4, window=window)
    dice = random.Random(4)
    counted, at = [], QUARTER
    for _ in range(300):
        at += window * dice.choice([0, 0, 1 / 600, 1 / 60, 1 / 10, 1 / 4, 1])
        if limits.count(limit, "a", at=at):
            counted.append(at)
    crowded = [i for i in range(len(counted) - limit.most) if counted[i + limit.most] - counted[i] < window]
    assert (crowded, len(counted) > 40) == ([], True)


def test_what_is_counted_is_forgotten_a_window_and_a_part_later() -> None:
    at = QUARTER + timedelta(seconds=7)
    for _ in range(3):
        limits.count(LIMIT, "a", at=at)
    assert limits.count(LIMIT, "a", at=at + LIMIT.window + LIMIT.slice)


def test_who_goes_on_trying_does_not_keep_the_door_shut() -> None:
    for _ in range(3):
        limits.count(LIMIT, "a", at=QUARTER)
    for minute in range(1, 15):
        assert not limits.count(LIMIT, "a", at=QUARTER + timedelta(minutes=minute))
    assert limits.count(LIMIT, "a", at=QUARTER + LIMIT.window + LIMIT.slice)


def test_what_is_given_back_may_be_used_again() -> None:
    for _ in range(3):
        limits.count(LIMIT, "a", at=QUARTER)
    limits.give_back(LIMIT, "a", at=QUARTER)
    assert [limits.count(LIMIT, "a", at=QUARTER) for _ in range(2)] == [True, False]


def test_nothing_is_given_back_that_was_not_counted() -> None:
    limits.give_back(LIMIT, "a", at=QUARTER)
    limits.count(LIMIT, "a", at=QUARTER)
    for _ in range(3):
        limits.give_back(LIMIT, "a", at=QUARTER)
    assert [limits.count(LIMIT, "a", at=QUARTER) for _ in range(4)] == [True, True, True, False]


def test_after_the_wait_one_more_fits() -> None:
    assert limits.wait(LIMIT, "a", at=QUARTER) == timedelta()
    moments = [QUARTER + timedelta(minutes=minute, seconds=3) for minute in range(3)]
    for at in moments:
        assert limits.count(LIMIT, "a", at=at)
    wait = limits.wait(LIMIT, "a", at=moments[-1])
    assert LIMIT.window - timedelta(minutes=2) <= wait <= LIMIT.window - timedelta(minutes=2) + LIMIT.slice
    assert not limits.count(LIMIT, "a", at=moments[-1] + wait - timedelta(milliseconds=1))
    assert [limits.count(LIMIT, "a", at=moments[-1] + wait) for _ in range(2)] == [True, False]


def test_a_refusal_is_recorded_once_in_a_window() -> None:
    told: list[int] = []
    for at in (QUARTER, QUARTER + timedelta(minutes=5), QUARTER + timedelta(minutes=14)):
        for _ in range(5):
            limits.within(LIMIT, "a", record=lambda: told.append(1), at=at)
    assert len(told) == 1


def test_a_counter_does_not_tell_whom_it_counts() -> None:
    limits.count(LIMIT, "0812-3456-7890")
    assert b"0812" not in bytes(Counter.objects.get().key)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("apart", [timedelta(), INSTANT, timedelta(minutes=14, seconds=59)])
def test_no_race_slips_past_a_limit_around_the_turn_of_a_quarter(apart: timedelta) -> None:
    limit = factors.WRONG_CODES
    moments = [QUARTER - INSTANT, QUARTER - INSTANT + apart] * 8
    for number in range(5):
        answers = at_once(*[partial(limits.count, limit, f"person {number}", at=at) for at in moments])
        assert sum(answers) == limit.most == 5
