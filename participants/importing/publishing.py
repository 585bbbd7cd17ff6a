"""The changes into the register: what is known is updated, what is new inserted, in the caller's transaction."""

from collections.abc import Callable, Container
from datetime import datetime

from django.db.backends.utils import CursorWrapper

from participants.importing import comparing, first_load
from participants.importing.checking import STORED
from participants.importing.columns import COLUMNS

_LIST = ", ".join(STORED)

_NEW = "change JOIN participants_checked AS checked USING (line) WHERE change.known IS NULL"
# Where nobody is known, this is the same and spares a join as large as the file.
_GOOD = """participants_checked AS checked
    WHERE fault IS NULL AND NOT EXISTS (SELECT FROM verdict WHERE verdict.line = checked.line)"""


def publish(
    cursor: CursorWrapper, columns: Container[str], *, as_of: datetime, at: datetime, indexing: Callable[[], object]
) -> tuple[int, int]:
    """Write what `comparing` found; return how many participants were created, and how many updated.

    `columns` are those of the file; what was decided after `as_of` stays (`comparing.KEPT`). `indexing` is called
    before indexes are built, which can take as long as the rows did.
    """
    if first_load.possible(cursor):
        with first_load.without_indexes(cursor, indexing):
            return _insert(cursor, _GOOD, at), 0
    updated = _update(cursor, columns, as_of, at)
    return _insert(cursor, _NEW, at), updated


def foresee(cursor: CursorWrapper, as_of: datetime) -> tuple[int, int]:
    """Return what `publish()` would, without writing."""
    cursor.execute(
        f"""
        SELECT count(*) FILTER (WHERE change.known IS NULL),
            count(*) FILTER (WHERE change.known IS NOT NULL AND {comparing.WRITES})
        FROM change LEFT JOIN participants_peserta AS known ON known.id = change.known
        """,  # noqa: S608
        {"as_of": as_of},
    )
    created, updated = cursor.fetchone()
    return created, updated


def _update(cursor: CursorWrapper, columns: Container[str], as_of: datetime, at: datetime) -> int:
    values = [
        f"{stored} = checked.{stored}"
        for stored, column in zip(STORED, COLUMNS, strict=True)
        if column in columns and column not in {"nik", *comparing.KEPT}
    ]
    for kept in filter(columns.__contains__, comparing.KEPT):
        # Asked inside the UPDATE, this also sees what a request has written while the import waited for the row.
        stays = f"{comparing.DECIDED[kept]} OR known.{kept} IS NOT DISTINCT FROM checked.{kept}"
        values.append(f"{kept} = CASE WHEN {stays} THEN known.{kept} ELSE checked.{kept} END")
        values.append(f"{kept}_changed_at = CASE WHEN {stays} THEN known.{kept}_changed_at ELSE %(at)s END")
    cursor.execute(
        f"""
        UPDATE participants_peserta AS known SET {", ".join(values)}, updated_at = %(at)s
        FROM change JOIN participants_checked AS checked USING (line)
        WHERE known.id = change.known AND {comparing.WRITES}
        """,  # noqa: S608
        {"at": at, "as_of": as_of},
    )
    return int(cursor.rowcount)


def _insert(cursor: CursorWrapper, rows: str, at: datetime) -> int:
    columns = ", ".join(f"checked.{column}" for column in STORED)
    cursor.execute(
        f"""
        INSERT INTO participants_peserta ({_LIST}, updated_at) SELECT {columns}, %(at)s FROM {rows}
        """,  # noqa: S608
        {"at": at},
    )
    return int(cursor.rowcount)
