"""The tables between file and register, and how an interrupted import finds where to go on.

`participants_staged` holds the text of each row, `participants_checked` its values or its fault, `participants_stage`
the one row that says how far both have come. All are unlogged: after a crash of the server they are empty, together.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from participants.importing.faults import CannotRun

PATIENCE = 15.0
"""Seconds to wait for another import: as long as the server may need to notice that a killed one has died."""

_LOCK = "hashtextextended('participants.importing', 0)"
_TABLES = "participants_staged, participants_checked, participants_stage"

# A long statement ends soon after the process that has asked for it. Numbers for one import at a time, on a server
# with some gigabytes; compiling the statements (jit) costs more than it saves.
_SETTINGS = {
    "statement_timeout": "0",
    "transaction_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "client_connection_check_interval": "1s",
    "DateStyle": "ISO, DMY",
    "jit": "off",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "max_parallel_workers_per_gather": "2",
    "max_parallel_maintenance_workers": "2",
}


@dataclass(frozen=True, slots=True)
class Position:
    """How far staging has come: the number of rows, and the numbers of the last lines staged and checked."""

    rows: int = 0
    staged_to: int = 0
    checked_to: int = 0


@contextmanager
def alone() -> Iterator[None]:
    """Let no second import run. Raises `CannotRun` when one runs and does not end within `PATIENCE`."""
    until = time.monotonic() + PATIENCE
    while not _value(f"SELECT pg_try_advisory_lock({_LOCK})"):
        if time.monotonic() > until:
            raise CannotRun("busy", _("Another import is running. Try again when it has ended."))
        time.sleep(0.2)
    try:
        yield
    finally:
        if connection.is_usable():
            _value(f"SELECT pg_advisory_unlock({_LOCK})")


@contextmanager
def step(**settings: str) -> Iterator[CursorWrapper]:
    """A transaction of an import, with no limit of time; `settings` are further ones of PostgreSQL."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name, value in (_SETTINGS | settings).items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        yield cursor


def begin(*, fingerprint: str, resume: bool) -> Position:
    """Return where to begin: where an interrupted import of the same file stopped, if that is wanted, or at nothing.

    `fingerprint` names the file and how it is read.
    """
    with step() as cursor:
        if resume:
            cursor.execute(
                "SELECT rows, staged_to, checked_to FROM participants_stage WHERE fingerprint = %s", [fingerprint]
            )
            if found := cursor.fetchone():
                return Position(*found)
        _empty(cursor)
        cursor.execute("INSERT INTO participants_stage VALUES (%s, 0, 0, 0)", [fingerprint])
    return Position()


def clear() -> None:
    """Throw away what is staged: nobody will go on with it."""
    with step() as cursor:
        _empty(cursor)


def _empty(cursor: CursorWrapper) -> None:
    cursor.execute(f"TRUNCATE {_TABLES}")


def _value(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
        return row and row[0]
