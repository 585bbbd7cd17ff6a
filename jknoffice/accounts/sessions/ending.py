"""Ending sessions: one's own elsewhere, and a colleague's. An ended session is out with its very next request."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.login import password
from jknoffice.accounts.models import User, WebSession
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record, record_alone
from jknoffice.refusal import Refusal

ENDED = "account.sessions_ended"
REFUSED = "account.sessions_refused"
END_COLLEAGUES = "accounts.end_sessions"
"""The permission, from `roles.py`."""


class Why(models.TextChoices):
    """Why somebody ends a colleague's sessions."""

    LOST = "device_lost", _("A device is lost or stolen")
    SUSPICION = "suspicion", _("Somebody else may have used the account")
    LEFT_OPEN = "left_open", _("A session was left open")


class NoSuchSession(Refusal):
    """It has ended already, or is not this person's."""

    code = "no_such_session"
    sentence = _("This session has ended already.")


class MayNotEnd(Refusal):
    """The role does not carry the permission."""

    code = "no_right"
    sentence = _("Your role may not do this.")


def end_own(*, user: User, typed: str, this: str, reference: str = "", at: datetime) -> int:
    """End one of the user's own sessions by its reference (`listing`), or all; return how many.

    Never the one with the reference `this`. `typed` is their password: whoever finds a session open shuts nobody out
    (OWASP ASVS 5.0, 7.5.2). Raises `NoSuchSession`, and `password.WrongPresentPassword` and `attempts.TooManyAttempts`,
    which are recorded. Call it outside of a transaction.
    """
    password.prove(user=user, typed=typed, at=at, action=REFUSED)
    with transaction.atomic():
        others = _of(user).filter(expire_date__gt=at).exclude(reference=this)
        chosen = [row.pk for row in others if reference in {"", row.reference}]
        number = _of(user).filter(pk__in=chosen).delete()[0]
        if not number:
            raise NoSuchSession
        me, myself = user.as_actor(), Thing.of(user)
        record(ENDED, by=me, about=myself, after={"sessions": number, "session": reference}, reason="own", at=at)
    return number


@transaction.atomic
def end_all(*, owner: User, by: Actor, reason: str, at: datetime | None = None) -> int:
    """End all sessions of `owner`, for a reason by its code, and return how many there were.

    For what takes from them what they logged in with. A change of role, branch, activity or password needs no call:
    the database does the same then.
    """
    number = _of(owner).delete()[0]
    record(ENDED, by=by, about=Thing.of(owner), after={"sessions": number}, reason=reason, at=at)
    return number


def end_others(*, user: User, this: str) -> int:
    """End all sessions of the user but the one with the reference `this`, and return how many.

    Part of a step that records it; to be called inside its transaction.
    """
    chosen = [row.pk for row in _of(user).exclude(reference=this)]
    return _of(user).filter(pk__in=chosen).delete()[0]


def end_colleagues(*, owner: User, by: User, why: Why, at: datetime | None = None) -> int:
    """End all sessions of a colleague, and return how many. Call it outside of a transaction. Raises `MayNotEnd`."""
    demand_right(by=by)
    return end_all(owner=owner, by=by.as_actor(), reason=why.value, at=at)


def demand_right(*, by: User) -> None:
    """Raise `MayNotEnd`, which is recorded, unless `by` may end colleagues' sessions. Outside of a transaction."""
    if not by.has_perm(END_COLLEAGUES):
        record_alone(REFUSED, by=by.as_actor(), reason=MayNotEnd.code)
        raise MayNotEnd


def _of(user: User) -> models.QuerySet[WebSession]:
    return WebSession.objects.filter(user=user)
