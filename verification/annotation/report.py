"""How well the machine reads, measured by what people corrected; and reading again."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from verification.annotation.work import READ_TASK
from verification.models import DocumentReading, ReadingCorrection
from verification.models.reading import ReadingStatus

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One month (YYYY-MM) and field: on how many photos that were read it was read, and how often corrected."""

    month: str
    field: str
    photos: int
    read: int
    corrected: int


def report() -> Iterator[Line]:
    """Yield the lines of each month, by field."""
    photos: Counter[str] = Counter()
    read: Counter[tuple[str, str]] = Counter()
    done = DocumentReading.objects.filter(status=ReadingStatus.DONE)
    for at, content in done.values_list("read_at", "content").iterator():
        month = f"{at:%Y-%m}" if at else ""
        photos[month] += 1
        read.update((month, field) for field in (content or {}).get("fields", {}))
    corrected: Counter[tuple[str, str]] = Counter()
    # One of a field counts once, however often it was written.
    ever = ReadingCorrection.objects.values_list("reading__read_at", "reading", "field").order_by().distinct()
    corrected.update((f"{at:%Y-%m}" if at else "", field) for at, _reading, field in ever)
    for month, field in sorted(read.keys() | corrected.keys()):
        yield Line(
            month=month,
            field=field,
            photos=photos[month],
            read=read[month, field],
            corrected=corrected[month, field],
        )


def read_again(*, since: datetime | None = None, not_by: str = "", at: datetime, dry_run: bool = False) -> int:
    """Order the reading of photos once more: those read or given up since a moment, and not by engine `not_by`.

    What people corrected stays. Returns how many photos; with `dry_run` nothing is ordered. Batch-wise, each batch with
    its entry in the log. Does nothing where reading is off.
    """
    chosen = DocumentReading.objects.exclude(status=ReadingStatus.WAITING)
    if since:
        chosen = chosen.filter(read_at__gte=since)
    if not_by:
        chosen = chosen.exclude(engine_version=not_by)
    if dry_run or not settings.READING:
        return chosen.count() if dry_run else 0
    total = 0
    while count := _order_batch(list(chosen.order_by("pk").values_list("pk", "document")[:BATCH]), at):
        total += count
    return total


@transaction.atomic
def _order_batch(rows: list[tuple[int, int]], at: datetime) -> int:
    if rows:
        again = DocumentReading.objects.filter(pk__in=[pk for pk, _document in rows])
        again.update(status=ReadingStatus.WAITING, content=None, failure="", read_at=None)
        for _pk, document in rows:
            app.configure_task(READ_TASK).defer(document_id=document)
        record("document.read_again", by=Actor.system("command"), after={"photos": len(rows)}, at=at)
    return len(rows)
