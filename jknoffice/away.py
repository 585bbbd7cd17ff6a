"""The database is away: every request is then answered with 503 and a sentence (RFC 9110, 15.6.4), none with 500.

`errors.failed()`, Django's `handler500`, sees what any view or middleware raised, also a session that cannot be saved.
`RETRY_SECONDS` stands in `Retry-After` of each 503 that says nothing else (`headers.HeadersMiddleware`).
"""

from collections.abc import Iterator

import psycopg
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

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


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, and those that it was raised from or while handling."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
