"""Ending sessions: one's own elsewhere, and a colleague's. An ended session is out with its very next request."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models import User, WebSession
from jknoffice.audit.actor import Actor
from jknoffice.audit.context import session_reference
from jknoffice.audit.log import Thing, record, record_alone
from jknoffice.refusal import Refusal

ENDED = "account.sessions_ended"
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


@transaction.atomic
def end_one(*, user: User, reference: str, this: str | None, at: datetime | None = None) -> None:
    """End one of the user's own sessions by its reference (`listing`), but not the one whose key is `this`.

    Raises `NoSuchSession`.
    """
    others = _of(user).exclude(session_key=this or "")
    row = next((each for each in others if session_reference(each.session_key) == reference), None)
    if row is None or not _of(user).filter(pk=row.pk).delete()[0]:
        raise NoSuchSession
    record(ENDED, by=user.as_actor(), about=Thing.of(user), after={"session": reference}, reason="own", at=at)


@transaction.atomic
def end_others(*, user: User, this: str | None, at: datetime | None = None) -> int:
    """End all of the user's own sessions but the one whose key is `this`, and return how many there were."""
    number = _of(user).exclude(session_key=this or "").delete()[0]
    record(ENDED, by=user.as_actor(), about=Thing.of(user), after={"sessions": number}, reason="own", at=at)
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


def end_colleagues(*, owner: User, by: User, why: Why, at: datetime | None = None) -> int:
    """End all sessions of a colleague, and return how many. Call it outside of a transaction. Raises `MayNotEnd`."""
    demand_right(by=by)
    return end_all(owner=owner, by=by.as_actor(), reason=why.value, at=at)


def demand_right(*, by: User) -> None:
    """Raise `MayNotEnd`, which is recorded, unless `by` may end colleagues' sessions. Outside of a transaction."""
    if not by.has_perm(END_COLLEAGUES):
        record_alone("account.sessions_refused", by=by.as_actor(), reason=MayNotEnd.code)
        raise MayNotEnd


def _of(user: User) -> models.QuerySet[WebSession]:
    return WebSession.objects.filter(user=user)
