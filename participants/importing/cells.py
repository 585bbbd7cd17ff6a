"""Cells as lines for COPY: joined by hand, a block of rows at a time, and looked at more closely only where needed."""

import json
from collections.abc import Sequence

from django.utils.translation import gettext as _

from jknoffice.csv_cells import plain
from participants.importing.faults import CannotRun
from participants.importing.source import Source

UNFIT = "!"
"""Marks, in the column `others`, all cells of a row that has more or fewer of them than the header."""

Rows = Sequence[tuple[int, list[str]]]


class Lines:
    """Makes the lines of one file; `columns` are the columns of `participants_staged` in their order."""

    def __init__(self, source: Source) -> None:
        self._width = len(source.header)
        ours = sorted((place, column) for column, place in source.places.items())
        self._ours = [place for place, _column in ours]
        self._others = [place for place in range(self._width) if place not in set(self._ours)]
        self.columns = ["line", *(column for _place, column in ours), "others"]

    def block(self, rows: Rows) -> str:
        """Return the lines of some rows, which come with their numbers. Raises `CannotRun` for NUL characters."""
        if not self._others and {len(cells) for _number, cells in rows} == {self._width}:
            text = "".join([f"{number}\t" + "\t".join(cells) + "\t\n" for number, cells in rows])
            if not self._special(text, len(rows)):
                return text
        return "".join([self._line(number, cells) for number, cells in rows])

    def _special(self, text: str, rows: int) -> bool:
        """Whether a cell holds what COPY or we give a meaning."""
        return (
            "\\" in text
            or "\r" in text
            or "\0" in text
            or "\t'" in text
            or text.count("\n") != rows
            or text.count("\t") != rows * (self._width + 1)
        )

    def _line(self, number: int, cells: list[str]) -> str:
        if any("\0" in cell for cell in cells):
            raise CannotRun("no_text", _("The file is no text: it holds NUL characters."))
        if len(cells) != self._width:
            values = [*[""] * len(self._ours), UNFIT + _json(cells)]
        else:
            others = _json([cells[place] for place in self._others]) if self._others else ""
            values = [*(plain(cells[place]) for place in self._ours), others]
        return "\t".join([str(number), *map(_escaped, values)]) + "\n"


def originals(source: Source, ours: dict[str, str], others: str) -> list[str]:
    """Return the cells of a staged row as they stood in the file: `ours` by column, and the column `others`."""
    if others.startswith(UNFIT):
        unfit: list[str] = json.loads(others.removeprefix(UNFIT))
        return unfit
    rest = iter(json.loads(others) if others else ())
    columns = {place: column for column, place in source.places.items()}
    return [ours[columns[place]] if place in columns else next(rest) for place in range(len(source.header))]


def _json(cells: list[str]) -> str:
    return json.dumps(cells, ensure_ascii=False)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
