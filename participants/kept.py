"""Results of a search, kept in the searcher's session for a while, so that an address holds a random id only."""

import json
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from jknoffice.crypto import Purpose, key_for, seal, unseal
from participants.searching.asked import Kind
from participants.searching.search import Found

LIFETIME = timedelta(minutes=15)
_KEY = "participants.searches"
_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a search found, and what was typed, which the next page needs."""

    found: Found
    text: str


def keep(session: SessionBase, found: Found, *, text: str, at: datetime | None = None) -> str:
    """Keep what a search found, and encrypted what was typed; return the id to ask for it. The newest five are kept."""
    search_id = secrets.token_urlsafe(12)
    personal = json.dumps([text, found.place]).encode()
    searches: dict[str, dict[str, Any]] = session.get(_KEY, {})
    searches[search_id] = {
        "kind": found.kind.value,
        "matches": found.matches,
        "about": found.about,
        "personal": b64encode(seal(key=key_for(Purpose.SEARCH), plaintext=personal, bound_to=search_id)).decode(),
        "created_at": (at or timezone.now()).timestamp(),
    }
    session[_KEY] = dict(list(searches.items())[-_MOST:])
    return search_id


def recall(session: SessionBase, search_id: str, *, at: datetime | None = None) -> Kept | None:
    """Return what a search of this session found, or None when it is not, or no longer, kept."""
    stored: dict[str, Any] | None = session.get(_KEY, {}).get(search_id)
    if stored is None or (at or timezone.now()).timestamp() - stored["created_at"] > LIFETIME.total_seconds():
        return None
    sealed = b64decode(stored["personal"])
    text, place = json.loads(unseal(key=key_for(Purpose.SEARCH), sealed=sealed, bound_to=search_id))
    found = Found(
        kind=Kind(stored["kind"]),
        matches=tuple((pk, Kind(kind)) for pk, kind in stored["matches"]),
        place=(place[0], place[1]) if place else None,
        about=stored["about"],
    )
    return Kept(found=found, text=text)
