"""Sessions of staff, past the pages of the log-in."""

from typing import Any


def logged_in(user: Any) -> str:
    """Return the key of a session in which this `User` has shown their authenticator. Needs Django."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from jknoffice.accounts.models import Authenticator
    from jknoffice.accounts.sessions import current
    from jknoffice.accounts.sessions.store import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["otp_device_id"] = Authenticator.objects.get(user=user).persistent_id
    current.begin(session, user_agent="", network="", at=timezone.now())
    session.save()
    return session.session_key or ""
