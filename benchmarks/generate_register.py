"""`python -m benchmarks.generate_register --rows N --out FILE [--dirty 0.03] [--seed 1] [--changed 0.05]`.

A made-up register as a file for `import_peserta`: families that share KK and numbers, phones in every spelling, and
rows with faults. The same seed and number of rows always give the same file; `--changed` gives a later state of it.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from benchmarks.dirt import DIRT, Cells
from benchmarks.people import Row, people
from jknoffice.demo.people import BRANCHES

BLOCK = 5_000
_STORED = (*Row._fields[:-1], "branch_id")


def cells(count: int, *, dirty: float = 0.03, seed: int = 1, changed: float = 0.0) -> Iterator[Cells]:
    """Yield the rows of the file as text; `dirty` is the part of them that have a fault or call for a warning."""
    kinds = list(DIRT.values())
    every = round(1 / dirty) if dirty else 0
    before: Row | None = None
    for number, row in enumerate(people(count, seed=seed, changed=changed)):
        phone = row.phone
        if phone:
            row = row._replace(phone=spelt(phone, number))
        if every and number % every == every - 1 and before:
            yield kinds[number // every % len(kinds)](row, before)
        else:
            yield row
        before = row


def spelt(phone: str, number: int) -> str:
    """Return the part after +62 as the `number`-th clerk would have typed it; most write 08…."""
    kind = number % 16
    if kind < 9:
        return f"0{phone}"
    if kind < 12:
        return f"+62{phone}"
    if kind == 12:
        return f"62{phone}"
    if kind == 13:
        return f"0{phone[:3]}-{phone[3:7]}-{phone[7:]}"
    return f"+62 {phone[:3]} {phone[3:7]} {phone[7:]}" if kind == 14 else phone


def write_file(path: Path, count: int, *, dirty: float = 0.03, seed: int = 1, changed: float = 0.0) -> None:
    """Write the register as CSV in UTF-8 with the header of our own column names."""
    rows = cells(count, dirty=dirty, seed=seed, changed=changed)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(Row._fields) + "\n")
        # No value holds a comma or a quotation mark, which a test watches over.
        while block := "".join([",".join(row) + "\n" for row in islice(rows, BLOCK)]):
            file.write(block)


def open_branches() -> dict[str, int]:
    """Make sure that the branches of the register exist; return their ids by code. Needs Django."""
    from jknoffice.accounts.models import Branch

    plans = [Branch(code=plan.code, name=plan.name, region=plan.region) for plan in BRANCHES]
    Branch.objects.bulk_create(plans, ignore_conflicts=True)
    return dict(Branch.objects.values_list("code", "pk"))


def fill(count: int, *, seed: int = 1) -> None:
    """Put `count` clean participants into the empty register by COPY, then build its indexes, and ANALYZE it."""
    from django.db import connection, transaction

    from participants.importing import first_load

    branches, rows = open_branches(), people(count, seed=seed)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        with (
            first_load.without_indexes(cursor, lambda: None),
            cursor.copy(f"COPY participants_peserta ({', '.join(_STORED)}, updated_at) FROM STDIN") as copy,
        ):
            while block := copy_lines(islice(rows, BLOCK), branches):
                copy.write(block)


def copy_lines(rows: Iterable[Row], branches: Mapping[str, int]) -> str:
    """Return rows as the register stores them, in the text format of COPY, with `updated_at` as the last column."""
    return "".join(
        [
            "\t".join(
                row._replace(
                    phone=f"+62{row.phone}" if row.phone else "\\N",
                    sex="F" if row.sex == "P" else "M",
                    branch=str(branches[row.branch]),
                )
            )
            + "\tnow\n"
            for row in rows
        ]
    )


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--dirty", type=float, default=0.03, help="part of the rows with a fault or a warning")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changed", type=float, default=0.0, help="part of the people who differ in one value")
    options = parser.parse_args()
    begin = time.perf_counter()
    write_file(options.out, options.rows, dirty=options.dirty, seed=options.seed, changed=options.changed)
    seconds = time.perf_counter() - begin
    sys.stdout.write(f"{options.rows:,} rows in {seconds:.1f} s ({options.rows / seconds:,.0f}/s): {options.out}\n")


if __name__ == "__main__":
    main()
