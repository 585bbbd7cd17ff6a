"""How often one connection, or one reference, may try something at the participants' door."""

import math
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from jknoffice.accounts import limits
from jknoffice.accounts.limits import Limit
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record_alone
from jknoffice.refusal import TooOften

VISITOR = Actor.participant("portal")
"""Somebody at the door who has not shown who they are."""

SUBMIT = Limit(name="portal submit", most=20, window=timedelta(hours=1))
SUBMIT_FOR_ONE = Limit(name="portal submit for one person", most=20, window=timedelta(hours=1))
"""By the NIK or card number that was typed, whether or not it is anybody's."""
PHOTOS = Limit(name="portal photos", most=200, window=timedelta(hours=1))
LOOK_UP = Limit(name="portal status", most=10, window=timedelta(minutes=15))
LOOK_UP_ONE = Limit(name="portal status of one", most=5, window=timedelta(minutes=15))

SAVES = Limit(name="portal saves", most=30, window=timedelta(hours=1))
LINKS = Limit(name="portal links", most=60, window=timedelta(hours=1))
NOT_ME = Limit(name="portal not me", most=20, window=timedelta(hours=1))


class TooMany(TooOften):
    """The limit is used up for now."""

    def __init__(self, limit: Limit, subject: str) -> None:
        # Never "1 minutes", and never a moment too soon.
        wait = limits.wait(limit, subject)
        minutes = max(2, math.ceil(wait.total_seconds() / 60))
        super().__init__(
            wait,
            _("Too many attempts. Please try again in %(minutes)s minutes, visit a branch office, or call 165.")
            % {"minutes": minutes},
        )


def demand(limit: Limit, subject: str, *, refusal: str) -> None:
    """Count one attempt of `subject` (an address or a reference). Raises `TooMany`.

    The refusal is recorded as the action `refusal`, once in each window.
    """

    def record() -> None:
        record_alone(refusal, by=VISITOR, reason=TooMany.code)

    if not limits.within(limit, subject, record=record):
        raise TooMany(limit, subject)
