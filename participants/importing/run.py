"""One import, from the file to the register."""

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
            faults = _stage(source, at, progress)
            kept = staging.kept_numbers(at) if "phone" in source.places else 0
            counts = _publish(source, faults, at)
            _record(counts, source, by, user, at)
            if rejects:
                rejects_file.write(source, rejects, faults)
            transaction.set_rollback(dry_run)
    except CannotRun as refusal:
        record_alone("import.refused", by=by, reason=refusal.fault)
        raise
    return ImportResult(**counts, kept_numbers=kept, seconds=round(time.monotonic() - started, 2))
