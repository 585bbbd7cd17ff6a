"""The first rows of an uploaded file, as an import will read them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jknoffice.accounts.models import Branch, User
from jknoffice.audit.log import Thing, record_alone
from jknoffice.csv_cells import plain
from jknoffice.tabular import Table
from jknoffice.tabular.unpacking import Form
from participants import phone
from participants.importing import CannotRun, checking
from participants.importing.cells import UNFIT
from participants.importing.columns import COLUMNS
from participants.importing.faults import sentence
from participants.importing.source import Source
from participants.models import ImportUpload, Peserta
from participants.models.choices import Membership, Relation, Segment, Sex
from participants.uploads import folder

ROWS = 20

_CHOICES = {"sex": Sex, "segment": Segment, "relation": Relation, "status": Membership}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as it will be read, or the text of the file where that is refused."""

    text: str
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the number of its line, the cells in the order of `Preview.columns`, and why it is refused, if it is."""

    line: int
    cells: list[Cell]
    remark: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The columns that the file has, in the order of `COLUMNS`, and its first rows."""

    columns: list[str]
    rows: list[Row]


def preview(*, upload: ImportUpload, by: User) -> Preview:
    """Return the first 20 rows, read through `upload.places`. Whom of the register they show is recorded first.

    What can only be said of all rows together (repeated numbers, cards of others) is left to the dry run. Raises
    `CannotRun` when the file cannot be read. Must be called outside a transaction.
    """
    columns = [column for column in COLUMNS if column in upload.places]
    given = _given(upload, columns)
    found = _judged(given, columns)
    known = Peserta.objects.filter(nik__in=[values["nik"] for _line, _fault, values in found if values["nik"]])
    record_alone(
        "import.previewed",
        by=by.as_actor(),
        about=Thing.of(upload),
        after={"rows": len(found), "shown": sorted(str(uuid) for uuid in known.values_list("uuid", flat=True))},
    )
    branches = {branch.pk: f"{branch.code} {branch.name}" for branch in Branch.objects.all()}
    rows = [
        _row(line, fault, values, texts, columns, branches)
        for texts, (line, fault, values) in zip(given, found, strict=True)
    ]
    return Preview(columns, rows)


def _given(upload: ImportUpload, columns: list[str]) -> list[dict[str, Any]]:
    """Return the texts of the first rows: `line`, `others` and the columns."""
    reading = upload.reading
    table = Table(
        path=folder.file_of(upload),
        form=Form(reading["form"]),
        sha256=upload.sha256,
        size=upload.size,
        encoding=reading["encoding"],
        separator=reading["separator"],
        header=reading["header"],
    )
    rows: list[dict[str, Any]] = []
    for line, cells in islice(Source.placed(table, upload.places).rows(), ROWS):
        fits = len(cells) == len(table.header)
        texts = {column: plain(cells[upload.places[column]]) if fits else "" for column in columns}
        if any("\0" in text for text in texts.values()):
            raise CannotRun("no_text", _("The file is no text: it holds NUL characters."))
        rows.append({"line": line, "others": "" if fits else UNFIT, **texts})
    return rows


def _judged(rows: list[dict[str, Any]], columns: list[str]) -> list[tuple[int, str | None, dict[str, Any]]]:
    """Return line, fault and values of each row, as the SQL of the import finds them."""
    branches = {code.upper(): pk for code, pk in Branch.objects.values_list("code", "pk")}
    values: dict[str, str | date] = {"rows": json.dumps(rows), "branches": json.dumps(branches)}
    values["today"] = timezone.localdate()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('DateStyle', 'ISO, DMY', true)")
        cursor.execute(checking.sample(columns), values)
        return [(line, fault, dict(zip(COLUMNS, rest, strict=True))) for line, fault, _odd, *rest in cursor]


def _row(
    line: int,
    fault: str | None,
    values: Mapping[str, Any],
    texts: Mapping[str, Any],
    columns: list[str],
    branches: Mapping[int, str],
) -> Row:
    wrong, _colon, code = (fault or "").partition(":")
    cells = [
        Cell(texts[column], wrong=column == wrong)
        if values[column] is None and texts[column].strip()
        else Cell(_shown(column, values[column], branches), wrong=column == wrong)
        for column in columns
    ]
    return Row(line, cells, sentence(code, None) if fault else "")


def _shown(column: str, value: Any, branches: Mapping[int, str]) -> str:
    if value is None:
        return ""
    if choices := _CHOICES.get(column):
        return str(choices(value).label)
    if column == "phone":
        return phone.show(value)
    if column == "branch":
        return branches[value]
    return value.strftime("%d-%m-%Y") if isinstance(value, date) else str(value)
