"""Where an uploaded file and the reports on it lie: a folder of its own, named by a random id."""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from participants.models import ImportUpload

REPORTS = ("rejects", "warnings")


def file_of(upload: ImportUpload) -> Path:
    """Return where the file itself lies."""
    return _folder(upload.uuid) / "file"


def report_of(upload: ImportUpload, name: str) -> Path:
    """Return where one of `REPORTS` lies; there is no such file when it has no rows."""
    return _folder(upload.uuid) / f"{name}.csv"


def keep(upload: ImportUpload, chunks: Iterable[bytes]) -> None:
    """Write a file that only this user of the system can read."""
    settings.UPLOAD_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    _folder(upload.uuid).mkdir(mode=0o700)
    number = os.open(file_of(upload), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        file.writelines(chunks)


def remove_file(upload: ImportUpload) -> None:
    """Delete the file itself; the reports stay."""
    file_of(upload).unlink(missing_ok=True)


def remove(name: UUID | str) -> None:
    """Delete the folder of an upload with all that is in it."""
    shutil.rmtree(_folder(name), ignore_errors=True)


def older_than(moment: float) -> Iterator[str]:
    """Yield the names of folders that were last written to before `moment`, in seconds of the epoch."""
    if settings.UPLOAD_FOLDER.is_dir():
        yield from (each.name for each in settings.UPLOAD_FOLDER.iterdir() if each.stat().st_mtime < moment)


def _folder(name: UUID | str) -> Path:
    return Path(settings.UPLOAD_FOLDER) / str(name)
