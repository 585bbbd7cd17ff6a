"""One import, from the file to the register."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.db import transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record, record_alone
from participants.importing import comparing, filling, publishing, reports, staging
from participants.importing.faults import CannotRun
from participants.importing.source import Source
from participants.models import ImportBatch

PROTECTED_FOR = timedelta(days=30)
"""Numbers and e-mail addresses that were changed so lately are kept unless somebody says of when the file is: for as
long as a change can be undone."""


class Phase(StrEnum):
    """What an import is doing."""

    READING = "reading"
    COMPARING = "comparing"
    WRITING = "writing"
    INDEXING = "indexing"
    REPORTING = "reporting"


Progress = Callable[[int, Phase, int | None], object]
"""Is called with the rows read so far, the phase, and an estimate of all rows where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What an import did, or in a dry run would have done.

    `rows` = created + updated + unchanged + refused; repeated rows count as unchanged. `kept_phone` numbers and
    `kept_email` addresses were changed since and not taken back by the file. `batch` is the id of the
    `ImportBatch`, None after a dry run. `reasons` counts the refused rows by code, `missing` the participants whom a
    full file lacks, `unknown` lists the columns of the file that mean nothing to us.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
    warnings: int
    kept_phone: int
    kept_email: int
    seconds: float
    rows_per_second: int
    batch: int | None
    reasons: Mapping[str, int] = field(default_factory=dict)
    missing: int = 0
    unknown: Sequence[str] = ()

    @property
    def changed_nothing(self) -> bool:
        """Whether all good rows were in the register already."""
        return not self.created and not self.updated


def run_import(
    *,
    path: Path,
    by: Actor,
    user: User | None,
    rejects: Path | None,
    warnings: Path | None = None,
    missing: Path | None = None,
    dry_run: bool = False,
    resume: bool = False,
    full: bool = False,
    as_of: datetime | None = None,
    columns: Path | Mapping[str, int] | None = None,
    file_name: str = "",
    progress: Progress = lambda _rows, _phase, _all: None,
    at: datetime | None = None,
) -> ImportResult:
    """Import a file: all good rows in one transaction, the others into the `rejects` file.

    Arguments:
        path: the file (`source.py`). A column that it lacks is left as it is in the register.
        by, user: who does it, as the log names them, and their account where they have one.
        rejects, warnings: where refused rows and those warned of go (`reports.py`); None to write them nowhere.
        missing: where participants go whom the file lacks, if it is `full`: they are reported, never deleted.
        dry_run: do everything but write to the register; the reports are written all the same.
        resume: go on with what an interrupted import of the same file has staged.
        as_of: aware datetime of which the file tells the state: numbers and e-mail addresses changed later are kept.
            When left out it is the earlier of `PROTECTED_FOR` ago and the moment the file was last modified. That
            moment alone would not do, since copying a file makes it younger.
        columns: a file that says which column is which (`columns.py`), or the place of each of our columns.
        file_name: what the batch calls the file; its name on disk when left out.
        progress: see `Progress`.
        at: aware datetime, now when left out; what the file changes of them is registered as changed at this moment.

    Raises `CannotRun` when nothing could be imported; that is recorded. Must be called outside a transaction.
    """
    at, started = at or clock.now(), time.monotonic()
    try:
        reports.demand_other_files(path, [rejects, warnings, missing])
        with staging.alone():
            source = Source.of(path, columns=columns)
            work = _Import(source, as_of or _as_of(path, at), at, progress, file_name or path.name)
            try:
                work.read(resume=resume)
                with staging.step() as cursor:
                    work.compare(cursor, dry_run=dry_run)
                    work.report(rejects, warnings, missing, full=full)
                    result = work.result(started)
                    if dry_run:
                        transaction.set_rollback(True)
                    else:
                        result = _recorded(work, result, by, user)
                if dry_run:
                    staging.clear()
            except CannotRun:
                staging.clear()
                raise
    except CannotRun as refusal:
        record_alone("import.refused", by=by, reason=refusal.fault)
        raise
    return result


