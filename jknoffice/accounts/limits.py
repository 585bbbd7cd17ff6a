"""How often is too often: counters in PostgreSQL that no race can slip past."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet

from jknoffice import clock
from jknoffice.accounts.models import Counter
from jknoffice.crypto import Purpose, key_for, keyed_hash

SLICES = 60
"""The parts in which a window is counted: an hour by minutes, a minute by seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `most` events of one `name` for each subject in any stretch of time as long as `window`.

    The window slides: there is no full hour around which twice as many get through. What was counted is forgotten
    between one window and one part of it (`slice`) later, never sooner.
    """

    name: str
    most: int
    window: timedelta

    @property
    def slice(self) -> timedelta:
        """The smallest time that is told apart."""
        return self.window / SLICES


def count(limit: Limit, subject: str, *, at: datetime | None = None) -> bool:
    """Count one event for `subject` unless the limit is used up, and return whether it was counted.

    What is refused does not count: who goes on trying at a door that is shut does not keep it shut. It belongs to the
    caller's transaction: count in one that commits, or a roll-back forgets the attempt.
    """
    at, key = at or clock.now(), _key(limit, subject)
    with transaction.atomic(), connection.cursor() as cursor:
        # In a statement of its own, before the one that reads: so that it sees whatever was counted until now.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(key[:8], "big", signed=True)])
        cursor.execute(
            """
            INSERT INTO accounts_counter AS c (key, window_start, window_seconds, n)
            SELECT %(key)s, date_bin(make_interval(secs => %(slice)s), %(at)s, 'epoch'), %(seconds)s, 1
            WHERE %(most)s > (
                SELECT coalesce(sum(n), 0) FROM accounts_counter
                WHERE key = %(key)s AND window_seconds = %(seconds)s AND window_start > %(after)s
            )
            ON CONFLICT (key, window_seconds, window_start) DO UPDATE SET n = c.n + 1
            """,
            {
                "key": key,
                "slice": limit.slice.total_seconds(),
                "at": at,
                "seconds": _seconds(limit),
                "most": limit.most,
                "after": at - limit.window - limit.slice,
            },
        )
        return bool(cursor.rowcount == 1)


def within(limit: Limit, subject: str, *, record: Callable[[], object], at: datetime | None = None) -> bool:
    """Count one event like `count()`; beyond the limit call `record` first, but once in each window.

    So nobody can flood the log with refusals. To be called outside of a transaction, so that nothing takes the
    count back.
    """
    if count(limit, subject, at=at):
        return True
    once = Limit(name=f"{limit.name} recorded", most=1, window=limit.window)
    if count(once, subject, at=at):
        record()
    return False


def give_back(limit: Limit, subject: str, *, at: datetime | None = None) -> None:
    """Take back one counted event: where only failures are to count, count first, so that no race slips past.

    Give the same `at` as to `count()`.
    """
    now = at or clock.now()
    counted = _counted(limit, subject, after=now - limit.slice)
    counted.filter(window_start__lte=now, n__gt=0).update(n=F("n") - 1)


def wait(limit: Limit, subject: str, *, at: datetime | None = None) -> timedelta:
    """Return how long it is until one more event of `subject` fits; nothing, where it fits now."""
    now, n = at or clock.now(), 0
    kept = limit.window + limit.slice
    counted = _counted(limit, subject, after=now - kept).order_by("-window_start")
    for start, more in counted.values_list("window_start", "n"):
        n += more
        if n >= limit.most:
            return max(timedelta(), start + kept - now)
    return timedelta()


def _counted(limit: Limit, subject: str, *, after: datetime) -> QuerySet[Counter]:
    return Counter.objects.filter(key=_key(limit, subject), window_seconds=_seconds(limit), window_start__gt=after)


def _seconds(limit: Limit) -> int:
    return int(limit.window.total_seconds())


def _key(limit: Limit, subject: str) -> bytes:
    return keyed_hash(key_for(Purpose.RATE), limit.name, subject)
