"""What data admins do with an uploaded file. Each step locks the row, looks at its state, writes and records."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record, record_alone
from jknoffice.refusal import Refusal
from participants.models import ImportUpload, UploadState
from participants.uploads import folder
from participants.uploads.receiving import cleaned

QUEUE = "imports"
CHECK_TASK = "participants.check_upload"
IMPORT_TASK = "participants.import_upload"

AT_REST = (UploadState.RECEIVED, UploadState.CHECKED, UploadState.FAILED)


class NotNow(Refusal):
    """The file stands elsewhere by now: somebody else was quicker, or the page is old."""

    code = "upload_moved"
    sentence = _("This is not possible any more: the file has moved on. This is where it stands now.")


class WrongName(Refusal):
    """What was typed is not the file's name."""

    code = "wrong_name"
    sentence = _("This is not the name of the file. Nothing was imported.")


@transaction.atomic
def choose_columns(
    *, upload: ImportUpload, places: Mapping[str, int], as_of: datetime, by: User, at: datetime | None = None
) -> None:
    """Say in which cell each of our columns stands, and of when the file is. Raises `NotNow`.

    A report of a dry run with other columns is worth nothing any more: the file waits for its dry run again.
    """
    row = locked(upload, *AT_REST)
    row.places, row.as_of, row.state, row.result = dict(places), as_of, UploadState.RECEIVED, {}
    row.fault, row.fault_said, row.moved_at = "", "", at or clock.now()
    row.save()
    after = {"places": row.places, "as_of": row.as_of.isoformat()}
    record("import.columns_chosen", by=by.as_actor(), about=Thing.of(row), after=after, at=at)


@transaction.atomic
def start_check(*, upload: ImportUpload, by: User, at: datetime | None = None) -> None:
    """Have the worker do a dry run. Raises `NotNow`."""
    row = locked(upload, UploadState.RECEIVED)
    _order(row, UploadState.CHECKING, CHECK_TASK, by, at)
    record("import.check_ordered", by=by.as_actor(), about=Thing.of(row), after={"sha256": row.sha256}, at=at)


def confirm(*, upload: ImportUpload, typed: str, by: User, at: datetime | None = None) -> None:
    """Have the worker import the file, after its dry run; `typed` must be its name. Raises `NotNow`, `WrongName`.

    A wrong name is recorded. Must be called outside a transaction.
    """
    if cleaned(typed) != upload.file_name:
        record_alone("import.confirm_refused", by=by.as_actor(), about=Thing.of(upload), reason=WrongName.code, at=at)
        raise WrongName
    with transaction.atomic():
        row = locked(upload, UploadState.CHECKED)
        _order(row, UploadState.IMPORTING, IMPORT_TASK, by, at)
        record("import.confirmed", by=by.as_actor(), about=Thing.of(row), after={"sha256": row.sha256}, at=at)


@transaction.atomic
def discard(*, upload: ImportUpload, by: Actor, at: datetime | None = None) -> None:
    """Delete a file that is not wanted; a dry run that is under way stops. Raises `NotNow`."""
    row = locked(upload, *AT_REST, UploadState.CHECKING)
    forget(row, at=at or clock.now())
    record("import.upload_removed", by=by, about=Thing.of(row), after={"sha256": row.sha256}, at=at)


def record_download(*, upload: ImportUpload, report: str, by: User) -> None:
    """Record that somebody takes a report with rows of the file; before it is handed out, outside a transaction."""
    record_alone("import.report_downloaded", by=by.as_actor(), about=Thing.of(upload), after={"report": report})


def forget(row: ImportUpload, *, at: datetime) -> None:
    """Delete what is kept of a locked upload, the files after the commit; an import that is done stays done."""
    if row.state != UploadState.DONE:
        row.state, row.moved_at = UploadState.REMOVED, at
    row.reading, row.removed_at = {}, at
    row.save()
    transaction.on_commit(lambda: folder.remove(row.uuid))


def locked(upload: ImportUpload, *states: UploadState) -> ImportUpload:
    """Return the row as it is now, which nobody else moves until the transaction ends. Raises `NotNow`."""
    row = ImportUpload.objects.select_for_update(of=("self",)).filter(pk=upload.pk, state__in=states).first()
    if row is None:
        raise NotNow
    return row


def _order(row: ImportUpload, state: UploadState, task: str, by: User, at: datetime | None) -> None:
    row.ordered_by, row.ordered_at = by, at or clock.now()
    row.state, row.moved_at = state, row.ordered_at
    row.phase, row.rows_read, row.rows_expected = "", 0, None
    row.save()
    app.configure_task(task, queue=QUEUE).defer(upload_id=row.pk)
