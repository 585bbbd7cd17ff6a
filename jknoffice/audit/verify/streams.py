"""Rows by the million with flat memory: one snapshot of the database, cursors that stay on the server."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

ROWS_AT_ONCE = 2000


@contextmanager
def snapshot() -> Iterator[None]:
    """See the database as it is now, until the end, and change nothing. Inside a transaction it is that one's view."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def rows(statement: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query inside a transaction, a few thousand in memory at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while chunk := cursor.fetchmany(ROWS_AT_ONCE):
            yield from chunk


def value(statement: str, parameters: Sequence[Any] = ()) -> Any:
    """Return the first column of the first row, None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found = cursor.fetchone()
        return found[0] if found else None
