"""Taking in a file from a browser."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record, record_alone
from jknoffice.refusal import Refusal
from jknoffice.tabular import CannotRead, Table
from participants.importing import CannotRun
from participants.importing.columns import guess
from participants.importing.run import PROTECTED_FOR
from participants.models import ImportUpload, UploadState
from participants.uploads import folder

MOST_OPEN = 5
"""Files of one person that may wait at the same time."""
MOST_COLUMNS = 200
_LONGEST_NAME = 100

OPEN = (UploadState.RECEIVED, UploadState.CHECKING, UploadState.CHECKED, UploadState.IMPORTING, UploadState.FAILED)


class TooManyUploads(Refusal):
    """Somebody leaves files lying: each holds personal data."""

    code = "too_many_uploads"


def receive(*, name: str, chunks: Iterable[bytes], by: User, at: datetime | None = None) -> ImportUpload:
    """Keep a file, and find out how to read it.

    Arguments:
        name: what the browser calls the file; it is shown, but never used as a path.
        chunks: its bytes, in pieces.

    Raises `TooManyUploads`, and `CannotRun` when the file is empty or no table; nothing is kept then, and the refusal
    is recorded. Must be called outside a transaction.
    """
    at = at or clock.now()
    upload = ImportUpload(
        file_name=cleaned(name), uploaded_by=by, uploaded_at=at, moved_at=at, as_of=at - PROTECTED_FOR
    )
    try:
        _demand_room(by)
        _keep(upload, chunks)
        table = _table(folder.file_of(upload))
    except (CannotRun, TooManyUploads) as refusal:
        folder.remove(upload.uuid)
        code = refusal.fault if isinstance(refusal, CannotRun) else refusal.code
        refuse(by=by, reason=code, name=upload.file_name)
        raise
    upload.size, upload.sha256 = table.size, table.sha256
    upload.reading = {
        "form": table.form.value,
        "encoding": table.encoding,
        "separator": table.separator,
        "header": table.header,
    }
    upload.places = guess(table.header)
    with transaction.atomic():
        upload.save()
        record(
            "import.uploaded",
            by=by.as_actor(),
            about=Thing.of(upload),
            after={"sha256": upload.sha256, "bytes": upload.size},
            pii={"file_name": upload.file_name},
            at=at,
        )
    return upload


def refuse(*, by: User, reason: str, name: str = "") -> None:
    """Record that a file was not taken in, with a code that says why."""
    record_alone(
        "import.upload_refused", by=by.as_actor(), reason=reason, pii={"file_name": cleaned(name)} if name else None
    )


def cleaned(name: str) -> str:
    """Return a file's name as it can be shown and typed: one line, no control characters, at most 100 characters."""
    composed = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(letter if letter.isprintable() else " " for letter in composed)
    plain = re.sub(r"\s+", " ", plain).strip()
    return plain[-_LONGEST_NAME:].strip() or "file"


def _demand_room(by: User) -> None:
    if ImportUpload.objects.filter(uploaded_by=by, state__in=OPEN).count() >= MOST_OPEN:
        sentence = _("%(most)s files of yours are waiting already. Import or delete one of them first.")
        raise TooManyUploads(sentence % {"most": MOST_OPEN})


def _keep(upload: ImportUpload, chunks: Iterable[bytes]) -> None:
    try:
        folder.keep(upload, chunks)
    except OSError as error:
        raise CannotRun("not_kept", _("There is no room for the file now. Please try again later.")) from error


def _table(path: Path) -> Table:
    try:
        table = Table.of(path)
    except CannotRead as error:
        raise CannotRun(error.fault, str(error)) from error
    if len(table.header) > MOST_COLUMNS:
        sentence = _("The file has more than %(most)s columns. Leave out those that are not for the register.")
        raise CannotRun("too_many_columns", sentence % {"most": MOST_COLUMNS})
    return table
