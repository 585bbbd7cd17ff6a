"""What an entry knows of the web session that it was made in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from jknoffice.crypto import Purpose, key_for, keyed_hash

_session_key: ContextVar[Callable[[], str | None]] = ContextVar("audit_session_key", default=lambda: None)


def session_reference(session_key: str) -> str:
    """Return a reference that joins a session's entries and cannot be turned back into its cookie."""
    return keyed_hash(key_for(Purpose.AUDIT_SESSION), session_key).hex()[:16]


def current_session() -> str:
    """Return the reference of the session being served, or an empty text outside the web."""
    key = _session_key.get()()
    return session_reference(key) if key else ""


@contextmanager
def serving(session_key: Callable[[], str | None]) -> Iterator[None]:
    """Let entries made inside name the web session whose key `session_key` returns.

    It is asked at each entry, because a log-in gives the session a new key half-way.
    """
    token = _session_key.set(session_key)
    try:
        yield
    finally:
        _session_key.reset(token)
