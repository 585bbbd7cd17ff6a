"""Rows of an XLSX file: its first sheet, as texts."""

from collections.abc import Container, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from jknoffice.tabular.faults import CannotRead
from jknoffice.tabular.parts import Suspicious, TooMuch, demand_harmless

_EXACT = 2**53
"""From here on a quantity does not tell a whole number from the next one."""


def opened(path: Path) -> CalamineSheet:
    """Return the first sheet, which is read into memory as a whole. Raises `CannotRead`."""
    try:
        demand_harmless(path)
        return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    except TooMuch as error:
        raise CannotRead("too_large", _("The spreadsheet is too large. Save it as “CSV UTF-8”.")) from error
    except (Suspicious, CalamineError, OSError, ValueError, IndexError) as error:
        raise CannotRead("no_sheet", _("The spreadsheet cannot be read. Save it as “CSV UTF-8”.")) from error


def rows_of(sheet: CalamineSheet, exact: Container[int] = ()) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a sheet with their numbers; empty ones are left out.

    In the cells at the places `exact` a number that the sheet holds as a quantity comes with its decimals (`3171.0`),
    so that whoever reads it sees that digits may be lost: a spreadsheet keeps 15.
    """
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_text(value, exact=place in exact) for place, value in enumerate(row)]
        if any(cells):
            yield number, cells


def _text(value: Any, *, exact: bool) -> str:
    if isinstance(value, float) and not exact and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
