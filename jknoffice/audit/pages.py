"""One page of entries, newest first, at the same speed on the first and on the ten-thousandth page.

There is no count: counting millions of rows would take longer than reading them.
"""

from dataclasses import dataclass

from jknoffice.audit.models import AuditLog
from jknoffice.audit.scope import AuditLogQuerySet

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some entries. `older_than` is the id to go on from, or None on the last page."""

    entries: list[AuditLog]
    older_than: int | None


def page_of(entries: AuditLogQuerySet, *, older_than: int | None = None, size: int = PAGE_SIZE) -> Page:
    """Return `size` of the entries, newest first, going on after the one whose id is `older_than`.

    An id that is not among them starts at the newest.
    """
    if older_than is not None:
        at_us = entries.filter(pk=older_than).values_list("at_us", flat=True).first()
        if at_us is not None:
            entries = entries.filter(at_us__lte=at_us).exclude(at_us=at_us, pk__gte=older_than)
    rows = list(entries.order_by("-at_us", "-pk")[: size + 1])
    return Page(entries=rows[:size], older_than=rows[size - 1].pk if len(rows) > size else None)
