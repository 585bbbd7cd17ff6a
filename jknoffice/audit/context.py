"""What an entry knows of the web session that it was made in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from jknoffice.crypto import Purpose, key_for, keyed_hash

_session: ContextVar[str] = ContextVar("audit_session", default="")


def session_reference(session_key: str) -> str:
    """Return a reference that joins a session's entries and cannot be turned back into its cookie."""
    return keyed_hash(key_for(Purpose.AUDIT_SESSION), session_key).hex()[:16]


def current_session() -> str:
    """Return the reference of the session being served, or an empty text outside the web."""
    return _session.get()


@contextmanager
def serving(session_key: str) -> Iterator[None]:
    """Let entries made inside name this web session."""
    token = _session.set(session_reference(session_key) if session_key else "")
    try:
        yield
    finally:
        _session.reset(token)
