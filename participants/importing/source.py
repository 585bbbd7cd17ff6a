"""The file: read row by row, so that its size does not matter."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from participants.importing.columns import places
from participants.importing.faults import CannotRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A CSV file whose header has been understood; `places` says in which cell each of our columns stands."""

    path: Path
    sha256: str
    header: list[str]
    places: Mapping[str, int]

    @classmethod
    def of(cls, path: Path, columns: Path | None = None) -> "Source":
        """Return the file at `path`. Raises `CannotRun` when it is unreadable, empty or lacks a needed column."""
        sha256 = _digest(path)
        _number, header = next(_rows(path), (0, []))
        if not header:
            raise CannotRun("empty", _("The file is empty."))
        return cls(path=path, sha256=sha256, header=header, places=places(header), size=path.stat().st_size)

    size: int = 0
    day_first: bool | None = None

    def position(self) -> int:
        """Return how many bytes of the file have been read; 0 when unknown."""
        return 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows below the header with the numbers of their lines."""
        rows = _rows(self.path)
        next(rows)
        return ((number, cells) for number, cells in rows if cells)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CannotRun("unreadable", _("The file cannot be read: %(reason)s.") % {"reason": error.strerror}) from error


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the numbers of the lines on which they begin; a quoted value may span several lines."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        number = 1
        try:
            for cells in reader:
                if any("\0" in cell for cell in cells):
                    raise CannotRun("no_text", _("The file is no text: it holds NUL characters."))
                yield number, cells
                number = reader.line_num + 1
        except UnicodeDecodeError as error:
            raise CannotRun("encoding", _("The file is not UTF-8. Save it as “CSV UTF-8”.")) from error
        except csv.Error as error:
            sentence = _("From line %(number)s on the file is no CSV: %(reason)s.")
            raise CannotRun("no_csv", sentence % {"number": number, "reason": error}) from error
