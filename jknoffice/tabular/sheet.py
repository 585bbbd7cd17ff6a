"""Rows of an XLSX file: its first sheet, as texts."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from jknoffice.tabular.faults import CannotRead

MOST_UNPACKED = 256 * 1024 * 1024
"""Bytes of all parts together. A sheet is read into memory as a whole: some 300,000 rows of a register."""


def rows_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the first sheet with their numbers; empty ones are left out.

    A number that the sheet holds as a quantity comes with its decimals (`3171.0`), so that whoever reads it sees that
    digits may be lost: a spreadsheet keeps 15. Raises `CannotRead`.
    """
    _demand_size(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise CannotRead("no_sheet", _("The spreadsheet cannot be read. Save it as “CSV UTF-8”.")) from error
    for number, row in enumerate(rows, start=1):
        cells = [_text(value) for value in row]
        if any(cells):
            yield number, cells


def _demand_size(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
            raise CannotRead("too_large", _("The spreadsheet is too large. Save it as “CSV UTF-8”."))


def _text(value: Any) -> str:
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
