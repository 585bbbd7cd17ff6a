"""The temporary table between file and register, and the set-based statements that work on it."""

from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

from participants.importing.columns import COLUMNS
from participants.importing.faults import Fault
from participants.importing.rows import Row

STORED = (*COLUMNS[:-1], "branch_id")
"""The columns of the register, in the order of a `Row`."""

PROTECTED_FOR = timedelta(days=30)
"""A number that a decided request has written is not taken back by a file, which may be older (the undo lifetime)."""

_LIST = ", ".join(STORED)

# An import writes its own moment beside a number, a request another one. Asked inside the UPDATE, this also sees what
# a request has written while the import waited for the row.
_DECIDED = """(
    known.phone_changed_at > %(since)s
    AND known.phone_changed_at NOT IN (SELECT imported_at FROM participants_importbatch)
)"""
_DIFFERS = "known.phone IS DISTINCT FROM staging.phone"
_PHONE = f"CASE WHEN {_DECIDED} THEN known.phone ELSE staging.phone END"


@contextmanager
def loading() -> Iterator[Callable[[int, Row], None]]:
    """Make the table, and give a function that adds a row under its line number, by COPY."""
    with connection.cursor() as cursor:
        # Two imports at once would see each other's new rows too late.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('participants.importing', 0))")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.staging")  # of an import before, in the same transaction
        cursor.execute(
            f"CREATE TEMPORARY TABLE staging ON COMMIT DROP AS SELECT 0 AS line, {_LIST}, NULL::text AS fault"  # noqa: S608
            " FROM participants_peserta WITH NO DATA"
        )
        with cursor.copy(f"COPY staging (line, {_LIST}) FROM STDIN") as copy:
            yield lambda line, row: copy.write_row((line, *row))
        cursor.execute("CREATE INDEX ON staging (nik)")
        cursor.execute("CREATE INDEX ON staging (card_number)")
        cursor.execute("ANALYZE staging")


def refuse() -> dict[int, Fault]:
    """Mark the rows that do not fit beside others, and return their faults by line number."""
    for column, code in (("nik", "duplicate_nik"), ("card_number", "duplicate_card")):
        _execute(
            f"""
            UPDATE staging SET fault = %(code)s FROM (
                SELECT line, row_number() OVER (PARTITION BY {column} ORDER BY line) AS place
                FROM staging WHERE fault IS NULL
            ) AS counted
            WHERE counted.line = staging.line AND counted.place > 1
            """,  # noqa: S608
            code=code,
        )
    _execute(
        "UPDATE staging SET fault = %(code)s FROM participants_peserta AS other"
        " WHERE fault IS NULL AND other.card_number = staging.card_number AND other.nik <> staging.nik",
        code="card_taken",
    )
    columns = {"duplicate_nik": "nik", "duplicate_card": "card_number", "card_taken": "card_number"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT line, fault FROM staging WHERE fault IS NOT NULL")
        return {line: Fault(columns[code], code) for line, code in cursor.fetchall()}


def kept_numbers(at: datetime) -> int:
    """Return how many numbers `update()` will keep although the file has others."""
    return _execute(
        f"SELECT FROM staging JOIN participants_peserta AS known USING (nik)"
        f" WHERE staging.fault IS NULL AND {_DECIDED} AND {_DIFFERS}",
        since=at - PROTECTED_FOR,
    )


def update(columns: Container[str], at: datetime) -> int:
    """Write what differs in these `COLUMNS` to participants who are known, and return how many differed."""
    new = {
        stored: _PHONE if stored == "phone" else f"staging.{stored}"
        for stored, column in zip(STORED, COLUMNS, strict=True)
        if column in columns and column != "nik"
    }
    values = [f"{column} = {value}" for column, value in new.items()]
    if "phone" in new:
        changed = f"CASE WHEN {_DECIDED} OR NOT {_DIFFERS} THEN known.phone_changed_at ELSE %(at)s END"
        values.append(f"phone_changed_at = {changed}")
    return _execute(
        f"UPDATE participants_peserta AS known SET {', '.join(values)}, updated_at = %(at)s FROM staging"  # noqa: S608
        f" WHERE staging.fault IS NULL AND known.nik = staging.nik"
        f" AND ({', '.join(f'known.{column}' for column in new)}) IS DISTINCT FROM ({', '.join(new.values())})",
        at=at,
        since=at - PROTECTED_FOR,
    )


def insert(at: datetime) -> int:
    """Write the participants who are new, and return how many."""
    # The order makes PostgreSQL find all of them before it writes the first: where it believes the register to be
    # empty, it would look through the rows just written for each next one (100,000 rows: 3 minutes, not 3 seconds).
    return _execute(
        f"INSERT INTO participants_peserta ({_LIST}, updated_at) SELECT {_LIST}, %(at)s FROM staging"  # noqa: S608
        " WHERE fault IS NULL AND NOT EXISTS (SELECT FROM participants_peserta AS known WHERE known.nik = staging.nik)"
        " ORDER BY line",
        at=at,
    )


def _execute(statement: str, **values: str | datetime) -> int:
    """Run a statement and return the number of its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
