"""What both steps share: an attempt is counted before it is judged, and a right one is given back afterwards."""

import math
from datetime import datetime

from django.utils.translation import ngettext

from jknoffice.accounts import limits
from jknoffice.accounts.limits import Limit
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record_alone
from jknoffice.refusal import Refusal, TooOften

DOOR = Actor.system("login")
"""Who refuses somebody that has not even shown a right password."""
REFUSED = "account.login_refused"


class NotProved(Refusal):
    """What was shown does not prove who somebody is. Subclasses stand beside what judges it."""


class TooManyAttempts(TooOften):
    """The limit is used up for now."""

    def __init__(self, limit: Limit, subject: str, *, at: datetime) -> None:
        wait = limits.wait(limit, subject, at=at)
        minutes = max(1, math.ceil(wait.total_seconds() / 60))
        super().__init__(
            wait,
            ngettext(
                "Too many attempts. Wait %(minutes)s minute, then try again.",
                "Too many attempts. Wait %(minutes)s minutes, then try again.",
                minutes,
            )
            % {"minutes": minutes},
        )


def demand(
    limit: Limit,
    subject: str,
    *,
    by: Actor,
    at: datetime,
    about: Thing | None = None,
    username: str = "",
    action: str = REFUSED,
) -> None:
    """Count one attempt of `subject`. Raises `TooManyAttempts`.

    The refusal is recorded as `action`, once in each window. To be called outside of a transaction.
    """

    def record() -> None:
        refused(TooManyAttempts.code, by=by, at=at, about=about, username=username, action=action)

    if not limits.within(limit, subject, record=record, at=at):
        raise TooManyAttempts(limit, subject, at=at)


def refused(
    reason: str,
    *,
    by: Actor,
    at: datetime,
    about: Thing | None = None,
    username: str = "",
    method: str = "",
    action: str = REFUSED,
) -> None:
    """Record that somebody was refused at the door, with the code of the reason; outside of a transaction.

    What was typed as `username` counts as personal, for people type passwords there.
    """
    record_alone(
        action,
        by=by,
        about=about,
        after={"method": method} if method else None,
        reason=reason,
        pii={"username": username} if username else None,
        at=at,
    )
