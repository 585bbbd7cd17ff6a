"""Asking the worker to look for copies of a photo."""

from typing import Final

from procrastinate.contrib.django import app

MATCH_TASK: Final = "verification.match_photo"
_AFTER_ALL_OTHERS: Final = -10
"""A row of photos must not hold up the codes that people wait for; the jobs of messages have priority 0."""


def look_later(*, document_id: int) -> None:
    """Queue the look for copies of a kept photo, in the transaction that keeps it."""
    app.configure_task(MATCH_TASK, priority=_AFTER_ALL_OTHERS).defer(document_id=document_id)
