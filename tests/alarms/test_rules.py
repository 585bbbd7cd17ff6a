"""Each rule with a history written by hand: it fires at its border, and not a moment or an entry before."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from jknoffice.accounts.models import User
from jknoffice.accounts.models.branch import Zone
from jknoffice.accounts.roles import Role
from jknoffice.alarms import watching
from jknoffice.alarms.crossing import Crossing, Event, crossings
from jknoffice.alarms.models import Alarm, AlarmMark, Rule
from jknoffice.alarms.rules import table
from jknoffice.alarms.watching import watch
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from jknoffice.audit.models import AuditLog
from jknoffice.hands import Hand
from tests import make
from tests.alarms.histories import HISTORIES, SATURDAY, approved, paired, raised, read, refused, revealed, write
from tests.hands import acting_as
from tests.verification.test_races import at_once

pytestmark = pytest.mark.django_db

MOMENT = timedelta(microseconds=1)
NOW = SATURDAY


def look(at: datetime = NOW) -> None:
    """Evaluate all rules as if none had ever looked before."""
    AlarmMark.objects.all().delete()
    with acting_as(Hand.WORKER):
        watch(at=at)


def times(write_one: Callable[[User, datetime], None], by: User, n: int, *, over: timedelta = timedelta(0)) -> None:
    """Write n things: one `over` ago, all others now."""
    for number in range(n):
        write_one(by, NOW - over if number == 0 else NOW)


@pytest.mark.parametrize("rule", [rule for rule in HISTORIES if table()[rule].least > 1])
def test_a_rule_fires_at_its_number_within_its_time_and_not_before(rule: Rule) -> None:
    terms, write_one = table()[rule], HISTORIES[rule]
    too_few, too_slow, guilty = make.staff(), make.staff(), make.staff()
    times(write_one, too_few, terms.least - 1)
    times(write_one, too_slow, terms.least, over=terms.window)
    look()
    assert raised(rule) == []
    times(write_one, guilty, terms.least, over=terms.window - MOMENT)
    look()
    (alarm,) = raised(rule)
    assert (alarm.about, alarm.actors, alarm.branch) == (guilty.person_id, guilty.username, guilty.branch)
    assert (alarm.n, alarm.first_at, alarm.reached_at) == (terms.least, NOW - terms.window + MOMENT, NOW)
    look()
    assert raised(rule) == [alarm]


def test_the_history_of_who_was_told_of_is_not_read_again_until_it_can_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a night worker who was told of, and works on
    by, terms, read_about = make.staff(), table()[Rule.NIGHT], list[str]()

    def spied(events: Iterable[Event], **terms: Any) -> Iterator[Crossing]:
        kept = [*events]
        read_about.extend(event.about for event in kept)
        return crossings(kept, **terms)

    monkeypatch.setattr(watching, "crossings", spied)
    times(HISTORIES[Rule.NIGHT], by, terms.least)
    look()
    assert read_about == [by.person_id] * terms.least
    HISTORIES[Rule.NIGHT](by, NOW + terms.window - MOMENT)

    # When rules are judged within the time of the alarm, then nothing of theirs is read
    read_about.clear()
    watch(at=NOW + terms.window - MOMENT)
    assert read_about == []

    # When that is over, then they are judged, and told of, again
    for _time in range(terms.least):
        HISTORIES[Rule.NIGHT](by, NOW + terms.window)
    watch(at=NOW + terms.window)
    assert [alarm.reached_at for alarm in raised(Rule.NIGHT)] == [NOW, NOW + terms.window]


@pytest.mark.parametrize("rule", [Rule.GLASS, Rule.COPIED, Rule.HALT])
def test_what_must_never_happen_raises_an_alarm_each_time(rule: Rule) -> None:
    by = make.staff()
    look()
    assert raised(rule) == []
    for _ in range(2):
        HISTORIES[rule](by, NOW)
    look()
    look()
    assert [alarm.n for alarm in raised(rule)] == [1, 1]
    assert [alarm.branch for alarm in raised(rule)] == [None if rule is Rule.HALT else by.branch] * 2


def test_every_rule_has_a_history() -> None:
    assert {*HISTORIES, Rule.PAIR} == set(table()) == set(Rule)


def test_two_accounts_of_one_person_count_together() -> None:
    one, other = (make.staff(nik="3173010101010002") for _ in range(2))
    least = table()[Rule.REFUSALS].least
    times(refused, one, least - 1)
    refused(other, NOW)
    look()
    assert [alarm.about for alarm in raised(Rule.REFUSALS)] == [one.person_id]


@pytest.mark.parametrize("others", [10, 11])
def test_a_pair_fires_from_its_number_and_its_share_on(others: int) -> None:
    terms, maker, checker, quiet = table()[Rule.PAIR], make.staff(), make.staff(), make.staff()
    times(approved, checker, others)  # requests of participants, which no colleague entered
    times(paired(maker), quiet, terms.least - 1)
    times(paired(maker), checker, terms.least, over=terms.window - timedelta(minutes=5))
    look()
    assert [alarm.about for alarm in raised(Rule.PAIR)] == [f"{maker.person_id}/{checker.person_id}"] * (others == 10)
    assert {alarm.actors for alarm in raised(Rule.PAIR)} <= {f"{maker.username}, {checker.username}"}


def test_a_pair_that_took_longer_than_the_time_does_not_fire() -> None:
    terms, maker, checker = table()[Rule.PAIR], make.staff(), make.staff()
    times(paired(maker), checker, terms.least, over=terms.window)
    look()
    assert raised(Rule.PAIR) == []


# What one's own entry about a person is called, how long before the look, and whether it excuses the look.
AROUND = [
    ("request.viewed", timedelta(0), True),
    ("request.submitted", timedelta(days=7) - MOMENT, True),
    ("request.claimed", timedelta(days=7), False),
    ("request.refused", timedelta(0), False),
    ("peserta.searched", timedelta(0), False),
]


def test_a_look_is_excused_by_ones_own_case_of_the_last_week_only() -> None:
    least, guilty = table()[Rule.READS].least, set()
    for action, ago, excuses in AROUND:
        by, subject = make.staff(), uuid4()
        times(read, by, least - 1)
        write(action, by=by, at=NOW - ago, subject=subject)
        write("request.viewed", by=make.staff(), at=NOW, subject=subject)
        read(by, NOW, subject=subject)
        guilty |= set() if excuses else {by.person_id}
    look()
    assert {alarm.about for alarm in raised(Rule.READS)} == guilty


def test_one_person_who_is_looked_at_again_and_again_is_one() -> None:
    by, subject = make.staff(), uuid4()
    for _ in range(table()[Rule.READS].least):
        read(by, NOW, subject=subject)
    look()
    assert raised(Rule.READS) == []


CLOCK = {
    "2026-11-18T05:59:59.999999": True,
    "2026-11-18T06:00:00": False,
    "2026-11-18T19:59:59.999999": False,
    "2026-11-18T20:00:00": True,
    "2026-11-20T23:59:59": True,
    "2026-11-21T12:00:00": True,
    "2026-11-22T12:00:00": True,
    "2026-11-23T12:00:00": False,
}
"""A Wednesday, and from a Friday to the Monday: whether it is outside of office hours."""


@pytest.mark.parametrize("zone", [*Zone, None])
def test_the_night_begins_and_ends_by_the_clock_of_the_branch(zone: Zone | None) -> None:
    offset = {Zone.WITA: "+08:00", Zone.WIT: "+09:00"}.get(zone, "+07:00") if zone else "+07:00"
    for moment, is_closed in CLOCK.items():
        branch = {"branch": make.branch(time_zone=zone)} if zone else {}
        by = make.staff(Role.SUPERVISOR if zone else Role.AUDITOR, **branch)
        at = datetime.fromisoformat(f"{moment}{offset}")
        for _ in range(table()[Rule.NIGHT].least):
            write("request.viewed", by=by, at=at, subject=uuid4())
        write("audit.read", by=by, at=at)
        look(at)
        assert Alarm.objects.filter(rule=Rule.NIGHT, about=by.person_id).exists() == is_closed, moment


def test_a_rule_goes_on_where_it_left_off_and_finds_what_was_committed_late() -> None:
    by, late, least = make.staff(), make.staff(), table()[Rule.REFUSALS].least
    times(refused, by, least - 1)
    times(refused, late, least - 1)
    with acting_as(Hand.WORKER):
        assert watch(at=NOW) == 0
    refused(by, NOW + timedelta(minutes=59))
    refused(late, NOW - timedelta(minutes=14))
    with acting_as(Hand.WORKER):
        assert watch(at=NOW + timedelta(hours=1)) == 2
        assert watch(at=NOW + timedelta(hours=1)) == 0
        assert watch(at=NOW + timedelta(hours=2)) == 0
    assert {mark.looked_until for mark in AlarmMark.objects.all()} == {NOW + timedelta(hours=2)}
    assert AuditLog.objects.filter(action="alarm.raised").count() == 2


def test_who_goes_on_raises_one_alarm_in_each_window() -> None:
    by = make.staff()
    for minute in range(0, 181, 5):
        refused(by, NOW + timedelta(minutes=minute))
        if minute % 15 == 0:
            with acting_as(Hand.WORKER):
                watch(at=NOW + timedelta(minutes=minute))
    reached = [alarm.reached_at for alarm in raised(Rule.REFUSALS)]
    assert reached == [NOW + timedelta(minutes=minute) for minute in (45, 105, 165)]


def test_wrong_passwords_for_an_account_raise_an_alarm_about_it() -> None:
    owner, least = make.staff(), table()[Rule.REFUSALS].least
    about, door = Thing.of(owner), Actor.system("login")
    portal = make.staff(role=Role.OPERATOR)
    User.objects.filter(pk=portal.pk).update(role="", person_id="")
    with transaction.atomic():
        for _ in range(least):
            record("account.login_refused", by=door, about=Thing.of(portal), reason="not_staff", at=NOW)
            record("account.login_refused", by=door, about=Thing("accounts.user", "0"), at=NOW)
        for _ in range(least - 1):
            record("account.login_refused", by=door, about=about, reason="password", at=NOW)
    look()
    assert raised(Rule.REFUSALS) == []
    with transaction.atomic():
        record("account.login_refused", by=door, about=about, reason="password", at=NOW)
    look()
    (alarm,) = raised(Rule.REFUSALS)
    assert (alarm.about, alarm.actors, alarm.branch) == (owner.person_id, owner.username, owner.branch)


def test_a_rule_that_breaks_does_not_silence_the_others(settings: Any) -> None:
    settings.REVEALS_PER_HOUR = "many"
    revealed(make.staff(), NOW)
    times(refused, make.staff(), table()[Rule.REFUSALS].least)
    approved(make.staff(), NOW)
    with pytest.raises(ExceptionGroup) as broken:
        look()
    assert len(broken.value.exceptions) == 1
    assert len(raised(Rule.REFUSALS)) == 1
    assert set(Rule) - {Rule(mark.rule) for mark in AlarmMark.objects.all()} == {Rule.REVEALS}


@pytest.mark.django_db(transaction=True)
def test_workers_that_look_at_the_same_moment_raise_an_alarm_once() -> None:
    times(refused, make.staff(), table()[Rule.REFUSALS].least)
    assert sorted(at_once(*[lambda: watch(at=NOW)] * 3)) == [0, 0, 1]
    assert len(raised(Rule.REFUSALS)) == 1


def test_the_rule_about_reveals_follows_its_setting(settings: Any) -> None:
    settings.REVEALS_PER_HOUR = 2
    times(revealed, make.staff(), 2)
    look()
    assert len(raised(Rule.REVEALS)) == 1
