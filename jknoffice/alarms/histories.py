"""What each rule finds in the log: by index, and only about those who can have reached its number."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, F, Func, IntegerField, Max, OuterRef, Q, QuerySet, Subquery

from jknoffice.accounts.models import Branch, User
from jknoffice.accounts.models.branch import Zone
from jknoffice.alarms.crossing import Event
from jknoffice.audit.actor import Kind
from jknoffice.audit.models import AuditHalt, AuditLog
from jknoffice.audit.moments import microseconds
from jknoffice.audit.refusals import REFUSED
from jknoffice.audit.reveals import REVEALS
from verification.states import EVENTS, Verb

APPROVALS = (EVENTS[Verb.APPROVE], EVENTS[Verb.ENDORSE])
COPIED = "account.passkey_copied"
GLASS = "request.glass_broken"
LOGIN_REFUSED = "account.login_refused"
READS = ("peserta.viewed", "peserta.revealed", "peserta.family_viewed", "peserta.number_viewed")
AT_ONCE = 2000
"""Rows in memory: there may be a week of them."""
RECENT_CASE = timedelta(days=7)
_SATURDAY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is to be judged: entries after `since` until `until`, with `least` things in a time from `begin` on.

    About those in `told` no alarm can be raised by `until`: one is near enough. Their history need not be read; on a
    Sunday it would be that of everybody at work, for twelve hours, each minute.
    """

    begin: datetime
    since: datetime
    until: datetime
    least: int
    told: Collection[str] = ()

    def entries(self) -> QuerySet[AuditLog]:
        """Return what staff did from the beginning on."""
        at = {"at_us__gt": microseconds(self.begin), "at_us__lte": microseconds(self.until)}
        return AuditLog.objects.filter(kind=Kind.STAFF.value, **at)


def refusals(span: Span) -> Iterator[Event]:
    """Yield what staff were refused, and where somebody was refused at the log-in to their account."""
    refused = [*_by_person(span.entries().filter(REFUSED), span), *_at_the_door(span)]
    yield from sorted(refused, key=lambda event: event.at_us)


def _at_the_door(span: Span) -> Iterator[Event]:
    """Yield log-ins with a wrong password, which the door refuses, about whose account it is."""
    door = AuditLog.objects.filter(
        action=LOGIN_REFUSED,
        kind=Kind.SYSTEM.value,
        object_type=User._meta.label_lower,
        at_us__gt=microseconds(span.begin),
        at_us__lte=microseconds(span.until),
    )
    tried = [*door.values_list("pk", "at_us", "object_id").order_by("at_us", "pk")]
    owners = User.objects.select_related("branch").in_bulk({int(account) for _pk, _at, account in tried})
    for pk, at_us, account in tried:
        if owner := owners.get(int(account)):
            actor = owner.as_actor()
            yield Event(about=actor.person, what=str(pk), at_us=at_us, actors=actor.name, branch=actor.branch)


def reads_without_case(span: Span) -> Iterator[Event]:
    """Yield whom staff looked at in the register without any work on, or look at, a case of theirs within a week."""
    looks = [*_by_person(span.entries().filter(action__in=READS, subject__isnull=False), span, what="subject")]
    own = AuditLog.objects.filter(
        person__in={look.about for look in looks},
        at_us__gt=microseconds(span.begin - RECENT_CASE),
        at_us__lte=microseconds(span.until),
        action__startswith="request.",
    ).exclude(REFUSED)
    last = {(who, str(whom)): at_us for who, whom, at_us in own.values_list("person", "subject").annotate(Max("at_us"))}
    week = RECENT_CASE // timedelta(microseconds=1)
    yield from (look for look in looks if last.get((look.about, look.what), 0) <= look.at_us - week)


def night_work(span: Span) -> Iterator[Event]:
    """Yield what staff did with personal data while the offices of their branch were closed."""
    with_data = span.entries().filter(subject__isnull=False)
    elsewhere = {zone: [*Branch.objects.filter(time_zone=zone).values_list("code", flat=True)] for zone in Zone}
    # Who belongs to no branch works by the clock of the country's west.
    elsewhere[Zone.WIB].append("")
    found = (
        event
        for zone, codes in elsewhere.items()
        for event in _by_person(_closed(with_data.filter(branch__in=codes), zone), span)
    )
    yield from sorted(found, key=lambda event: event.at_us)


def reveals(span: Span) -> Iterator[Event]:
    """Yield what staff revealed."""
    return _by_person(span.entries().filter(action__in=REVEALS), span)


def approvals(span: Span) -> Iterator[Event]:
    """Yield the first and second approvals."""
    return _by_person(span.entries().filter(action__in=APPROVALS), span)


