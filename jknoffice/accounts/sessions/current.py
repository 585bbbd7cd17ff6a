"""The session that is being used: how it begins, and that its use is noted."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.urls import reverse

from jknoffice.accounts.sessions.browsers import seen_in
from jknoffice.accounts.sessions.store import STAFF

NOTED_EVERY = timedelta(minutes=1)
"""Use is noted no more often: each note is a write. Rest may end a session that much too early, never too late."""


def begin(session: SessionBase, *, user_agent: str, network: str, at: datetime) -> None:
    """Make this the session of somebody who has just passed both steps; `django.contrib.auth` names the person.

    Of the browser (its `User-Agent`) only the family is kept; `network` is what `address.client_network()` returns.
    """
    browser, system = seen_in(user_agent)
    moment = at.isoformat()
    session[STAFF] = {"begun": moment, "seen": moment, "browser": browser, "system": system, "network": network}


def shown_at(session: SessionBase) -> datetime:
    """Return when the second step was shown last in a session of staff."""
    kept = session[STAFF]
    return datetime.fromisoformat(kept.get("shown", kept["begun"]))


def note_shown(session: SessionBase, *, at: datetime) -> None:
    """Keep that the second step was just shown once more."""
    session[STAFF] = session[STAFF] | {"shown": at.isoformat()}


def is_staffs(session: SessionBase) -> bool:
    """Return whether the session was begun by `begin()`. Its end needs no look: what is over is not found."""
    return STAFF in session


def note_use(request: HttpRequest, *, at: datetime) -> None:
    """Let the time of rest begin anew, unless a page only looks by itself: for news (Fetch Metadata), or how long."""
    by_itself = request.headers.get("Sec-Fetch-Dest") == "empty" or request.path == reverse("admin:sessions_left")
    if request.method == "GET" and by_itself:
        return
    kept = request.session[STAFF]
    if at - datetime.fromisoformat(kept["seen"]) >= NOTED_EVERY:
        request.session[STAFF] = kept | {"seen": at.isoformat()}


def has_ended(request: HttpRequest) -> bool:
    """Return whether the browser shows the key of a session that is not there any more."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()
