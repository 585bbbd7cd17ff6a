"""Sessions in the database, as Django keeps them. Those of staff end after a rest, and after a shift."""

import hashlib
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from jknoffice import clock
from jknoffice.accounts.models import WebSession
from jknoffice.audit.context import session_reference

STAFF = "staff"
"""Under this name stands what `current.begin()` keeps in a session of staff."""


class SessionStore(DatabaseStore):
    """Django's own store, on our table.

    A row that is over is not found, so an end costs no query. The table holds a hash of each key: whoever reads it, in
    the worker or a copy of the database, takes over no session. Only the synchronous half of Django's store is meant.
    """

    @classmethod
    def get_model_class(cls) -> type[WebSession]:
        """Return the table."""
        return WebSession

    def create_model_instance(self, data: dict[str, Any]) -> WebSession:
        """Return the row to be written: beside what Django puts there, whose session it is."""
        row = cast(WebSession, super().create_model_instance(data))
        if STAFF in data:
            row.user_id, row.reference = int(data[SESSION_KEY]), session_reference(row.session_key)
        row.session_key = _kept(row.session_key)
        return row

    def exists(self, session_key: str) -> bool:
        """Return whether the key is taken."""
        return WebSession.objects.filter(pk=_kept(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        """Delete the row of a key, this session's when none is given."""
        key = session_key or self.session_key
        if key:
            WebSession.objects.filter(pk=_kept(key)).delete()

    def get_expiry_date(self, **given: Any) -> datetime:
        """Return when the session ends unless it is used again."""
        kept = self.get(STAFF)
        if kept is None:
            return super().get_expiry_date(**given)
        begun, seen = (datetime.fromisoformat(kept[moment]) for moment in ("begun", "seen"))
        return min(seen + settings.SESSION_IDLE, begun + settings.SESSION_LONGEST)

    def get_expiry_age(self, **given: Any) -> int:
        """Return the seconds until then."""
        if STAFF not in self:
            return super().get_expiry_age(**given)
        return max(0, int((self.get_expiry_date() - clock.now()).total_seconds()))

    def _get_session_from_db(self) -> WebSession | None:
        row = WebSession.objects.filter(pk=_kept(self.session_key or ""), expire_date__gt=clock.now()).first()
        if row is None:
            self._session_key = None
        return row

    def _validate_session_key(self, key: str | None) -> bool:
        """Take a cookie for a session key only when it can be one.

        A cookie may carry any character, also NUL by an escape in quotes, and PostgreSQL refuses to look for that.
        """
        return bool(key and len(key) >= 8 and key.isascii() and key.isalnum())


def _kept(key: str) -> str:
    """Return what the table holds of a key; that has 165 random bits, so a fast hash will do."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]
