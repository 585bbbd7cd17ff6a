"""Who holds cases now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Min

from verification.desk.figures.which import Figure, View, cases_behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """How many cases one person (`key` their number) holds now, and when the oldest of these came in."""

    key: int
    name: str
    cases: int
    oldest_at: datetime
    is_overdue: bool


def hands(view: View) -> list[Hands]:
    """Return who holds cases now, by name."""
    held = cases_behind(Figure.HELD, view=view).order_by()
    found: Any = held.values(key=F("claimed_by"), name=F("claimed_by__full_name"))
    rows = found.annotate(cases=Count("pk"), oldest_at=Min("submitted_at")).order_by("name", "key")
    return [Hands(**row, is_overdue=row["oldest_at"] <= view.at - settings.SERVICE_TIME) for row in rows]
