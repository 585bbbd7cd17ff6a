"""How long a case has waited, against the service time of 3 × 24 hours (UU PDP 27/2022, art. 30)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.timesince import timesince

from verification.models import PhoneChangeRequest
from verification.states import Status

SOON = timedelta(hours=24)
OURS = frozenset({Status.QUEUED, Status.IN_REVIEW, Status.SECOND_REVIEW, Status.FROZEN})
"""The states in which the office has to do something, so that its time runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """Since when a case waits, how long that is in words, and whether its service time is over or nearly so.

    `left` is the time in words until, or since, the service time is over; empty while it does not run.
    """

    since: datetime
    words: str
    left: str = ""
    is_overdue: bool = False
    is_due_soon: bool = False


def age_of(case: PhoneChangeRequest, *, at: datetime) -> Age:
    """Return the age of a case at a moment."""
    since = case.submitted_at
    words = timesince(since, at, depth=1)
    if case.status not in OURS:
        return Age(since=since, words=words)
    due = since + settings.SERVICE_TIME
    if due <= at:
        return Age(since=since, words=words, left=timesince(due, at, depth=1), is_overdue=True)
    return Age(since=since, words=words, left=timesince(at, due, depth=1), is_due_soon=due - at <= SOON)


def is_pressing(at: datetime) -> Q:
    """Return the condition for cases whose service time is over at a moment, or will be within `SOON`."""
    return Q(status__in=OURS, submitted_at__lte=at + SOON - settings.SERVICE_TIME)
