"""How often is too often: counters in PostgreSQL that no race can slip past."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

from jknoffice.accounts.models import Counter
from jknoffice.crypto import Purpose, key_for, keyed_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `most` events of one `name` for each subject in each window of `window` length."""

    name: str
    most: int
    window: timedelta


def count(limit: Limit, subject: str, *, at: datetime | None = None) -> bool:
    """Count one event for `subject` and return whether it is still within the limit.

    The event counts even when it is refused. It belongs to the caller's transaction: count in one that commits,
    or a roll-back forgets the attempt.
    """
    seconds = int(limit.window.total_seconds())
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_counter AS c (key, window_start, window_seconds, n)
            VALUES (%(key)s, date_bin(make_interval(secs => %(seconds)s), %(at)s, 'epoch'), %(seconds)s, 1)
            ON CONFLICT (key, window_seconds, window_start) DO UPDATE SET n = c.n + 1
            RETURNING n
            """,
            {"key": _key(limit, subject), "seconds": seconds, "at": at or timezone.now()},
        )
        row = cursor.fetchone()
    return bool(row[0] <= limit.most)


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
    now = at or timezone.now()
    Counter.objects.filter(
        key=_key(limit, subject),
        window_seconds=int(limit.window.total_seconds()),
        window_start__gt=now - limit.window,
        window_start__lte=now,
    ).update(n=F("n") - 1)


def wait(limit: Limit, *, at: datetime | None = None) -> timedelta:
    """Return how long it is until the next window begins, in which everything is possible again."""
    length = limit.window.total_seconds()
    return timedelta(seconds=length - (at or timezone.now()).timestamp() % length)


def _key(limit: Limit, subject: str) -> bytes:
    return keyed_hash(key_for(Purpose.RATE), limit.name, subject)
