"""The way from an identifier to a subject of the log, which only the register knows.

The log may not import the register, so the register hands in a finder (in `AppConfig.ready()`).
"""

from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

Finder: TypeAlias = Callable[[str], "UUID | None"]

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Let `finder` answer searches: given what was typed, it returns the subject's uuid, or None."""
    if finder not in _finders:
        _finders.append(finder)


def find(text: str) -> UUID | None:
    """Return the subject that `text` (a NIK, card or phone number as typed) names exactly, or None."""
    return next((found for finder in _finders if (found := finder(text)) is not None), None)
