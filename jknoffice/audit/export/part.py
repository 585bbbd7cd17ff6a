"""Which leaves an export shows."""

from dataclasses import dataclass
from datetime import datetime

from jknoffice.audit.models import AuditCheckpoint, AuditOrigin
from jknoffice.audit.moments import microseconds
from jknoffice.audit.verify.streams import rows

_FAR = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The leaves from `first` to before `after`, out of `size`; entries between two moments are all among them."""

    first: int
    after: int
    size: int
    since_us: int = -_FAR
    until_us: int = _FAR


def part_between(origin: AuditOrigin, size: int, since: datetime | None, until: datetime | None) -> Part:
    """Return the part of the first `size` leaves that holds all entries from `since` to before `until` (None: open).

    It begins and ends at a checkpoint, so that it may hold a few entries more.
    """
    if since is None and until is None:
        return Part(first=0, after=size, size=size)
    since_us = microseconds(since) if since else -_FAR
    until_us = microseconds(until) if until else _FAR
    [(lowest, highest)] = rows(
        """
        SELECT min(leaf.seq), max(leaf.seq) FROM audit_auditlog AS entry
        JOIN audit_auditleaf AS leaf ON leaf.audit_id = entry.id
        WHERE leaf.origin_id = %s AND leaf.seq < %s AND entry.at_us >= %s AND entry.at_us < %s
        """,
        [origin.pk, size, since_us, until_us],
    )
    if lowest is None:
        return Part(first=0, after=0, size=size, since_us=since_us, until_us=until_us)
    sizes = AuditCheckpoint.objects.filter(origin=origin).values_list("size", flat=True)
    return Part(
        first=sizes.filter(size__lte=lowest).order_by("size").last() or 0,
        after=min(size, sizes.filter(size__gt=highest).order_by("size").first() or size),
        size=size,
        since_us=since_us,
        until_us=until_us,
    )
