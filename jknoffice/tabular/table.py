"""A file of which is known how to read it."""

from collections.abc import Container, Generator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeAlias

from django.utils.translation import gettext as _
from python_calamine import CalamineSheet

from jknoffice.tabular import sheet, text
from jknoffice.tabular.encoding import digest_of, encoding_of
from jknoffice.tabular.faults import CannotRead
from jknoffice.tabular.unpacking import Form, form_of, unpacked

Rows: TypeAlias = Generator[tuple[int, list[str]], None, None]
"""The number of the line on which a row begins, and its cells."""


@dataclass(slots=True, kw_only=True)
class Table:
    """A file with a header; `sha256` and `size` (bytes) are those of the file as it lies there, packed or not.

    `separator` and `encoding` are "" for XLSX.
    """

    path: Path
    form: Form
    sha256: str
    size: int
    encoding: str = ""
    separator: str = ""
    header: list[str] = field(default_factory=list)
    _below: IO[bytes] | None = None
    _sheet: CalamineSheet | None = None

    @classmethod
    def of(cls, path: Path) -> "Table":
        """Find out how to read a file, reading all of it. Raises `CannotRead`, also when it is empty."""
        form = form_of(path)
        table = cls(path=path, form=form, sha256=digest_of(path), size=path.stat().st_size)
        if form is not Form.XLSX:
            table.encoding = encoding_of(path, form)
            with unpacked(path, form) as (stream, _below):
                table.separator = text.separator_of(stream, table.encoding)
        with closing(table._all_rows()) as rows:
            _number, table.header = next(rows, (0, []))
        if not table.header:
            raise CannotRead("empty", _("The file is empty."))
        return table

    def rows(self, exact: Container[int] = ()) -> Rows:
        """Yield the rows below the header with the numbers of the lines on which they begin. Raises `CannotRead`.

        A quantity of a spreadsheet comes as it looks (`3`), in the cells at the places `exact` with its decimals
        (`3.0`): there every digit matters, and a spreadsheet keeps 15.
        """
        rows = self._all_rows(exact)
        next(rows)
        return rows

    def position(self) -> int:
        """Return how many bytes of the file the running `rows()` have read; 0 when unknown."""
        return self._below.tell() if self._below and not self._below.closed else 0

    def _all_rows(self, exact: Container[int] = ()) -> Rows:
        if self.form is Form.XLSX:
            self._sheet = self._sheet or sheet.opened(self.path)
            yield from sheet.rows_of(self._sheet, exact)
            return
        with unpacked(self.path, self.form) as (stream, self._below):
            yield from text.rows_of(stream, self.encoding, self.separator)
