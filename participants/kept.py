"""Results of a search, kept in the searcher's session for a while, so that an address holds a random id only."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from participants.search import Found, Kind

LIFETIME = timedelta(minutes=15)
_KEY = "participants.searches"
_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a search found, and when."""

    found: Found
    created_at: datetime


def keep(session: SessionBase, found: Found, *, at: datetime | None = None) -> str:
    """Keep what a search found, never what was typed; return the id to ask for it. The newest five are kept."""
    search_id = secrets.token_urlsafe(12)
    searches: dict[str, dict[str, Any]] = session.get(_KEY, {})
    searches[search_id] = {
        "kind": found.kind.value,
        "pks": list(found.pks),
        "more": found.more,
        "created_at": (at or timezone.now()).timestamp(),
    }
    session[_KEY] = dict(list(searches.items())[-_MOST:])
    return search_id


def recall(session: SessionBase, search_id: str, *, at: datetime | None = None) -> Kept | None:
    """Return what a search of this session found, or None when it is not, or no longer, kept."""
    stored: dict[str, Any] | None = session.get(_KEY, {}).get(search_id)
    if stored is None:
        return None
    created_at = datetime.fromtimestamp(stored["created_at"], tz=timezone.get_current_timezone())
    if (at or timezone.now()) - created_at > LIFETIME:
        return None
    found = Found(kind=Kind(stored["kind"]), pks=tuple(stored["pks"]), more=stored["more"])
    return Kept(found=found, created_at=created_at)