class _Import:
    """The parts of one import, and what they have counted so far."""

    def __init__(self, source: Source, as_of: datetime, at: datetime, progress: Progress, file_name: str) -> None:
        self.source, self.as_of, self.at, self._progress, self.file_name = source, as_of, at, progress, file_name
        self.rows = self.created = self.updated = self.changed_phone = self.missing = 0
        self.kept: dict[str, int] = {}
        self.reasons: dict[str, int] = {}
        self.warnings: dict[str, int] = {}

    def read(self, *, resume: bool) -> None:
        self.rows = filling.fill(
            source=self.source,
            today=timezone.localdate(self.at),
            resume=resume,
            progress=lambda rows, total: self._progress(rows, Phase.READING, total),
        )

    def compare(self, cursor: CursorWrapper, *, dry_run: bool) -> None:
        """Compare with the register and, unless this is a dry run, write the differences."""
        self._tell(Phase.COMPARING)
        comparing.compare(cursor, self.source.places)
        if dry_run:
            self.created, self.updated = publishing.foresee(cursor, self.as_of)
        else:
            self._tell(Phase.WRITING)
            self.created, self.updated = publishing.publish(
                cursor,
                self.source.places,
                as_of=self.as_of,
                at=self.at,
                indexing=lambda: self._tell(Phase.INDEXING),
            )
        self.kept = {f"kept_{each}": comparing.note_kept(cursor, each, self.as_of) for each in comparing.KEPT}
        self.changed_phone = comparing.count_numbers(cursor) - self.kept["kept_phone"]

    def report(self, rejects: Path | None, warnings: Path | None, missing: Path | None, *, full: bool) -> None:
        self._tell(Phase.REPORTING)
        self.reasons, self.warnings = reports.count(reports.REFUSED), reports.count(reports.WARNED)
        for rows, path in ((reports.REFUSED, rejects), (reports.WARNED, warnings)):
            if path:
                reports.write(rows, path, self.source)
        if full:
            self.missing = reports.count_missing()
            if missing:
                reports.write_missing(missing)

    def result(self, started: float) -> ImportResult:
        refused, seconds = sum(self.reasons.values()), time.monotonic() - started
        return ImportResult(
            rows=self.rows,
            created=self.created,
            updated=self.updated,
            unchanged=self.rows - refused - self.created - self.updated,
            refused=refused,
            warnings=sum(self.warnings.values()),
            **self.kept,
            seconds=round(seconds, 2),
            rows_per_second=round(self.rows / seconds),
            batch=None,
            reasons=self.reasons,
            missing=self.missing,
            unknown=self.source.unknown,
        )

    def _tell(self, phase: Phase) -> None:
        self._progress(self.rows, phase, self.rows)


def _recorded(work: _Import, result: ImportResult, by: Actor, user: User | None) -> ImportResult:
    """Keep the counts and write them into the log: the last statement of the transaction."""
    counts = {name: getattr(result, name) for name in ("rows", "created", "updated", "unchanged", "refused")}
    counts |= {"warnings": result.warnings, **work.kept, "changed_phone": work.changed_phone}
    batch = ImportBatch.objects.create(
        # A file's name may hold bytes that are no UTF-8; the database takes text only.
        file_name=os.fsencode(work.file_name).decode(errors="replace")[:255],
        sha256=work.source.sha256,
        reasons=work.reasons,
        seconds=result.seconds,
        as_of=work.as_of,
        imported_at=work.at,
        imported_by=user,
        **counts,
    )
    staging.clear()
    record("import.finished", by=by, about=Thing.of(batch), after={"sha256": batch.sha256, **counts}, at=work.at)
    return replace(result, batch=batch.pk)


def _as_of(path: Path, at: datetime) -> datetime:
    try:
        modified = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    except OSError:
        return at - PROTECTED_FOR
    return min(modified, at - PROTECTED_FOR)
