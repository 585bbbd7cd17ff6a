"""Entries as CSV for people with a spreadsheet."""

import csv
from collections.abc import Sequence
from typing import IO, Any

from jknoffice.audit.moments import moment_of
from jknoffice.audit.verify.entries import COLUMNS
from jknoffice.csv_cells import neutral

_AT = COLUMNS.index("at_us")


class Table:
    """Writes one row for each entry: its number in the tree, its id, its moment, its columns."""

    def __init__(self, file: IO[str]) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow(["seq", "id", "at", *(name for name in COLUMNS if name != "at_us")])

    def add(self, seq: int | None, audit_id: int, columns: Sequence[Any]) -> None:
        """Write one entry; `columns` as in `verify.entries.COLUMNS`."""
        others = [each for place, each in enumerate(columns) if place != _AT]
        moment = moment_of(columns[_AT]).isoformat()
        self._writer.writerow([neutral("" if each is None else str(each)) for each in (seq, audit_id, moment, *others)])
