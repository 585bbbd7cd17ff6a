"""The parts of an XLSX file, looked at before anything reads them as a spreadsheet.

The library that does holds a sheet as one block from its first cell to its last, makes room for as many texts as a
file says it has, and ends the whole process where there is no memory for that: two cells in far corners are enough. It
reads XML leniently as well. So what is no XML, declares a document type (and with it entities, OWASP ASVS 5.0, 1.5.1),
spreads too far or says that it holds more than it can is refused here. The look takes about three times as long as the
reading.
"""

import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

MOST_UNPACKED = 256 * 1024 * 1024
"""Bytes of all parts together. A sheet is read into memory as a whole: some 300,000 rows of a register."""
MOST_PARTS = 2000
MOST_CELLS = 10_000_000
"""Cells of a sheet from its first corner to its last, empty ones too."""
_CHUNK = 1024 * 1024
# NotImplementedError, of a way of packing, is a RuntimeError, as is a password; LookupError: of an encoding.
_UNREADABLE = (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, LookupError, ValueError)


class TooMuch(Exception):
    """There is more of it than the memory is for."""


class Suspicious(Exception):
    """No spreadsheet program writes such a file."""


def demand_harmless(path: Path) -> None:
    """Look through all parts of an XLSX file. Raises `TooMuch`, `Suspicious`, and `OSError` where it cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise TooMuch
            if len({part.filename.lower() for part in parts}) < len(parts):
                raise Suspicious("two parts of one name")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _Look(archive, part)
    except _UNREADABLE as error:
        raise Suspicious(type(error).__name__) from error


class _Look:
    """One look through a part: where its cells stand, and what it refers to."""

    def __init__(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        self._row = self._column = self._rows = self._columns = 0
        self._place: str | None = None
        self._known: dict[str, int] = {}
        self._bytes = part.file_size
        self._refers = part.filename.lower().endswith("workbook.xml.rels")
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._element
        parser.StartDoctypeDeclHandler = _refuse_type
        with archive.open(part) as stream:
            while piece := stream.read(_CHUNK):
                parser.Parse(piece, False)
            parser.Parse(b"", True)

    def _element(self, name: str, given: dict[str, str]) -> None:
        if name == "v" or name == "is":  # what is asked of each cell has to be quick
            self._spread()
        elif name == "c":
            self._place = given.get("r")
            if self._place is None:
                self._column += 1
        elif name == "row":
            self._row, self._column = _number(given["r"]) if "r" in given else self._row + 1, 0
        elif ":" in name:
            self._element(name.rpartition(":")[2], given)
        elif name == "f":
            self._spread()
        elif name == "sst":
            unique, used = (_number(given.get(number, "0")) for number in ("uniqueCount", "count"))
            if unique > self._bytes or used > MOST_CELLS:
                raise Suspicious("more texts than there is room for")
        elif name == "Relationship" and self._refers and not given.get("Target", "").lower().endswith(".xml"):
            raise Suspicious("a part that is no XML")  # macros, or a sheet under another name

    def _spread(self) -> None:
        """Note that the present cell holds something."""
        if self._place is not None:
            letters = self._place.rstrip("0123456789")
            self._column = self._known.get(letters) or self._known.setdefault(letters, _column(letters))
            self._row = _number(self._place[len(letters) :])
        if self._row > self._rows or self._column > self._columns:
            self._rows, self._columns = max(self._rows, self._row), max(self._columns, self._column)
            if self._rows * self._columns > MOST_CELLS:
                raise TooMuch


def _column(letters: str) -> int:
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        raise Suspicious("a cell that stands nowhere")
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Suspicious("no number")
    return int(text)


def _refuse_type(*_: object) -> None:
    raise Suspicious("a document type")
