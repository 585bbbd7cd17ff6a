"""What a supervisor should look at: pairs, and haste. None of it is a proof of anything."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jknoffice.accounts.models import User
from jknoffice.audit.actor import Kind
from jknoffice.audit.models import AuditLog
from jknoffice.audit.moments import microseconds
from verification.desk.figures.which import APPROVED, View
from verification.models.request import RequestQuerySet
from verification.states import EVENTS, Verb

MOST = 200
"""As many as a list shows."""

TOO_FAST_SECONDS = 20
"""From claim to approval. Two photos with some ten fields each are to be compared with the register: whoever only reads
them, at four words a second, needs longer."""

PAIR_LEAST = 5
"""Fewer cases together say nothing."""

PAIR_SHARE = 50
"""Per cent of all such cases of one of the two, from which on a pair stands out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two people (numbers of `User`), how many cases they had together, and in a hundred of those of one of them."""

    one: int
    other: int
    names: tuple[str, str]
    times: int
    share: int


def pairs(view: View) -> list[Pair]:
    """Return the pairs that decided each other's counter entries or gave each other second approvals too often."""
    together: Counter[tuple[int, int]] = Counter()
    alone: Counter[int] = Counter()
    for first, second in (("entered_by", "reviewed_by"), ("reviewed_by", "second_by")):
        both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
        found = view.closed().filter(APPROVED & both).order_by().values_list(first, second)
        for one, other, times in found.annotate(n=Count("pk")):
            together[min(one, other), max(one, other)] += times
            alone.update({one: times, other: times})
    shares = {pair: round(100 * n / min(alone[who] for who in pair)) for pair, n in together.items()}
    often = [pair for pair, n in together.most_common() if n >= PAIR_LEAST and shares[pair] >= PAIR_SHARE]
    names = _names(Q(pk__in={who for pair in often for who in pair}))
    return [
        Pair(
            one=one, other=other, names=(names[one], names[other]), times=together[one, other], share=shares[one, other]
        )
        for one, other in often[:MOST]
    ]


def cases_of_pair(view: View, *, one: int, other: int) -> RequestQuerySet:
    """Return the approved cases that two people had together."""
    members = (one, other)
    entered = Q(entered_by__in=members, reviewed_by__in=members)
    seconded = Q(reviewed_by__in=members, second_by__in=members)
    return view.closed().filter(APPROVED & (entered | seconded))


def hasty(view: View) -> RequestQuerySet:
    """Return up to 200 cases that were approved in less than `TOO_FAST_SECONDS` after their claim."""
    claimed = AuditLog.objects.filter(
        object_type=OuterRef("object_type"),
        object_id=OuterRef("object_id"),
        at_us__gt=OuterRef("at_us") - TOO_FAST_SECONDS * 1_000_000,
        at_us__lte=OuterRef("at_us"),
        action=EVENTS[Verb.CLAIM],
    )
    approvals = [EVENTS[Verb.APPROVE], EVENTS[Verb.ENDORSE]]
    found = log_of(view).filter(Exists(claimed), action__in=approvals, object_type="verification.phonechangerequest")
    keys = [int(key) for key in found.values_list("object_id", flat=True).order_by("-id")[:MOST]]
    return view.cases().filter(pk__in=keys)


def log_of(view: View) -> QuerySet[AuditLog]:
    """Return what staff did in the period in the branches within reach."""
    codes = [*view.user.branches().values_list("code", flat=True)]
    return AuditLog.objects.filter(branch__in=codes, kind=Kind.STAFF.value, at_us__gt=microseconds(view.since))


def _names(which: Q) -> Mapping[int, str]:
    return dict(User.objects.filter(which).values_list("pk", "full_name"))
