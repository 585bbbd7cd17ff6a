"""Looks at people's data without work on a case of theirs. A caller's question may explain one; it is no proof."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from jknoffice.audit.moments import moment_of
from verification.desk.figures.conspicuous import MOST, log_of
from verification.desk.figures.which import View
from verification.models import PhoneChangeRequest
from verification.states import EVENTS, Verb

_READS = ("request.viewed", "peserta.viewed", "peserta.revealed", "peserta.family_viewed", "peserta.number_viewed")
_WORK = (
    *(EVENTS[verb] for verb in (Verb.SUBMIT, Verb.CLAIM, Verb.APPROVE, Verb.REJECT, Verb.ENDORSE, Verb.CANCEL)),
    "request.reversal_asked",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """Somebody (`actor` a user name) who saw the data of so many people without working on a case of theirs."""

    actor: str
    name: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One person who was seen so: how often, when last, the entry of that, and their newest case within reach."""

    times: int
    last_at: datetime
    entry: int
    case: PhoneChangeRequest | None


def reads(view: View) -> list[Reads]:
    """Return who saw data of people without work on a case of theirs in the period, the most people first.

    Supervisors are left out: to look is their work.
    """
    counted = dict(
        _reads(view).values_list("actor").annotate(n=Count("subject", distinct=True)).order_by("-n", "actor")[:MOST]
    )
    names = dict(User.objects.filter(username__in=counted).values_list("username", "full_name"))
    return [Reads(actor=actor, name=names.get(actor) or actor, people=n) for actor, n in counted.items()]


def people_read(view: View, *, actor: str) -> list[Seen]:
    """Return those whom somebody saw so, up to 200, one line for each person that `reads()` counts."""
    found = _reads(view).filter(actor=actor).values_list("subject")
    counted = found.annotate(n=Count("pk"), last_us=Max("at_us"), last=Max("pk"))
    lines = [*counted.order_by("-last_us", "subject")[:MOST]]
    newest = _newest(view, (subject for subject, *_rest in lines))
    return [
        Seen(times=n, last_at=moment_of(at), entry=last, case=newest.get(subject)) for subject, n, at, last in lines
    ]


def _newest(view: View, subjects: Iterable[UUID]) -> dict[UUID, PhoneChangeRequest]:
    cases = view.cases().filter(peserta__uuid__in=[*subjects]).select_related("peserta").order_by("submitted_at", "pk")
    return {case.peserta.uuid: case for case in cases if case.peserta}


def _reads(view: View) -> QuerySet[AuditLog]:
    worked = log_of(view).filter(action__in=_WORK, actor=OuterRef("actor"), subject=OuterRef("subject"))
    looks = log_of(view).filter(~Exists(worked), action__in=_READS, subject__isnull=False)
    supervisors = User.objects.filter(role=Role.SUPERVISOR, branch__in=view.user.branches())
    return looks.exclude(actor__in=[*supervisors.values_list("username", flat=True)]).order_by()
