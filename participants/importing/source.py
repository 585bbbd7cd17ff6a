"""The file of an import: a table whose columns are understood."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jknoffice.tabular import CannotRead, Table
from participants.importing.columns import NUMBERS, named_in, places
from participants.importing.dates import Dates
from participants.importing.faults import CannotRun

OF_REPORTS = ("line", "column", "code", "sentence")
"""What reports put in front of a row (`reports.py`): a corrected one is imported with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file whose header has been understood.

    `places` says in which cell each of our columns stands, `unknown` lists the titles that mean nothing to us, and
    `dates` how the dates are written.
    """

    table: Table
    places: Mapping[str, int]
    unknown: list[str] = field(default_factory=list)
    dates: Dates

    @classmethod
    def of(cls, path: Path, columns: Path | Mapping[str, int] | None = None) -> "Source":
        """Return the file at `path`; a TOML file `columns` may say which column is which, or a mapping where each is.

        Raises `CannotRun` when the file is unreadable or empty, lacks a needed column, or when its dates can be read
        in two ways.
        """
        try:
            table = Table.of(path)
        except CannotRead as error:
            raise CannotRun(error.fault, str(error)) from error
        if isinstance(columns, Mapping):
            return cls.placed(table, columns)
        return cls.placed(table, places(table.header, named_in(columns) if columns else {}))

    @classmethod
    def placed(cls, table: Table, found: Mapping[str, int]) -> "Source":
        """Return a table in which each of our columns stands where `found` says. Raises `CannotRun` for its dates."""
        try:
            dates = Dates.seen_in((cells[found["birth_date"]] for cells in _whole(table)), place=found["birth_date"])
        except CannotRead as error:
            raise CannotRun(error.fault, str(error)) from error
        known = {*found.values(), *(table.header.index(title) for title in OF_REPORTS if title in table.header)}
        unknown = [title for place, title in enumerate(table.header) if place not in known and title.strip()]
        return cls(table=table, places=found, unknown=unknown, dates=dates)

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.table.path

    @property
    def sha256(self) -> str:
        """The digest of the file's bytes, in hexadecimal."""
        return self.table.sha256

    @property
    def size(self) -> int:
        """The bytes of the file."""
        return self.table.size

    @property
    def header(self) -> list[str]:
        """The titles of the columns."""
        return self.table.header

    def position(self) -> int:
        """Return how many bytes of the file have been read; 0 when unknown."""
        return self.table.position()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows below the header with the numbers of their lines. Raises `CannotRun`."""
        try:
            rows = self.table.rows(exact={place for column, place in self.places.items() if column in NUMBERS})
            yield from self.dates.plain(rows) if self.dates.named else rows
        except CannotRead as error:
            raise CannotRun(error.fault, str(error)) from error


def _whole(table: Table) -> Iterator[list[str]]:
    """Yield the rows that have as many cells as the header."""
    return (cells for _number, cells in table.rows() if len(cells) == len(table.header))
