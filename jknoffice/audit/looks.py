"""Who saw this person's data: the one question that every participant may ask the office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Func, JSONField, Max, Min, Q

from jknoffice.audit.actor import Kind
from jknoffice.audit.asking import demand_whole_log
from jknoffice.audit.log import Thing, record_alone
from jknoffice.audit.models import AuditLog
from jknoffice.audit.moments import moment_of
from jknoffice.audit.scope import Reader
from jknoffice.audit.trail import thing_label
from jknoffice.audit.words import action_label

LOOKS = (
    "audit.lookers_read",
    "audit.read",
    "audit.revealed",
    "audit.searched",
    "document.viewed",
    "peserta.family_viewed",
    "peserta.number_viewed",
    "peserta.revealed",
    "peserta.searched",
    "peserta.value_copied",
    "peserta.viewed",
    "request.printed",
    "request.value_copied",
    "request.viewed",
)
"""The actions by which staff see, or come to, personal data of a subject."""

SHOWN = Func(F("entry"), template="(%(expressions)s::jsonb #> '{after,shown}')", output_field=JSONField())
"""Whom a list showed beside the subject: the uuids in `after["shown"]` of an entry. Index `audit_shown` finds them."""

MOST_LOOKERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """One member of staff who looked, by one account; `things` are the cases and records in which."""

    actor: str
    person: str
    branch: str
    times: int
    first_at: datetime
    last_at: datetime
    actions: list[str]
    things: list[tuple[Thing, str]]


def who_saw(*, subject: UUID, by: Reader) -> list[Looker]:
    """Return up to 200 members of staff who looked at the data of `subject`, whoever looked last first.

    The question is recorded first, so that its asker is in the answer. Raises `OnlyAuditors`. Must be called outside
    a transaction.
    """
    demand_whole_log(by, refused="audit.lookers_refused", about_subject=subject)
    record_alone("audit.lookers_read", by=by.as_actor(), subject=subject)
    about = AuditLog.objects.filter(subject=subject)
    among = AuditLog.objects.alias(shown=SHOWN).filter(Q(shown__contains=[str(subject)]))
    # An OR of the two would make the planner read far more than both: it knows nothing of how rare a uuid is in lists.
    either = about.order_by().values("pk").union(among.order_by().values("pk"))
    looked = AuditLog.objects.filter(pk__in=either, kind=Kind.STAFF.value, action__in=LOOKS).order_by()
    people = looked.values("actor", "person", "branch").annotate(
        times=Count("pk"),
        first_us=Min("at_us"),
        last_us=Max("at_us"),
        actions=ArrayAgg("action", distinct=True),
        types=ArrayAgg("object_type", order_by=("object_type", "object_id")),
        ids=ArrayAgg("object_id", order_by=("object_type", "object_id")),
    )
    return [_looker(row) for row in people.order_by("-last_us", "actor")[:MOST_LOOKERS]]


def _looker(row: Mapping[str, Any]) -> Looker:
    things = dict.fromkeys(Thing(kind, number) for kind, number in zip(row["types"], row["ids"], strict=True) if kind)
    return Looker(
        actor=row["actor"],
        person=row["person"],
        branch=row["branch"],
        times=row["times"],
        first_at=moment_of(row["first_us"]),
        last_at=moment_of(row["last_us"]),
        actions=[action_label(code) for code in row["actions"]],
        things=[(thing, thing_label(thing)) for thing in things],
    )
