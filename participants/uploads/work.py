"""What the worker does with an uploaded file: the dry run, and the import."""

import logging
from datetime import timedelta
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record
from participants.importing import CannotRun, ImportResult, run_import
from participants.models import ImportBatch, ImportUpload, UploadState
from participants.uploads import folder
from participants.uploads.progress import Progress, Unwanted
from participants.uploads.steps import CHECK_TASK, IMPORT_TASK, QUEUE, NotNow, locked

logger = logging.getLogger(__name__)

BUSY = "busy"
"""The phase of a file that waits for the end of another import."""
AGAIN_AFTER = timedelta(seconds=60)

COUNTS = ("rows", "created", "updated", "unchanged", "refused", "warnings", "kept_phone", "kept_email")


def check(*, upload_id: int) -> None:
    """Do the dry run of an upload that waits for it; the others are left alone."""
    upload = _waiting(upload_id, UploadState.CHECKING)
    result = _run(upload, CHECK_TASK, dry_run=True) if upload else None
    if upload and result:
        _note_result(upload, result)


def publish(*, upload_id: int) -> None:
    """Import an upload that was confirmed; the others are left alone.

    A job that was killed after the import had been written runs again: it finds the batch, and imports nothing twice.
    """
    upload = _waiting(upload_id, UploadState.IMPORTING)
    if upload is None:
        return
    batch = _batch_of(upload)
    if batch is None and _run(upload, IMPORT_TASK, dry_run=False):
        batch = _batch_of(upload)
    if batch:
        _note_batch(upload, batch)


def _waiting(upload_id: int, state: UploadState) -> ImportUpload | None:
    return ImportUpload.objects.select_related("ordered_by").filter(pk=upload_id, state=state).first()


def _run(upload: ImportUpload, task: str, *, dry_run: bool) -> ImportResult | None:
    """Return what came of it; None when it failed, is to be tried again later, or is not wanted any more."""
    by = _who(upload)
    try:
        with Progress(upload) as progress:
            return run_import(
                path=folder.file_of(upload),
                by=by.as_actor(),
                user=by,
                rejects=folder.report_of(upload, "rejects"),
                warnings=folder.report_of(upload, "warnings"),
                dry_run=dry_run,
                as_of=upload.as_of,
                columns=upload.places,
                file_name=upload.file_name,
                progress=progress,
            )
    except Unwanted:
        logger.info("upload %s: stopped, it was deleted", upload.pk)
    except CannotRun as refusal:
        if refusal.fault == BUSY:
            _try_again(upload, task)
        else:
            _fail(upload, refusal.fault, str(refusal))
    except Exception:
        _fail(upload, "broken", _("Something went wrong on our side. Nothing was imported. Please try again."))
        raise
    return None


def _who(upload: ImportUpload) -> User:
    """Return who ordered the work: a constraint of the table says that there is somebody."""
    return cast("User", upload.ordered_by)


def _try_again(upload: ImportUpload, task: str) -> None:
    with transaction.atomic():
        ImportUpload.objects.filter(pk=upload.pk, state=upload.state).update(phase=BUSY)
        app.configure_task(task, queue=QUEUE, schedule_in={"seconds": int(AGAIN_AFTER.total_seconds())}).defer(
            upload_id=upload.pk
        )


@transaction.atomic
def _fail(upload: ImportUpload, fault: str, said: str) -> None:
    try:
        row = locked(upload, UploadState(upload.state))
    except NotNow:
        return
    row.state, row.moved_at, row.phase, row.fault, row.fault_said = UploadState.FAILED, clock.now(), "", fault, said
    row.save()
    record("import.failed", by=_who(row).as_actor(), about=Thing.of(row), reason=fault)


@transaction.atomic
def _note_result(upload: ImportUpload, result: ImportResult) -> None:
    try:
        row = locked(upload, UploadState.CHECKING)
    except NotNow:
        return
    counts = {name: getattr(result, name) for name in COUNTS}
    row.state, row.moved_at, row.phase = UploadState.CHECKED, clock.now(), ""
    row.result = counts | {"reasons": dict(result.reasons), "seconds": result.seconds}
    row.save()
    record("import.checked", by=_who(row).as_actor(), about=Thing.of(row), after={"sha256": row.sha256, **counts})


@transaction.atomic
def _note_batch(upload: ImportUpload, batch: ImportBatch) -> None:
    """Say that the upload is in the register, and delete the file; its reports stay for a while."""
    try:
        row = locked(upload, UploadState.IMPORTING)
    except NotNow:
        return
    row.state, row.moved_at, row.phase, row.batch, row.reading = UploadState.DONE, clock.now(), "", batch, {}
    row.save()
    after = {"batch": f"{batch._meta.label_lower}/{batch.pk}"}
    record("import.file_imported", by=_who(row).as_actor(), about=Thing.of(row), after=after)
    transaction.on_commit(lambda: folder.remove_file(row))


def _batch_of(upload: ImportUpload) -> ImportBatch | None:
    """Return the batch that came of an upload, whether or not its job lived to say so."""
    return ImportBatch.objects.filter(
        sha256=upload.sha256, imported_by=upload.ordered_by, imported_at__gte=upload.ordered_at, upload=None
    ).first()
