"""Other ways to fill the register, to measure ours against: each takes rows or files and returns rows a second."""

import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.generate_register import BLOCK, copy_lines, open_branches, write_file
from benchmarks.people import Row, people
from participants.importing import comparing, filling, staging
from participants.importing.checking import STORED
from participants.importing.source import Source
from participants.models import Peserta


def empty_register() -> None:
    """Empty it, and let PostgreSQL finish what it has put off."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE participants_peserta CASCADE")
        cursor.execute("CHECKPOINT")


def raw_copy(count: int, folder: Path) -> float:
    """COPY clean rows, made beforehand, into the register with its indexes: no checks, no questions."""
    rows, lines = people(count), folder / "lines.txt"
    with lines.open("w") as file:
        while block := copy_lines(islice(rows, BLOCK), open_branches()):
            file.write(block)
    columns = ", ".join((*STORED, "updated_at"))
    begin = time.perf_counter()
    with (
        lines.open("rb") as file,
        connection.cursor() as cursor,
        cursor.copy(f"COPY participants_peserta ({columns}) FROM STDIN") as copy,
    ):
        while block_bytes := file.read(1 << 18):
            copy.write(block_bytes)
    seconds = time.perf_counter() - begin
    lines.unlink()
    return count / seconds


def bulk_create(count: int) -> float:
    """`bulk_create()` in 5,000s, of objects made from clean rows."""
    branches = open_branches()
    rows = people(count)
    begin = time.perf_counter()
    with transaction.atomic():
        while some := [_object(row, branches) for row in islice(rows, 5_000)]:
            Peserta.objects.bulk_create(some)
    return count / (time.perf_counter() - begin)


def import_export(count: int) -> float | None:
    """django-import-export as its manual shows it; None where it is not installed."""
    try:
        from django.conf import settings

        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "import_export"]
        from import_export import fields, resources, widgets  # type: ignore[import-not-found,import-untyped,unused-ignore]
        from tablib import Dataset  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        return None

    from jknoffice.accounts.models import Branch

    class PesertaResource(resources.ModelResource):  # type: ignore[misc,unused-ignore]
        phone = fields.Field("phone", "phone", widgets.CharWidget(), default=None)
        branch = fields.Field("branch", "branch", widgets.ForeignKeyWidget(Branch, "code"))

        class Meta:
            model = Peserta
            import_id_fields = ["nik"]
            fields = Row._fields

    open_branches()
    data = Dataset(headers=Row._fields)
    for row in people(count):
        phone = f"+62{row.phone}" if row.phone else ""
        data.append(row._replace(phone=phone, sex="F" if row.sex == "P" else "M"))
    begin = time.perf_counter()
    result = PesertaResource().import_data(data, raise_errors=True)
    assert result.totals["new"] == count
    return count / (time.perf_counter() - begin)


def upsert(path: Path, count: int) -> float:
    """Our own reading and checks, then every row written with ON CONFLICT, changed or not."""
    begin = time.perf_counter()
    source = Source.of(path)
    filling.fill(source=source, today=date.today(), resume=False, progress=lambda _rows, _all: None)  # noqa: DTZ011
    columns = ", ".join(STORED)
    values = ", ".join(f"{column} = excluded.{column}" for column in STORED if column != "nik")
    with staging.step() as cursor:
        comparing.compare(cursor, source.places)
        cursor.execute(
            f"""
            INSERT INTO participants_peserta ({columns}, updated_at) SELECT {columns}, %s
            FROM participants_checked AS checked
            WHERE fault IS NULL AND NOT EXISTS (SELECT FROM verdict WHERE verdict.line = checked.line)
            ON CONFLICT (nik) DO UPDATE SET {values}, updated_at = excluded.updated_at
            """,  # noqa: S608
            [timezone.now()],
        )
    staging.clear()
    return count / (time.perf_counter() - begin)


def files(count: int, folder: Path) -> Iterator[Path]:
    """Make and yield a register as a file, and the same with 5 % changed."""
    for name, changed in (("old", 0.0), ("new", 0.05)):
        write_file(folder / f"{name}.csv", count, changed=changed)
        yield folder / f"{name}.csv"


def _object(row: Row, branches: dict[str, int]) -> Peserta:
    values = row._asdict() | {"sex": "F" if row.sex == "P" else "M", "care_class": int(row.care_class)}
    values |= {"phone": f"+62{row.phone}" if row.phone else None, "birth_date": date.fromisoformat(row.birth_date)}
    return Peserta(branch_id=branches[values.pop("branch")], **values)
