"""Log lines without personal data."""

import logging
from collections.abc import Iterator
from types import TracebackType

from django.db import Error as DjangoError
from psycopg import Error as PostgresError

_Trouble = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Tells where and how something failed, but not in PostgreSQL's words, which quote the values of a row."""

    def formatException(self, ei: _Trouble) -> str:  # noqa: N802 - the name is logging's
        """Return the traceback, with the SQLSTATE in the place of each database error's message."""
        told = super().formatException(ei)
        for error in _chain(ei[1]):
            if isinstance(error, DjangoError | PostgresError) and str(error):
                told = told.replace(str(error), f"[SQLSTATE {_sqlstate(error)}]")
        return told


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those that led to it."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        found = waiting.pop()
        if found is not None and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += [found.__cause__, found.__context__]


def _sqlstate(error: BaseException) -> str:
    """Return PostgreSQL's code of an error; Django's errors have it in their cause."""
    return str(getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None) or "unknown")
