"""The queue: which cases stand under which tab, in which order, and how many.

All have the same service time, so what came in first is due first. What is urgent stands there once more under a tab of
its own: what the holder of a number disputes, then what waits for a second approval, then the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Min, Q, Value, When
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models import User
from verification.desk.ages import Age, age_of, is_pressing
from verification.models import PhoneChangeRequest
from verification.models.choices import Channel
from verification.models.request import RequestQuerySet
from verification.states import Status

CLOSED_SHOWN = timedelta(days=7)


class Tab(models.TextChoices):
    """The tabs, by the word that stands in the address."""

    URGENT = "urgent", _("Urgent")
    WAITING = "waiting", _("Waiting")
    MINE = "mine", _("Mine")
    REVIEW = "in-review", _("In review")
    SECOND = "second-approval", _("Needs second approval")
    FROZEN = "frozen", _("Frozen")
    DISPUTED = "disputed", _("Disputed")
    SNOOZED = "put-off", _("Put off")
    CORRECTION = "correction", _("Needs correction")
    HOLD = "on-hold", _("On hold")
    CODE = "code", _("Waiting for the code")
    CLOSED = "closed", _("Recently closed")


_ENDED = {Tab.DISPUTED, Tab.CLOSED}

_STATUS: Mapping[Tab, Status] = {
    Tab.REVIEW: Status.IN_REVIEW,
    Tab.SECOND: Status.SECOND_REVIEW,
    Tab.FROZEN: Status.FROZEN,
    Tab.CORRECTION: Status.NEEDS_INFO,
    Tab.HOLD: Status.ON_HOLD,
    Tab.CODE: Status.AWAITING_CODE,
}


_DISPUTES_FIRST = Case(
    When(status=Status.FROZEN, then=Value(0)), When(status=Status.SECOND_REVIEW, then=Value(1)), default=Value(2)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case in a list, with its age."""

    case: PhoneChangeRequest
    age: Age


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How many cases stand under each tab, and when the oldest of those that wait came in."""

    counts: Mapping[Tab, int]
    oldest_at: datetime | None


def overview(*, user: User, at: datetime) -> Overview:
    """Count the cases within a person's reach."""
    mine = PhoneChangeRequest.objects.for_user(user)
    counted = mine.open().aggregate(
        oldest_at=Min("submitted_at", filter=_which(Tab.WAITING, user, at)),
        **{tab.name: Count("pk", filter=_which(tab, user, at)) for tab in Tab if tab not in _ENDED},
    )
    oldest_at = counted.pop("oldest_at")
    counts = {tab: counted.get(tab.name, 0) for tab in Tab}
    counts[Tab.DISPUTED] = _disputed(mine, at).count()
    counts[Tab.CLOSED] = _recently_closed(mine, at).count()
    return Overview(counts=counts, oldest_at=oldest_at)


def cases_under(tab: Tab, *, user: User, at: datetime, channel: Channel | None = None) -> RequestQuerySet:
    """Return the cases of a tab, of one channel or all: what waits longest first, what was closed last first.

    Among urgent ones the disputed come first, then those that need a second approval.
    """
    within = PhoneChangeRequest.objects.for_user(user).select_related("branch", "claimed_by")
    if channel:
        within = within.filter(channel=channel)
    if tab is Tab.CLOSED:
        return _recently_closed(within, at).order_by("-closed_at", "pk")
    if tab is Tab.DISPUTED:
        return _disputed(within, at).order_by("disputed_at", "pk")
    first = [_DISPUTES_FIRST] if tab is Tab.URGENT else []
    return within.open().filter(_which(tab, user, at)).order_by(*first, "submitted_at", "pk")


def rows(cases: Iterable[PhoneChangeRequest], *, at: datetime) -> list[Row]:
    """Return cases as a list shows them."""
    return [Row(case=case, age=age_of(case, at=at)) for case in cases]


def _which(tab: Tab, user: User, at: datetime) -> Q:
    asleep = Q(snoozed_until__gt=at)
    match tab:
        case Tab.URGENT:
            return Q(status=Status.FROZEN) | Q(disputed_at__isnull=False) | is_pressing(at)
        case Tab.MINE:
            return Q(claimed_by=user)
        case Tab.WAITING:
            return Q(status=Status.QUEUED) & ~(asleep & Q(snoozed_until__isnull=False))
        case Tab.SNOOZED:
            return Q(status=Status.QUEUED) & asleep
        case _:
            return Q(status=_STATUS[tab])


def colleagues(user: User) -> list[User]:
    """Return whom `user` may hand cases to, by name: everybody who works on those within their reach."""
    around = User.objects.filter(is_active=True, branch__in=user.branches()).order_by("full_name", "pk")
    return [one for one in around if one.has_perm("verification.work_phonechangerequest")]


def _disputed(cases: RequestQuerySet, at: datetime) -> RequestQuerySet:
    """Return applied changes that their holder objects to, while they can be undone."""
    undoable = at - settings.UNDO_LIFETIME
    return cases.filter(status=Status.APPLIED, disputed_at__isnull=False, applied_at__gt=undoable)


def _recently_closed(cases: RequestQuerySet, at: datetime) -> RequestQuerySet:
    return cases.filter(closed_at__gt=at - CLOSED_SHOWN)
