"""What a search needs again, kept in the searcher's session for a while, so that an address holds a random id only."""

import json
import secrets
from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from jknoffice import clock
from jknoffice.crypto import Purpose, Unreadable, key_for, opened, seal

LIFETIME = timedelta(minutes=15)
_MOST = 5


def keep(session: SessionBase, shelf: str, value: Any, *, at: datetime | None = None) -> str:
    """Keep `value` (what JSON can hold), encrypted; return the id to ask for it.

    `shelf` names the kind of search, in letters, digits, dots and underscores: the newest five of each are kept.
    """
    kept_id = secrets.token_urlsafe(12)
    shelves: dict[str, dict[str, Any]] = session.get(shelf, {})
    sealed = seal(key=key_for(Purpose.SEARCH), plaintext=json.dumps(value).encode(), bound_to=f"{shelf} {kept_id}")
    shelves[kept_id] = {"sealed": b64encode(sealed).decode(), "kept_at": (at or clock.now()).timestamp()}
    session[shelf] = dict(list(shelves.items())[-_MOST:])
    return kept_id


def recall(session: SessionBase, shelf: str, kept_id: str, *, at: datetime | None = None) -> Any:
    """Return what is kept in this session under an id, or None when it is not, or no longer, kept."""
    stored: dict[str, Any] | None = session.get(shelf, {}).get(kept_id)
    if stored is None or (at or clock.now()).timestamp() - stored["kept_at"] > LIFETIME.total_seconds():
        return None
    with suppress(Unreadable):  # its key has been exchanged
        sealed = b64decode(stored["sealed"])
        return json.loads(opened(Purpose.SEARCH, sealed=sealed, bound_to=f"{shelf} {kept_id}"))
    return None
