"""Log lines without personal data: for people, or one JSON object each for a collector."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType

from django.db import Error as DjangoError
from django.http import HttpRequest
from psycopg import Error as PostgresError

from jknoffice.audit.context import current_session
from jknoffice.tracing import current_request

_Trouble = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class RouteFilter(logging.Filter):
    """Puts the route where Django quotes the path of a request, which may carry the secret of a link or a reference."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every line."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            match = request.resolver_match
            route = match.route if match else "no route"
            # `log_response()` escapes what it is given.
            paths = {request.path, request.path.encode("unicode_escape").decode("ascii")}
            record.args = tuple(route if each in paths else each for each in record.args)
        return True


class DiscreetFormatter(logging.Formatter):
    """Tells where and how something failed, but not in PostgreSQL's words, which quote the values of a row."""

    def formatException(self, ei: _Trouble) -> str:  # noqa: N802 - the name is logging's
        """Return the traceback, with the SQLSTATE in the place of each database error's message."""
        told = super().formatException(ei)
        for error in _chain(ei[1]):
            if isinstance(error, DjangoError | PostgresError) and str(error):
                told = told.replace(str(error), f"[SQLSTATE {_sqlstate(error)}]")
        return told


class JsonFormatter(DiscreetFormatter):
    """One JSON object a line.

    `request` is what `X-Request-ID` told the browser, `session` what the entries of the audit log call the session:
    with these two a line, its request and the entries that it left are found together. `served` describes a request.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; keys that would be empty are left out."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": current_request(),
            "session": getattr(record, "session", "") or current_session(),
            "served": getattr(record, "served", None),
            "exception": self.formatException(record.exc_info) if record.exc_info else "",
        }
        return json.dumps({name: value for name, value in line.items() if value}, ensure_ascii=False)


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
