"""The open sessions of one person, as they may see them: never by their key."""

from dataclasses import dataclass
from datetime import datetime

from jknoffice.accounts.models import User, WebSession
from jknoffice.accounts.sessions.browsers import in_words
from jknoffice.accounts.sessions.store import STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session. `reference` is what the audit log calls it, `browser` a phrase, `network` "" where there is none."""

    reference: str
    begun_at: datetime
    seen_at: datetime
    browser: str
    network: str
    is_this: bool


def open_sessions(user: User, *, this: str = "", at: datetime) -> list[OpenSession]:
    """Return the sessions of `user` that are not over: the one with the reference `this` first, then by last use."""
    rows = WebSession.objects.filter(user=user, expire_date__gt=at)
    found = [_open(row, row.reference == this) for row in rows]
    return sorted(found, key=lambda each: (each.is_this, each.seen_at), reverse=True)


def _open(row: WebSession, is_this: bool) -> OpenSession:
    kept = row.get_decoded()[STAFF]
    return OpenSession(
        reference=row.reference,
        begun_at=datetime.fromisoformat(kept["begun"]),
        seen_at=datetime.fromisoformat(kept["seen"]),
        browser=in_words(kept["browser"], kept["system"]),
        network=kept["network"],
        is_this=is_this,
    )
