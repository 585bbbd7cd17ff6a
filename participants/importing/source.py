"""The file: read row by row, so that its size does not matter."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from participants.importing.columns import places
from participants.importing.faults import CannotRun, Fault


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal. Raises `CannotRun` when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CannotRun("unreadable", _("The file cannot be read: %(reason)s.") % {"reason": error.strerror}) from error


def header(path: Path) -> list[str]:
    """Return the first row."""
    return next(_lines(path), (0, []))[1]


def rows(path: Path) -> Iterator[tuple[int, list[str], Mapping[str, str] | Fault]]:
    """Yield line number, the row as it stands, and its values by column (or the fault that it has none).

    Raises `CannotRun` for a file that is empty, is no UTF-8 or no CSV, or lacks a needed column.
    """
    lines = _lines(path)
    try:
        _number, titles = next(lines)
    except StopIteration as error:
        raise CannotRun("empty", _("The file is empty.")) from error
    where = places(titles)
    for number, row in lines:
        if not row:
            continue
        if len(row) != len(titles):
            yield number, row, Fault("", "columns")
        else:
            yield number, row, {column: row[place] for column, place in where.items()}


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for row in reader:
                if any("\0" in value for value in row):
                    raise CannotRun("no_text", _("The file is no text: it holds NUL characters."))
                yield reader.line_num, row
    except UnicodeDecodeError as error:
        raise CannotRun("encoding", _("The file is not UTF-8. Save it as “CSV UTF-8”.")) from error
    except csv.Error as error:
        raise CannotRun("no_csv", _("The file is no CSV: %(reason)s.") % {"reason": error}) from error
