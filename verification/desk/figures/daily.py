"""The figures of one morning, for the summary that supervisors get by e-mail: counts only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from jknoffice.accounts.models import User
from verification.desk.figures.which import APPROVED, DECIDED, Figure, View, waiting
from verification.states import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """What waits for the office now and since when, and what was decided on the day before."""

    waiting: int
    overdue: int
    oldest_at: datetime | None
    on_hold: int
    frozen: int
    decided: int
    approved: int

    @property
    def rate(self) -> int | None:
        """Approvals in a hundred decisions; None when nothing was decided."""
        return round(100 * self.approved / self.decided) if self.decided else None


def daily(*, user: User, at: datetime) -> Daily:
    """Return the figures within the reach of a supervisor at a moment; the day before is a local one."""
    view = View(user=user, at=at, days=1)
    now = view.cases().open()
    ours = waiting(Figure.WAITING, at=at)
    standing = now.aggregate(
        waiting=Count("pk", filter=ours),
        overdue=Count("pk", filter=waiting(Figure.OVERDUE, at=at)),
        oldest_at=Min("submitted_at", filter=ours),
        on_hold=Count("pk", filter=Q(status=Status.ON_HOLD)),
        frozen=Count("pk", filter=Q(status=Status.FROZEN)),
    )
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = view.cases().filter(closed_at__gte=today - timedelta(days=1), closed_at__lt=today)
    done = yesterday.aggregate(decided=Count("pk", filter=DECIDED), approved=Count("pk", filter=DECIDED & APPROVED))
    return Daily(**standing, **done)