def pairs(span: Span) -> Iterator[Event]:
    """Yield approvals about the pair of who entered or approved before (the maker) and who approves (the checker).

    They are a share of all approvals of the checker; one of a request from outside, without a maker, is part of those.
    """
    lately = span.entries().filter(action__in=APPROVALS, at_us__gt=microseconds(span.since))
    checkers = [*lately.order_by().values_list("person", flat=True).distinct()]
    found = span.entries().filter(action__in=APPROVALS, person__in=checkers)
    makers = AuditLog.objects.filter(
        Q(action=EVENTS[Verb.SUBMIT]) | Q(action=EVENTS[Verb.APPROVE]),
        object_type=OuterRef("object_type"),
        object_id=OuterRef("object_id"),
        at_us__lt=OuterRef("at_us"),
        kind=Kind.STAFF.value,
    ).order_by("-at_us", "-pk")
    with_makers = found.annotate(
        maker=Subquery(makers.values("person")[:1]), maker_name=Subquery(makers.values("actor")[:1])
    ).order_by("at_us", "pk")
    columns = ("pk", "at_us", "person", "actor", "branch", "maker", "maker_name")
    for row in with_makers.values(*columns).iterator(chunk_size=AT_ONCE):
        made = row["maker"] and row["maker"] != row["person"]
        yield Event(
            about=f"{row['maker']}/{row['person']}" if made else "",
            what=str(row["pk"]),
            at_us=row["at_us"],
            actors=f"{row['maker_name']}, {row['actor']}",
            branch=row["branch"],
            among=row["person"],
        )


def broken_glass(span: Span) -> Iterator[Event]:
    """Yield the cases that were opened from another branch, about that person and case, for the branch of the case."""
    for entry in span.entries().filter(action=GLASS).order_by("at_us", "pk"):
        yield Event(
            about=f"{entry.person}/{entry.object_id}",
            what=str(entry.pk),
            at_us=entry.at_us,
            actors=entry.actor,
            branch=json.loads(entry.entry)["after"].get("branch", ""),
        )


def copied_passkeys(span: Span) -> Iterator[Event]:
    """Yield the passkeys that turned up a second time, about that person and passkey."""
    for entry in span.entries().filter(action=COPIED).order_by("at_us", "pk"):
        yield Event(
            about=f"{entry.person}/{json.loads(entry.entry)['after'].get('passkey', '')}",
            what=str(entry.pk),
            at_us=entry.at_us,
            actors=entry.actor,
            branch=entry.branch,
        )


def halts(span: Span) -> Iterator[Event]:
    """Yield the halts of the sealer."""
    for halt in AuditHalt.objects.filter(halted_at__gt=span.begin, halted_at__lte=span.until).order_by("pk"):
        yield Event(about=f"halt/{halt.pk}", what=str(halt.pk), at_us=microseconds(halt.halted_at))


def _by_person(found: QuerySet[AuditLog], span: Span, *, what: str = "pk") -> Iterator[Event]:
    """Yield entries in the order of time, each about who made it; only of those with enough, and lately, of them."""
    lately = found.exclude(person="").filter(at_us__gt=microseconds(span.since)).order_by()
    active = {*lately.values_list("person", flat=True).distinct()}.difference(span.told)
    counted = found.filter(person__in=active).order_by().values("person").annotate(n=Count(what, distinct=True))
    people = [*counted.filter(n__gte=span.least).values_list("person", flat=True)]
    rows = found.filter(person__in=people).order_by("at_us", "pk")
    for row in rows.values("person", "actor", "branch", "at_us", what).iterator(chunk_size=AT_ONCE):
        yield Event(
            about=row["person"],
            what=str(row[what]),
            at_us=row["at_us"],
            actors=row["actor"],
            branch=row["branch"],
        )


def _closed(found: QuerySet[AuditLog], zone: Zone) -> QuerySet[AuditLog]:
    """Return the entries of Saturdays, Sundays and outside of office hours, by the clock of a zone."""
    local = f"timezone('{zone.value}', to_timestamp(%(expressions)s / 1000000.0))"
    weekday = Func(F("at_us"), template=f"extract(isodow from {local})::int", output_field=IntegerField())
    second = Func(F("at_us"), template=f"floor(extract(epoch from {local}::time))::int", output_field=IntegerField())
    opens, closes = _seconds(settings.OFFICE_OPENS), _seconds(settings.OFFICE_CLOSES)
    return found.alias(weekday=weekday, second=second).filter(
        Q(weekday__gte=_SATURDAY) | Q(second__lt=opens) | Q(second__gte=closes)
    )


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
