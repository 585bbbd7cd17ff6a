"""One import, from the file to the register."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from jknoffice.accounts.models import Branch, User
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record, record_alone
from participants.importing import rejects as rejects_file
from participants.importing import rows, staging
from participants.importing.faults import CannotRun, Fault
from participants.importing.source import Source
from participants.models import ImportBatch

STEP = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What an import did; `kept_numbers` were changed lately by a request and not taken back by the file."""

    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
    kept_numbers: int
    seconds: float


def run_import(
    *,
    path: Path,
    by: Actor,
    user: User | None,
    rejects: Path | None,
    dry_run: bool,
    progress: Callable[[int], object] = lambda _rows: None,
    at: datetime | None = None,
) -> ImportResult:
    """Import a CSV file: all good rows in one transaction, the others into the `rejects` file.

    Arguments:
        path: the file, UTF-8 with a header (`columns.py`). A column that it lacks is left as it is in the register.
        by, user: who does it, as the log names them, and their account where they have one.
        rejects: where refused rows go (`rejects.py`); None to write them nowhere.
        dry_run: do everything but keep it; the rejects file is written all the same.
        progress: is called with the number of rows read since its last call.
        at: aware datetime, now when left out; numbers that the file changes are registered as changed at this moment.

    Raises `CannotRun` when nothing could be imported; that is recorded. Must be called outside a transaction.
    """
    at, started = at or timezone.now(), time.monotonic()
    try:
        if rejects:
            rejects_file.demand_other_file(path, rejects)
        source = Source.of(path)
        with transaction.atomic():
            total, faults = _stage(source, at, progress)
            kept = staging.kept_numbers(at) if "phone" in source.places else 0
            counts = _publish(source, total, len(faults), at)
            _record(counts, source, by, user, at)
            if rejects:
                rejects_file.write(source, rejects, faults)
            transaction.set_rollback(dry_run)
    except CannotRun as refusal:
        record_alone("import.refused", by=by, reason=refusal.fault)
        raise
    return ImportResult(**counts, kept_numbers=kept, seconds=round(time.monotonic() - started, 2))


def _stage(source: Source, at: datetime, progress: Callable[[int], object]) -> tuple[int, Mapping[int, Fault]]:
    """Put the good rows into the staging table; return the number of all rows, and the faults of the others by line."""
    branches = {code.upper(): pk for code, pk in Branch.objects.values_list("code", "pk")}
    today = timezone.localdate(at)
    faults: dict[int, Fault] = {}
    total = 0
    with staging.loading() as add:
        for total, line in enumerate(source.lines(), start=1):
            texts = line.texts
            row = texts if isinstance(texts, Fault) else rows.read(texts, branches=branches, today=today)
            if isinstance(row, Fault):
                faults[line.number] = row
            else:
                add(line.number, row)
            if total % STEP == 0:
                progress(STEP)
    progress(total % STEP)
    return total, faults | staging.refuse()


def _publish(source: Source, total: int, refused: int, at: datetime) -> dict[str, int]:
    updated = staging.update(source.places, at)
    created = staging.insert(at)
    return {
        "rows": total,
        "created": created,
        "updated": updated,
        "unchanged": total - refused - created - updated,
        "refused": refused,
    }


def _record(counts: Mapping[str, int], source: Source, by: Actor, user: User | None, at: datetime) -> None:
    # A file's name may hold bytes that are no UTF-8; the database takes text only.
    name = os.fsencode(source.path.name).decode(errors="replace")[:255]
    batch = ImportBatch.objects.create(file_name=name, sha256=source.sha256, imported_at=at, imported_by=user, **counts)
    record("import.finished", by=by, about=Thing.of(batch), after={"sha256": source.sha256, **counts}, at=at)
