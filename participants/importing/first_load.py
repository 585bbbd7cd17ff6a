"""Filling an empty register without its indexes, and building them afterwards: all or nothing, in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper

WORTH_FROM = 10_000
"""Rows from which on building indexes anew is quicker than adding to them."""

_TABLE = "participants_peserta"

# What another table refers to must stay, and so does the primary key, whose values ascend. Foreign keys go too: checked
# for all rows at once they cost a second, row by row as much as an index.
_PARTS = f"""
    SELECT format('ALTER TABLE {_TABLE} DROP CONSTRAINT %I', conname),
        format('ALTER TABLE {_TABLE} ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
    FROM pg_constraint AS own
    WHERE conrelid = '{_TABLE}'::regclass AND contype IN ('u', 'x', 'f')
        AND NOT EXISTS (
            SELECT FROM pg_constraint WHERE contype = 'f' AND confrelid = own.conrelid AND conindid = own.conindid
        )
    UNION ALL
    SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = '{_TABLE}'::regclass AND NOT indisprimary
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""  # noqa: S608


def possible(cursor: CursorWrapper) -> bool:
    """Whether there is much to write, the register is empty, and this connection is the owner's, as it must be."""
    cursor.execute(
        f"SELECT pg_has_role(relowner, 'USAGE') AND NOT EXISTS (SELECT FROM {_TABLE})"  # noqa: S608
        f" AND (SELECT count(*) FROM change) >= {WORTH_FROM} FROM pg_class WHERE oid = '{_TABLE}'::regclass"
    )
    row = cursor.fetchone()
    return bool(row and row[0])


@contextmanager
def without_indexes(cursor: CursorWrapper, indexing: Callable[[], object]) -> Iterator[None]:
    """Drop indexes and constraints with indexes; build them again at the end, after a call of `indexing`.

    Nobody reads the table until the caller's transaction ends.
    """
    cursor.execute(f"LOCK TABLE {_TABLE} IN ACCESS EXCLUSIVE MODE")
    # Checks that wait for the end of the transaction would keep the table from being altered.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(_PARTS)
    parts = cursor.fetchall()
    for drop, _build in parts:
        cursor.execute(drop)
    yield
    indexing()
    for _drop, build in parts:
        cursor.execute(build)
    cursor.execute(f"ANALYZE {_TABLE}")
