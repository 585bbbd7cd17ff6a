"""What time it is: by this machine's clock, and where that is wrong, by the database's.

All processes share one database, and so one clock: a hold that began on a machine whose clock is an hour behind does
not end an hour early, and a worker whose clock jumps ahead ends no hold, shreds no photo and expires no code before its
time. `manage.py doctor` names a clock that is off.
"""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.signals import connection_created
from django.utils import timezone

LEEWAY = timedelta(seconds=2)
"""Up to this much both agree, and ours is asked: it costs nothing."""
TICKS = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""A clock that nobody sets, and that goes on while the machine sleeps (Linux's monotonic one stands still then)."""
KEPT_SECONDS = 300.0
"""After this the database is asked again. Each new connection asks as well; web processes make one a minute."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the database's clock said, and when by `TICKS`."""

    database: datetime
    at: float


_seen: _Seen | None = None


def now() -> datetime:
    """Return the present moment, for everything that is counted from, or ended by, a moment.

    Raises django.db.OperationalError when the database was never asked and does not answer.
    """
    if _seen is None or _ticks() - _seen.at > KEPT_SECONDS:
        connection.ensure_connection()
        _ask(connection)
    ours = timezone.now()
    if _seen is None:
        return ours
    theirs = _seen.database + timedelta(seconds=_ticks() - _seen.at)
    return ours if abs(ours - theirs) <= LEEWAY else theirs


def _ticks() -> float:
    return time.clock_gettime(TICKS)


def _ask(connection: Any) -> None:
    """Ask the database past Django, whose queries are counted. Without an answer the last one stays."""
    global _seen
    if connection.alias != DEFAULT_DB_ALIAS or connection.connection is None:
        return
    with suppress(psycopg.Error):
        asked = _ticks()
        with psycopg.ClientCursor(connection.connection) as cursor:
            row = cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
        if row and _ticks() - asked < LEEWAY.total_seconds():
            _seen = _Seen(datetime.fromtimestamp(float(row[0]), timezone.get_current_timezone()), _ticks())


def _connected(connection: Any, **_kwargs: object) -> None:
    _ask(connection)


connection_created.connect(_connected)
