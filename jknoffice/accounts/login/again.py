"""The second step once more, before what an open session must not be enough for (OWASP ASVS 5.0, 7.5.3)."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import transaction

from jknoffice.accounts.login import factors
from jknoffice.accounts.models import User
from jknoffice.accounts.sessions import current
from jknoffice.audit.log import Thing, record

LASTS = timedelta(minutes=10)
"""So long after the second step was shown, at the log-in or here, it is not asked for again."""
SHOWN = "account.second_factor_shown"


def is_needed(session: SessionBase, *, at: datetime) -> bool:
    """Return whether the second step was shown too long ago in this session."""
    return at - current.shown_at(session) > LASTS


def show(*, user: User, proof: str, session: SessionBase, this: str, at: datetime) -> str:
    """Take `proof`, ask no more for a while in this session, whose reference is `this`, and return the method.

    The session is kept at once: what comes after may fail, and the proof works only once. Raises what
    `factors.verify()`, which takes the proof, and `factors.lock()` raise, and SessionInterrupted where the session has
    ended meanwhile. Call it outside of a transaction.
    """
    _device, method = factors.verify(user=user, typed=proof, session=this, at=at)
    with transaction.atomic():
        factors.lock(user=user)
        current.note_shown(session, at=at)
        try:
            session.save()
        except UpdateError as error:
            raise SessionInterrupted from error
        record(SHOWN, by=user.as_actor(), about=Thing.of(user), after={"method": method}, at=at)
    return method
