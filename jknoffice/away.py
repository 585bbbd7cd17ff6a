"""The database is away: every request is then answered with 503 and a sentence (RFC 9110, 15.6.4), none with 500.

`failed()` is Django's `handler500`, and so sees what any view or middleware raised, a session that cannot be saved as
well. `RETRY_SECONDS` stands in `Retry-After` of each 503 that says nothing else (`headers.HeadersMiddleware`).
"""

import sys
from collections.abc import Iterator

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext_lazy as _
from django.views.defaults import server_error

RETRY_SECONDS = 30
"""After a promotion of the standby pages were served again within that time (docs/benchmarks.md, "Faults")."""
SENTENCE = _("The service is interrupted at the moment. Please try again in a minute.")

# A server that cannot be reached, ends connections, has no room or gives up waiting; one that was demoted is read-only.
_AWAY = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
)


def is_away(error: BaseException | None) -> bool:
    """Return whether an error, or one that led to it, says that the database cannot do its work at the moment."""
    return any(isinstance(each, _AWAY) for each in _causes(error))


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a request that raised an error: 503 when the database is away, else 500. Asks no database itself."""
    if not is_away(sys.exc_info()[1]):
        return server_error(request)
    sent = request.method not in {"GET", "HEAD"}
    return HttpResponse(loader.render_to_string("503.html", {"sent": sent}), status=503)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, and those that it was raised from or while handling."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
