"""Asking the worker to look for copies of a photo: once it is kept, and once more when its numbers were read."""

from typing import Final

from procrastinate.contrib.django import app

MATCH_TASK: Final = "verification.match_photo"
MATCH_READ_TASK: Final = "verification.match_read_numbers"
_AFTER_MESSAGES: Final = -10
"""A row of photos must not hold up the codes that people wait for; the jobs of messages have priority 0."""
_LAST: Final = -20


def look_later(*, document_id: int) -> None:
    """Queue the look for copies of a kept photo, in the transaction that keeps it."""
    app.configure_task(MATCH_TASK, priority=_AFTER_MESSAGES).defer(document_id=document_id)


def look_when_idle(*, document_id: int) -> None:
    """Queue the look for copies of an older photo behind all other work, in the caller's transaction."""
    app.configure_task(MATCH_TASK, priority=_LAST).defer(document_id=document_id)


def look_by_numbers_later(*, document_id: int) -> None:
    """Queue the look among photos on which the same number was read, in the transaction that keeps the reading."""
    app.configure_task(MATCH_READ_TASK, priority=_AFTER_MESSAGES).defer(document_id=document_id)
