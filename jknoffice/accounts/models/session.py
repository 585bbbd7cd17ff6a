"""Web sessions, of staff and of everybody else."""

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class WebSession(AbstractBaseSession):
    """One browser's session, by a hash of its key.

    `user` is staff that has passed both steps of the log-in, and `reference` what the audit log calls the session; both
    are empty otherwise. The database deletes a person's sessions when their password, role, branch or activity changes
    (migration 0004).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions")
    reference = models.CharField(max_length=16, default="")

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """Return what reads and writes these rows."""
        from jknoffice.accounts.sessions.store import SessionStore

        return SessionStore
