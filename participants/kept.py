"""Results of a search, kept in the searcher's session for a while, so that an address holds a random id only."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase

from jknoffice import kept
from participants.searching.asked import Kind
from participants.searching.search import Found

_SHELF = "participants.found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a search found, and what was typed, which the next page needs."""

    found: Found
    text: str


def keep(session: SessionBase, found: Found, *, text: str, at: datetime | None = None) -> str:
    """Keep what a search found, and what was typed; return the id to ask for it. The newest five are kept."""
    whole = {
        "kind": found.kind.value,
        "matches": found.matches,
        "about": found.about,
        "place": found.place,
        "text": text,
    }
    return kept.keep(session, _SHELF, whole, at=at)


def recall(session: SessionBase, search_id: str, *, at: datetime | None = None) -> Kept | None:
    """Return what a search of this session found, or None when it is not, or no longer, kept."""
    whole = kept.recall(session, _SHELF, search_id, at=at)
    if whole is None:
        return None
    place = whole["place"]
    found = Found(
        kind=Kind(whole["kind"]),
        matches=tuple((pk, Kind(kind)) for pk, kind in whole["matches"]),
        place=(place[0], place[1]) if place else None,
        about=whole["about"],
    )
    return Kept(found=found, text=whole["text"])
