"""File → staging: chunk after chunk is copied, each in a transaction, while the one before is checked."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from itertools import dropwhile, islice

from django.db import connection

from jknoffice.accounts.models import Branch
from participants.importing import checking, staging
from participants.importing.cells import Lines
from participants.importing.source import Source

BLOCK = 2_000
CHUNK = 50 * BLOCK
PARALLEL_FROM = 16 * 1024 * 1024
"""Bytes of a file from which on a second connection pays, which checks while the first one copies."""


def fill(*, source: Source, today: date, resume: bool, progress: Callable[[int, int | None], object]) -> int:
    """Stage and check the whole file; return the number of its rows.

    `progress` is called with the rows so far and an estimate of all. Raises `CannotRun` for what makes the file
    unreadable; then nothing stays in staging.
    """
    before = staging.begin(fingerprint=_fingerprint(source), resume=resume)
    rows, end = before.rows, before.staged_to
    lines, checker = Lines(source), _Checker(source, today)
    rest = dropwhile(lambda row: row[0] <= end, source.rows()) if end else source.rows()
    with ThreadPoolExecutor(max_workers=1) as thread:
        parallel = source.size >= PARALLEL_FROM
        running: Future[None] | None = None
        checked_to = before.checked_to
        while True:
            if checked_to < end:
                if running:
                    running.result()
                if parallel:
                    running = thread.submit(checker.check_apart, checked_to, end)
                else:
                    checker.check(checked_to, end)
                checked_to = end
            chunk = _Chunk(rest, lines)
            with staging.step() as cursor:
                with cursor.copy(f"COPY participants_staged ({', '.join(lines.columns)}) FROM STDIN") as copy:
                    for block in chunk.blocks():
                        copy.write(block)
                        progress(rows + chunk.rows, _estimate(source, rows + chunk.rows))
                if not chunk.rows:
                    break
                rows, end = rows + chunk.rows, chunk.end
                cursor.execute("UPDATE participants_stage SET rows = %s, staged_to = %s", [rows, end])
        if running:
            running.result()
    with connection.cursor() as cursor:
        # Without `fault` PostgreSQL takes nearly all rows for bad ones, and looks each good one up by an index.
        cursor.execute("ANALYZE participants_checked (line, fault, nik, card_number)")
    return rows


class _Chunk:
    """The next rows of a file, and what is known of them once they have been read."""

    def __init__(self, rest: Iterator[tuple[int, list[str]]], lines: Lines) -> None:
        self._rest, self._lines = rest, lines
        self.rows = self.end = 0

    def blocks(self) -> Iterator[str]:
        """Yield the text for COPY."""
        while self.rows < CHUNK and (rows := list(islice(self._rest, BLOCK))):
            self.rows, self.end = self.rows + len(rows), rows[-1][0]
            yield self._lines.block(rows)


class _Checker:
    """Checks chunks, in this connection or in one of its own thread."""

    def __init__(self, source: Source, today: date) -> None:
        branches = {code.upper(): pk for code, pk in Branch.objects.values_list("code", "pk")}
        self._statement = checking.statement(source.places)
        self._values: dict[str, str | date | int] = {"branches": json.dumps(branches), "today": today}

    def check(self, after: int, to: int) -> None:
        with staging.step(DateStyle="ISO, DMY") as cursor:
            cursor.execute(self._statement, {**self._values, "after": after, "to": to})
            cursor.execute("UPDATE participants_stage SET checked_to = %s", [to])

    def check_apart(self, after: int, to: int) -> None:
        try:
            self.check(after, to)
        finally:
            connection.close()


def _estimate(source: Source, rows: int) -> int | None:
    position = source.position()
    return round(rows * source.size / position) if position else None


def _fingerprint(source: Source) -> str:
    reading = [source.sha256, sorted(source.places.items())]
    return sha256(json.dumps(reading).encode()).hexdigest()
