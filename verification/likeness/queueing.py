"""Asking the worker to look for copies of a photo."""

from typing import Final

from procrastinate.contrib.django import app

MATCH_TASK: Final = "verification.match_photo"


def look_later(*, document_id: int) -> None:
    """Queue the look for copies of a kept photo, in the transaction that keeps it."""
    app.configure_task(MATCH_TASK).defer(document_id=document_id)
