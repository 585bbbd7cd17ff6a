"""The file: read row by row, so that its size does not matter."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from django.utils.translation import gettext as _

from participants.importing.columns import places
from participants.importing.faults import CannotRun

_EVERY = 1_000


@dataclass(slots=True, kw_only=True)
class Source:
    """A CSV file whose header has been understood; `places` says in which cell each of our columns stands.

    `size` is in bytes; `day_first` is whether dates like 03-04-1990 begin with the day, None where none tells.
    """

    path: Path
    sha256: str
    size: int
    header: list[str]
    places: Mapping[str, int]
    day_first: bool | None = None
    _read: int = 0

    @classmethod
    def of(cls, path: Path, *, columns: Path | None = None) -> "Source":
        """Return the file at `path`. Raises `CannotRun` when it is unreadable, empty or lacks a needed column."""
        if columns:
            raise CannotRun("columns", _("Files that say which column is which cannot be read yet."))
        sha256 = _digest(path)
        source = cls(path=path, sha256=sha256, size=path.stat().st_size, header=[], places={})
        _number, source.header = next(source._rows(), (0, []))
        if not source.header:
            raise CannotRun("empty", _("The file is empty."))
        if "\0" in "".join(source.header):
            raise CannotRun("no_text", _("The file is no text: it holds NUL characters."))
        source.places = places(source.header)
        return source

    def position(self) -> int:
        """Return how many bytes of the file have been read; 0 when unknown."""
        return self._read

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows below the header with the numbers of the lines on which they begin, but no empty ones.

        A quoted value may span several lines. Raises `CannotRun` where the file is no UTF-8 or no CSV; NUL characters
        are left to the caller, who looks for them in many rows at once.
        """
        rows = self._rows()
        next(rows)
        return (row for row in rows if row[1])

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        with self.path.open("rb") as file, TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            number = 1
            try:
                for count, cells in enumerate(reader):
                    yield number, cells
                    number = reader.line_num + 1
                    if count % _EVERY == 0:
                        self._read = file.tell()
            except UnicodeDecodeError as error:
                raise CannotRun("encoding", _("The file is not UTF-8. Save it as “CSV UTF-8”.")) from error
            except csv.Error as error:
                sentence = _("From line %(number)s on the file is no CSV: %(reason)s.")
                raise CannotRun("no_csv", sentence % {"number": number, "reason": error}) from error


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CannotRun("unreadable", _("The file cannot be read: %(reason)s.") % {"reason": error.strerror}) from error
