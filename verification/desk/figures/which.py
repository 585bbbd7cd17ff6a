"""Which cases stand behind a figure. Each figure counts exactly the cases that its link lists."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models import User
from verification.desk.ages import OURS
from verification.models import PhoneChangeRequest
from verification.models.request import RequestQuerySet
from verification.states import Status

PERIODS = (7, 28, 90)
"""Days that can be chosen; the first is shown at first."""

APPROVED = Q(status__in=[Status.APPLIED, Status.REVERSED])
REJECTED = Q(status=Status.REJECTED)
DECIDED = (APPROVED | REJECTED) & Q(reviewed_at__isnull=False)
CORRECTED = Q(asked_at__isnull=False)


class Figure(models.TextChoices):
    """The figures, by the word that stands in the address."""

    WAITING = "waiting", _("All that wait for the office")
    DAY_ONE = "under-24h", _("Under 24 hours")
    DAY_TWO = "under-48h", _("24 to 48 hours")
    DAY_THREE = "under-72h", _("48 to 72 hours")
    OVERDUE = "overdue", _("Overdue")
    HELD = "held", _("Claimed now")
    TODAY = "today", _("Closed today")
    CLOSED = "closed", _("Closed in the period")
    DECIDED = "decided", _("Decided")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    CORRECTED = "corrected", _("A better photo was asked for")


BANDS = (Figure.DAY_ONE, Figure.DAY_TWO, Figure.DAY_THREE, Figure.OVERDUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Whose figures, when, and for how many days back (one of `PERIODS`)."""

    user: User
    at: datetime
    days: int

    @property
    def since(self) -> datetime:
        """The beginning of the period."""
        return self.at - timedelta(days=self.days)

    def cases(self) -> RequestQuerySet:
        """Return all cases within reach; the branches by number, so that an index by branch serves."""
        return PhoneChangeRequest.objects.filter(branch__in=[*self.user.branches().values_list("pk", flat=True)])

    def closed(self) -> RequestQuerySet:
        """Return what was closed in the period."""
        return self.cases().filter(closed_at__gt=self.since)


def waiting(figure: Figure, *, at: datetime) -> Q:
    """Return the condition for a band of age among the open cases that the office has to work on."""
    day = timedelta(hours=24)
    ours = Q(status__in=OURS)
    match figure:
        case Figure.DAY_ONE:
            return ours & Q(submitted_at__gt=at - day)
        case Figure.DAY_TWO:
            return ours & Q(submitted_at__lte=at - day, submitted_at__gt=at - 2 * day)
        case Figure.DAY_THREE:
            return ours & Q(submitted_at__lte=at - 2 * day, submitted_at__gt=at - settings.SERVICE_TIME)
        case Figure.OVERDUE:
            return ours & Q(submitted_at__lte=at - settings.SERVICE_TIME)
        case _:
            return ours


def cases_behind(figure: Figure, *, view: View) -> RequestQuerySet:
    """Return the cases that a figure counts, within reach."""
    match figure:
        case Figure.TODAY:
            return view.cases().filter(
                closed_at__gte=timezone.localtime(view.at).replace(hour=0, minute=0, second=0, microsecond=0)
            )
        case Figure.HELD:
            return view.cases().open().filter(claimed_by__isnull=False)
        case Figure.CLOSED:
            return view.closed()
        case Figure.DECIDED:
            return view.closed().filter(DECIDED)
        case Figure.APPROVED:
            return view.closed().filter(DECIDED & APPROVED)
        case Figure.REJECTED:
            return view.closed().filter(DECIDED & REJECTED)
        case Figure.CORRECTED:
            return view.closed().filter(CORRECTED)
        case _:
            return view.cases().open().filter(waiting(figure, at=view.at))
