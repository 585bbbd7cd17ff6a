"""One import, from the file to the register."""

import csv
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
from participants.importing import rows, source, staging
from participants.importing.faults import SENTENCES, CannotRun, Fault
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

    `progress` is called with the number of rows read since its last call. A dry run does everything but keep it.
    `rejects` gets line, column, reason and the row as it was; it is written only when a row is refused.
    Raises `CannotRun` when nothing could be imported; that is recorded too.
    """
    at, started = at or timezone.now(), time.monotonic()
    try:
        sha256 = source.digest(path)
        with transaction.atomic():
            faults, counts = _import(path, at, progress)
            result = ImportResult(**counts, seconds=round(time.monotonic() - started, 2))
            _record(result, path, sha256, by, user, at)
            transaction.set_rollback(dry_run)
        if faults and rejects:
            _write_rejects(path, rejects, faults)
    except CannotRun as refusal:
        record_alone("import.refused", by=by, reason=refusal.fault)
        raise
    return result


def _import(path: Path, at: datetime, progress: Callable[[int], object]) -> tuple[Mapping[int, Fault], dict[str, int]]:
    branches = dict(Branch.objects.values_list("code", "pk"))
    faults: dict[int, Fault] = {}
    today = timezone.localdate(at)
    total = 0
    with staging.loading() as add:
        for number, _raw, values in source.rows(path):
            row = values if isinstance(values, Fault) else rows.read(values, branches=branches, today=today)
            if isinstance(row, Fault):
                faults[number] = row
            else:
                add(number, row)
            total += 1
            if total % STEP == 0:
                progress(STEP)
    progress(total % STEP)
    faults |= staging.refuse()
    kept = staging.keep_numbers(at)
    updated = staging.update(at)
    created = staging.insert(at)
    good = total - len(faults)
    return faults, {
        "rows": total,
        "created": created,
        "updated": updated,
        "unchanged": good - created - updated,
        "refused": len(faults),
        "kept_numbers": kept,
    }


def _record(result: ImportResult, path: Path, sha256: str, by: Actor, user: User | None, at: datetime) -> None:
    counts = {name: getattr(result, name) for name in ("rows", "created", "updated", "unchanged", "refused")}
    batch = ImportBatch.objects.create(
        file_name=path.name[:255], sha256=sha256, imported_at=at, imported_by=user, **counts
    )
    record("import.finished", by=by, about=Thing.of(batch), after={"sha256": sha256, **counts}, at=at)


def _write_rejects(path: Path, rejects: Path, faults: Mapping[int, Fault]) -> None:
    with rejects.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "column", "reason", "sentence", *source.header(path)])
        for number, raw, _values in source.rows(path):
            if fault := faults.get(number):
                writer.writerow([number, fault.column, fault.code, SENTENCES[fault.code], *raw])
