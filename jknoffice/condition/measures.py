"""What is measured, each by a query of its own that an index or a small table answers. No personal data."""

import shutil
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from django.core.files.storage import storages
from django.db import connection
from django.db.models import Count, Min
from django.db.models.functions import Now
from django.utils import timezone

from jknoffice import clock
from jknoffice.accounts.models import Branch
from verification.documents.store import StorageFault
from verification.models import OutboxMessage, PhoneChangeRequest
from verification.models.outbox import MessageStatus
from verification.states import OPEN, Status

WORKER_SILENT = timedelta(seconds=60)
"""A worker says every 10 s that it lives."""
ARCHIVE_SLOT = "archive"
"""Of `jknoffice.backup.receive`."""
REPEATEDLY = 3
"""So many failed attempts, three minutes, are no hiccup."""


class Archiving(StrEnum):
    """How the log of the database (WAL) gets into the archive of back-ups (docs/runbooks/backup.md)."""

    NONE = "none"
    FOLLOWED = "followed"
    STANDS = "stands"
    HOLE = "hole"


def open_requests() -> Mapping[str, int]:
    """Return how many requests stand in each open state."""
    found = PhoneChangeRequest.objects.open().values_list("status").annotate(n=Count("pk")).order_by("status")
    return {**dict.fromkeys(sorted(OPEN), 0), **dict(found)}


def oldest_waiting_seconds() -> float:
    """Return for how long the oldest case of the queue has waited; 0 when nothing waits."""
    queued = PhoneChangeRequest.objects.filter(status=Status.QUEUED)
    oldest = queued.aggregate(oldest=Min("submitted_at"))["oldest"]
    return (clock.now() - oldest).total_seconds() if oldest else 0.0


def closed_last_day() -> Mapping[str, int]:
    """Return how many requests of any branch ended in each state within 24 hours."""
    since = clock.now() - timedelta(days=1)
    # The index is by branch: named one by one, each is a short walk.
    branches = list(Branch.objects.values_list("pk", flat=True))
    ended = PhoneChangeRequest.objects.filter(branch__in=branches, closed_at__gte=since).values_list("status")
    return dict(ended.annotate(n=Count("pk")).order_by("status"))


def messages() -> Mapping[str, int]:
    """Return how many messages wait, and how many no gateway took."""
    watched = (MessageStatus.WAITING, MessageStatus.FAILED)
    found = OutboxMessage.objects.filter(status__in=watched).values_list("status").annotate(n=Count("pk"))
    return {**{status.value: 0 for status in watched}, **dict(found.order_by("status"))}


def messages_refused() -> int:
    """Return how many messages no gateway took `REPEATEDLY`, and are still tried: no hiccup any more."""
    return OutboxMessage.objects.filter(status=MessageStatus.WAITING, attempts__gte=REPEATEDLY).count()


def oldest_message_seconds() -> float:
    """Return for how long the message that waits longest could have been sent; 0 when none could."""
    due = OutboxMessage.objects.filter(status=MessageStatus.WAITING, next_try_at__lte=Now())
    oldest = due.aggregate(oldest=Min("next_try_at"))["oldest"]
    return (clock.now() - oldest).total_seconds() if oldest else 0.0


def jobs() -> Mapping[tuple[str, str], int]:
    """Return how many jobs wait, run or have failed, by queue and status."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs"
            " WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return {(queue, status): count for queue, status, count in cursor.fetchall()}


def worker_silent_seconds() -> float | None:
    """Return how long ago any worker said that it lives; None when none ever did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers")
        row = cursor.fetchone()
    return row[0] if row else None


def worker_lives() -> bool:
    """Return whether a worker has said so within `WORKER_SILENT`."""
    silent = worker_silent_seconds()
    return silent is not None and silent <= WORKER_SILENT.total_seconds()


def storage_trouble() -> str:
    """Return in a sentence, without addresses, why the storage of photos cannot be used; "" when it can."""
    try:
        # A folder may still have to be made, a bucket has to be there.
        storages["documents"].exists("")
    except StorageFault as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - each storage fails in its own way
        return f"The storage does not answer ({type(error).__name__})."
    return ""


def storage_is_public() -> bool:
    """Return whether anybody can list a bucket without a key. Photos are encrypted, their number and times are not."""
    asked = getattr(storages["documents"], "anyone_may_read", None)
    return asked is not None and asked()


def free_share(folder: Path) -> float:
    """Return the free part (0 to 1) of the disk on which a folder lies, or will."""
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total


def archiving() -> Archiving:
    """Return how the log of the database gets into the archive: by our slot, or else by `archive_command`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN active THEN 'followed' WHEN wal_status = 'lost' OR restart_lsn IS NULL THEN 'hole'"
            " ELSE 'stands' END"
            " FROM pg_replication_slots WHERE slot_name = %s UNION ALL"
            " SELECT CASE WHEN current_setting('archive_mode') = 'off' THEN 'none'"
            " WHEN last_failed_time > coalesce(last_archived_time, '-infinity') THEN 'stands' ELSE 'followed' END"
            " FROM pg_stat_archiver",
            [ARCHIVE_SLOT],
        )
        return Archiving(cursor.fetchall()[0][0])


def clock_seconds() -> float:
    """Return by how much the clock of the database is before ours (negative: behind)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    return (row[0] - timezone.now()).total_seconds() if row else 0.0
