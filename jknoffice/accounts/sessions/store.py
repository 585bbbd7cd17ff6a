"""Sessions in the database, as Django keeps them. Those of staff end after a rest, and after a shift."""

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from jknoffice.accounts.models import WebSession

STAFF = "staff"
"""Under this name stands what `current.begin()` keeps in a session of staff."""


class SessionStore(DatabaseStore):
    """Django's own store, on our table.

    A row that is over is not found by its key (Django looks for `expire_date`), so an end costs no query.
    """

    @classmethod
    def get_model_class(cls) -> type[WebSession]:
        """Return the table."""
        return WebSession

    def create_model_instance(self, data: dict[str, Any]) -> WebSession:
        """Return the row to be written: beside what Django puts there, whose session it is."""
        row = cast(WebSession, super().create_model_instance(data))
        row.user_id = int(data[SESSION_KEY]) if STAFF in data else None
        return row

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
        return max(0, int((self.get_expiry_date() - timezone.now()).total_seconds()))

    def _validate_session_key(self, key: str | None) -> bool:
        """Take a cookie for a session key only when it can be one.

        A cookie may carry any character, also NUL by an escape in quotes, and PostgreSQL refuses to look for that.
        """
        return bool(key and len(key) >= 8 and key.isascii() and key.isalnum())
