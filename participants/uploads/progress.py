"""Telling how far the worker has come."""

import time
from types import TracebackType
from typing import Self

from django.db import DEFAULT_DB_ALIAS, connections

from participants.importing import Phase
from participants.models import ImportUpload

EVERY = 0.5
"""Seconds between two reports, unless the phase changes."""


class Unwanted(Exception):
    """The file has been deleted meanwhile: nobody wants this work any more."""


class Progress:
    """Writes the progress of an import over a connection of its own, which sees no transaction of the import.

    Use it as a context manager, and call it as `participants.importing.run.Progress` says. Raises `Unwanted`.
    """

    def __init__(self, upload: ImportUpload) -> None:
        self._pk, self._state = upload.pk, upload.state
        self._phase, self._next = "", 0.0

    def __enter__(self) -> Self:
        self._connection = connections.create_connection(DEFAULT_DB_ALIAS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def __call__(self, rows: int, phase: Phase, expected: int | None) -> None:
        """Write it down, unless that was done a moment ago."""
        if phase == self._phase and time.monotonic() < self._next:
            return
        with self._connection.cursor() as cursor:
            cursor.execute(
                "UPDATE participants_importupload SET phase = %s, rows_read = %s, rows_expected = %s"
                " WHERE id = %s AND state = %s",
                [phase, rows, expected, self._pk, self._state],
            )
            if not cursor.rowcount:
                raise Unwanted
        self._phase, self._next = phase, time.monotonic() + EVERY
