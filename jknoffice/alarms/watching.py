"""Evaluating the rules: each goes on in the log where it left off, and says each thing once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from jknoffice import clock
from jknoffice.accounts.models import Branch
from jknoffice.alarms.crossing import Crossing, crossings
from jknoffice.alarms.histories import Span
from jknoffice.alarms.models import Alarm, AlarmMark, Rule
from jknoffice.alarms.rules import Terms, table
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from jknoffice.audit.moments import microseconds, moment_of

LATE = timedelta(minutes=15)
"""An entry may be committed this much after its moment: older transactions are ended."""

FIRST_LOOK = timedelta(days=1)
"""How far back a rule looks that has never looked before."""


def watch(*, at: datetime | None = None) -> int:
    """Evaluate every rule whose time has come, each in a transaction; return how many alarms were raised.

    A rule that breaks does not silence the others: afterwards an ExceptionGroup is raised with what broke.
    """
    at = at or clock.now()
    raised, broken = 0, []
    for rule, terms in table().items():
        try:
            raised += _judge(rule, terms, at)
        except Exception as error:  # noqa: BLE001 - raised again below
            broken.append(error)
    if broken:
        raise ExceptionGroup("rules of alarms broke", broken)
    return raised


@transaction.atomic
def _judge(rule: Rule, terms: Terms, at: datetime) -> int:
    AlarmMark.objects.get_or_create(rule=rule, defaults={"looked_until": at - max(FIRST_LOOK, terms.every)})
    mark = AlarmMark.objects.select_for_update().get(rule=rule)  # two workers judge one after the other
    if at - mark.looked_until < terms.every or at <= mark.looked_until:
        return 0
    since = mark.looked_until - LATE
    last = _last(rule, after=since - terms.window)
    # Whatever they did since then, it is near enough to the alarm that there is.
    told = {about for about, reached in last.items() if max(at - reached, reached - since) < terms.window}
    span = Span(begin=since - terms.window, since=since, until=at, least=terms.least, told=told)
    found = crossings(terms.find(span), least=terms.least, window=terms.window, share=terms.share)
    raised = _raise(rule, terms, (each for each in found if each.event.at_us > microseconds(since)), last, at)
    mark.looked_until = at
    mark.save(update_fields=["looked_until"])
    return raised


def _last(rule: Rule, *, after: datetime) -> dict[str, datetime]:
    """Return when the last alarm about each was reached."""
    known = Alarm.objects.filter(rule=rule, reached_at__gt=after).order_by("reached_at")
    return dict(known.values_list("about", "reached_at"))


def _raise(rule: Rule, terms: Terms, found: Iterable[Crossing], last: dict[str, datetime], at: datetime) -> int:
    """Raise an alarm for each crossing, unless one about the same was reached less than the rule's window away."""
    raised = 0
    for crossing in found:
        about, reached_at = crossing.event.about, moment_of(crossing.event.at_us)
        if about in last and abs(reached_at - last[about]) < terms.window:
            continue
        last[about] = reached_at
        raised += 1
        _keep(rule, terms, crossing, at)
    return raised


def _keep(rule: Rule, terms: Terms, crossing: Crossing, at: datetime) -> None:
    event = crossing.event
    alarm = Alarm.objects.create(
        rule=rule,
        about=event.about,
        actors=event.actors,
        branch=Branch.objects.filter(code=event.branch).first(),
        n=crossing.n,
        window_start=_start(event.at_us, terms.window),
        first_at=moment_of(crossing.first_us),
        reached_at=moment_of(event.at_us),
        raised_at=at,
    )
    after: dict[str, str | int] = {"rule": rule.value, "times": crossing.n, "actors": event.actors}
    record("alarm.raised", by=Actor.system("worker"), about=Thing.of(alarm), after=after, at=at)


def _start(at_us: int, window: timedelta) -> datetime:
    """Return the beginning of the window that a moment lies in, windows counted from 1970 on."""
    length = window // timedelta(microseconds=1)
    return moment_of(at_us - at_us % length)
