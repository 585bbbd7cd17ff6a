"""The figures themselves, each group of them by one query."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Greatest
from django.utils.timesince import timesince

from verification.desk.figures.which import (
    APPROVED,
    BANDS,
    CORRECTED,
    DECIDED,
    PERIODS,
    REJECTED,
    Figure,
    View,
    cases_behind,
    waiting,
)
from verification.models.choices import RejectReason

# GREATEST passes over NULL: with a second approval, that is the decision.
_TAKEN = ExpressionWrapper(Greatest("reviewed_at", "second_at") - F("submitted_at"), output_field=DurationField())


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Percentile(Aggregate):
    """The value below which a share of the rows lies, between two rows where it must be."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What was closed in the period: by all, by one branch (`key` its number) or decided by one person."""

    key: int | None
    name: str
    closed: int
    decided: int
    approved: int
    rejected: int
    corrected: int
    median: timedelta | None
    p90: timedelta | None

    @property
    def median_words(self) -> str:
        """Half of the decisions came within this time."""
        return _words(self.median)

    @property
    def p90_words(self) -> str:
        """Nine in ten decisions came within this time."""
        return _words(self.p90)

    @property
    def rate(self) -> int | None:
        """Approvals in a hundred decisions; None when nothing was decided."""
        return round(100 * self.approved / self.decided) if self.decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits in one branch, by band."""

    key: int
    name: str
    bands: list[tuple[Figure, int]]


_SUMS: dict[str, Any] = {
    "closed": Count("pk"),
    "decided": Count("pk", filter=DECIDED),
    "approved": Count("pk", filter=DECIDED & APPROVED),
    "rejected": Count("pk", filter=DECIDED & REJECTED),
    "corrected": Count("pk", filter=CORRECTED),
    "median": _Percentile(_TAKEN, share="0.5", filter=DECIDED),
    "p90": _Percentile(_TAKEN, share="0.9", filter=DECIDED),
}


def whole(view: View) -> Group:
    """Return the figures of everything within reach."""
    return Group(key=None, name="", **view.closed().aggregate(**_SUMS))


def by_branch(view: View) -> list[Group]:
    """Return the figures of each branch that closed something, by name."""
    found: Any = view.closed().order_by().values(key=F("branch"), name=F("branch__name")).annotate(**_SUMS)
    return [Group(**row) for row in found.order_by("name", "key")]


def by_operator(view: View) -> list[Group]:
    """Return the figures of each person who decided something, by name."""
    decided = view.closed().filter(reviewed_by__isnull=False).order_by()
    found: Any = decided.values(key=F("reviewed_by"), name=F("reviewed_by__full_name")).annotate(**_SUMS)
    return [Group(**row) for row in found.order_by("name", "key")]


def queues(view: View) -> list[Queue]:
    """Return what waits in each branch where something does, by name."""
    sums = {band.name: Count("pk", filter=waiting(band, at=view.at)) for band in BANDS}
    ours = view.cases().open().filter(waiting(Figure.WAITING, at=view.at)).order_by()
    found: Any = ours.values(key=F("branch"), name=F("branch__name")).annotate(**sums).order_by("name", "key")
    return [Queue(key=row["key"], name=row["name"], bands=[(band, row[band.name]) for band in BANDS]) for row in found]


def done(view: View) -> dict[str, int]:
    """Return how many cases were closed today, and in the last 7 and 28 days."""
    week, month = PERIODS[:2]
    counted = view.cases().filter(closed_at__gt=view.at - timedelta(days=month))
    sums = counted.aggregate(week=Count("pk", filter=_after(view.at - timedelta(days=week))), month=Count("pk"))
    return {"today": cases_behind(Figure.TODAY, view=view).count(), **sums}


def reasons(view: View) -> list[tuple[str, str, int]]:
    """Return code, words and number of each reason of refusal, the most frequent first."""
    refused = cases_behind(Figure.REJECTED, view=view).order_by()
    found = refused.values_list("decision_reason").annotate(n=Count("pk")).order_by("-n", "decision_reason")
    return [(code, str(RejectReason(code).label), n) for code, n in found]


def _after(at: datetime) -> Q:
    return Q(closed_at__gt=at)


def _words(taken: timedelta | None) -> str:
    return timesince(_EPOCH, _EPOCH + taken) if taken is not None else ""
