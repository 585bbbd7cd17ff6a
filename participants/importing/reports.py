"""What an import says about rows, as CSV files: the refused ones, those warned of, and who is missing from the file.

The files hold personal data: only their owner may read them. Cells that a spreadsheet would take for a formula get an
apostrophe in front, which an import takes away again: so refused rows can be corrected and imported. The columns
`line`, `column`, `code` and `sentence` do not disturb that.
"""

import csv
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from jknoffice.csv_cells import neutral
from participants.importing.cells import originals
from participants.importing.columns import COLUMNS
from participants.importing.faults import CannotRun, sentence
from participants.importing.source import Source

_CODE = "split_part(fault, ':', 2)"

# Rows with one of these verdicts are refused; the others are taken, and warned of.
_CLASH = f"{_CODE} IN ('duplicate_nik', 'duplicate_card', 'card_taken')"

REFUSED = f"""(
    SELECT line, fault, NULL::bigint AS other FROM participants_checked WHERE fault IS NOT NULL
    UNION ALL SELECT line, fault, other FROM verdict WHERE {_CLASH}
)"""  # noqa: S608
WARNED = f"""(
    SELECT line, 'nik:nik_date' AS fault, NULL::bigint AS other FROM participants_checked AS checked
    WHERE odd AND NOT EXISTS (
        SELECT FROM verdict WHERE verdict.line = checked.line AND ({_CLASH} OR {_CODE} = 'repeated')
    )
    UNION ALL SELECT line, fault, other FROM verdict WHERE NOT {_CLASH}
)"""  # noqa: S608
MISSING = """
    FROM participants_peserta AS known JOIN accounts_branch AS branch ON branch.id = branch_id
    WHERE NOT EXISTS (SELECT FROM participants_checked AS checked WHERE checked.nik = known.nik)
"""
_BIT = 2_000

Row = Sequence[Any]


def demand_other_files(source: Path, reports: Sequence[Path | None]) -> None:
    """Raise `CannotRun` when a report would overwrite the file that it is about."""
    if any(report and report.resolve() == source.resolve() for report in reports):
        raise CannotRun("rejects", _("The rejects file would overwrite the file itself. Name another one."))


def count(rows: str) -> dict[str, int]:
    """Return how many of `REFUSED` or `WARNED` there are, by code."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_CODE}, count(*) FROM {rows} AS said GROUP BY 1 ORDER BY 2 DESC, 1")  # noqa: S608
        return dict(cursor.fetchall())


def count_missing() -> int:
    """Return how many participants have no row in the file, not even a refused one with their NIK."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {MISSING}")
        return int(cursor.fetchone()[0])


def write(rows: str, path: Path, source: Source) -> None:
    """Write `REFUSED` or `WARNED`: line, column, code and sentence before the cells as they came.

    With no such row, what an earlier run left at `path` is removed. Raises `CannotRun` when it cannot be written.
    """

    def cells_of(row: Row) -> Row:
        line, fault, other, others, *ours = row
        column, _colon, code = fault.partition(":")
        cells = originals(source, dict(zip(COLUMNS, ours, strict=True)), others)
        return [line, column, code, sentence(code, other), *map(neutral, cells)]

    texts = ", ".join(f"coalesce({column}, '')" for column in COLUMNS)
    query = f"SELECT line, fault, other, others, {texts} FROM {rows} AS said JOIN participants_staged USING (line)"  # noqa: S608
    _write(path, ["line", "column", "code", "sentence", *source.header], f"{query} ORDER BY line", cells_of)


def write_missing(path: Path) -> None:
    """Write who is missing from a full file. Raises `CannotRun` when it cannot be written."""
    query = f"SELECT nik, card_number, known.name, branch.code {MISSING} ORDER BY nik"
    _write(path, ["nik", "card_number", "name", "branch"], query, lambda row: [neutral(cell) for cell in row])


def _write(path: Path, header: Sequence[str], query: str, cells_of: Callable[[Row], Row]) -> None:
    """Write what a query finds, which comes in bits; when it finds nothing there shall be no file."""
    try:
        with connection.chunked_cursor() as cursor, override(settings.LANGUAGE_CODE):
            cursor.execute(query)
            if not (rows := cursor.fetchmany(_BIT)):
                if path.is_file():  # not /dev/null
                    path.unlink()
                return
            with _open(path) as file:
                writer = csv.writer(file)
                writer.writerow(map(neutral, header))
                while rows:
                    writer.writerows(map(cells_of, rows))
                    rows = cursor.fetchmany(_BIT)
    except OSError as error:
        said = _("The rejects file cannot be written: %(reason)s.")
        raise CannotRun("rejects", said % {"reason": error.strerror}) from error


def _open(path: Path) -> TextIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")
