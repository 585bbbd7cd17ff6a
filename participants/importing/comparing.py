"""Checked rows beside each other and beside the register: what clashes, and what is new or truly different.

Works inside the transaction that publishes, in tables of it. `verdict` holds what is to be said about a line beside
its own fault (`fault` as in `participants_checked`; `other` is the line it clashes with), `change` the lines to write:
`known` is the id of the participant or null, `differs` (in anything but what may be kept), `phone_differs`,
`email_differs` and `card_differs` say what is not as in the register, `phone` and `email` are those of the file, of
somebody known.
"""

from collections.abc import Container
from datetime import datetime

from django.db.backends.utils import CursorWrapper

from participants.importing.checking import STORED
from participants.importing.columns import COLUMNS

KEPT = ("phone", "email")
"""What people change by proving it is theirs, and a file of an earlier moment does not take back."""

DECIDED = {
    column: f"""((
    known.{column}_changed_at > %(as_of)s
    AND known.{column}_changed_at NOT IN (SELECT imported_at FROM participants_importbatch)
) IS TRUE)"""  # noqa: S608
    for column in KEPT
}
"""Somebody else wrote this of `known` after the moment of the file: an import writes its own moment beside it."""

WRITES = f"(change.differs OR {' OR '.join(f'change.{each}_differs AND NOT {DECIDED[each]}' for each in KEPT)})"
"""Whether a change of somebody known leads to a write."""

_VALUES = f"({', '.join(f'checked.{column}' for column in STORED)})::text"


def compare(cursor: CursorWrapper, columns: Container[str]) -> None:
    """Fill `verdict` and `change`. `columns` are those of the file: the others stay as they are in the register."""
    _make_tables(cursor)
    cursor.execute("SET LOCAL enable_hashagg = off")  # sorting numbers is quicker than hashing so many
    _judge_niks(cursor)
    _judge_cards(cursor)
    cursor.execute("SET LOCAL enable_hashagg = on")
    _find_changes(cursor, columns)
    _judge_taken_cards(cursor)
    cursor.execute("DELETE FROM change USING verdict WHERE verdict.line = change.line")


def note_kept(cursor: CursorWrapper, column: str, as_of: datetime) -> int:
    """Note what was not written of one of `KEPT` because it has been decided since, and return how often.

    Asked after writing, this also finds what a request decided while the import waited for its row.
    """
    # The fence makes PostgreSQL look each row up by its id: it cannot know how few have a moment as late as this.
    cursor.execute(
        f"""
        INSERT INTO verdict SELECT change.line, '{column}:kept_{column}' FROM change CROSS JOIN LATERAL (
            SELECT FROM participants_peserta AS known
            WHERE known.id = change.known AND known.{column} IS DISTINCT FROM change.{column} AND {DECIDED[column]}
            OFFSET 0
        ) AS kept WHERE change.{column}_differs
        """,  # noqa: S608
        {"as_of": as_of},
    )
    return int(cursor.rowcount)


def count_numbers(cursor: CursorWrapper) -> int:
    """Return in how many changes of somebody known the number is another one."""
    cursor.execute("SELECT count(*) FROM change WHERE known IS NOT NULL AND phone_differs")
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _twins(column: str) -> str:
    """Return the numbers that more than one row has; as such they are sorted in half the time that texts need."""
    return f"""(
        SELECT {column}::bigint AS number FROM participants_checked WHERE fault IS NULL GROUP BY 1 HAVING count(*) > 1
    ) AS twin"""  # noqa: S608


def _make_tables(cursor: CursorWrapper) -> None:
    # Of an import before, where a test does several in one transaction.
    cursor.execute("DROP TABLE IF EXISTS pg_temp.verdict, pg_temp.change, pg_temp.taken")
    cursor.execute("CREATE TEMPORARY TABLE verdict (line bigint, fault text, other bigint) ON COMMIT DROP")


def _judge_niks(cursor: CursorWrapper) -> None:
    """Of rows with one NIK: equal ones count once, those that contradict each other are all refused."""
    cursor.execute(
        f"""
        INSERT INTO verdict
        SELECT line, CASE WHEN same THEN 'nik:repeated' ELSE 'nik:duplicate_nik' END,
            CASE WHEN place = 1 THEN next ELSE first END
        FROM (
            SELECT line, min(content) OVER everywhere = max(content) OVER everywhere AS same,
                min(line) OVER everywhere AS first, row_number() OVER downwards AS place,
                lead(line) OVER downwards AS next
            FROM (
                SELECT checked.line, checked.nik, {_VALUES} AS content
                FROM participants_checked AS checked
                JOIN {_twins("nik")} ON checked.nik::bigint = twin.number
                WHERE checked.fault IS NULL
            ) AS twins
            WINDOW everywhere AS (PARTITION BY nik), downwards AS (PARTITION BY nik ORDER BY line)
        ) AS seen
        WHERE place > 1 OR NOT same
        """  # noqa: S608
    )


def _judge_cards(cursor: CursorWrapper) -> None:
    """Rows with one card and different NIKs are all refused."""
    cursor.execute(
        f"""
        INSERT INTO verdict
        SELECT line, 'card_number:duplicate_card', CASE WHEN place = 1 THEN next ELSE first END
        FROM (
            SELECT line, min(nik) OVER everywhere = max(nik) OVER everywhere AS same,
                min(line) OVER everywhere AS first, row_number() OVER downwards AS place,
                lead(line) OVER downwards AS next
            FROM participants_checked AS checked
            JOIN {_twins("card_number")} ON checked.card_number::bigint = twin.number
            WHERE checked.fault IS NULL
            WINDOW everywhere AS (PARTITION BY card_number), downwards AS (PARTITION BY card_number ORDER BY line)
        ) AS seen
        WHERE NOT same AND NOT EXISTS (SELECT FROM verdict WHERE verdict.line = seen.line)
        """  # noqa: S608
    )


def _find_changes(cursor: CursorWrapper, columns: Container[str]) -> None:
    present = [stored for stored, column in zip(STORED, COLUMNS, strict=True) if column in columns]
    differs = " OR ".join(f"known.{stored} <> checked.{stored}" for stored in present if stored not in {"nik", *KEPT})
    kept = {each: f"known.{each} IS DISTINCT FROM checked.{each}" if each in present else "false" for each in KEPT}
    # Of those who are new nothing is kept: their values would only make the table larger.
    columns_of_kept = ", ".join(
        f"{said} AS {each}_differs, CASE WHEN known.id IS NOT NULL THEN checked.{each} END AS {each}"
        for each, said in kept.items()
    )
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE change ON COMMIT DROP AS
        SELECT checked.line, known.id AS known, {differs} AS differs, {columns_of_kept},
            known.card_number IS DISTINCT FROM checked.card_number AS card_differs
        FROM participants_checked AS checked LEFT JOIN participants_peserta AS known ON known.nik = checked.nik
        WHERE checked.fault IS NULL AND (known.id IS NULL OR {differs} OR {" OR ".join(kept.values())})
        """  # noqa: S608
    )
    cursor.execute("ANALYZE change, verdict")


def _judge_taken_cards(cursor: CursorWrapper) -> None:
    """A card that the register knows under another NIK is refused; `other` is that person's line, if they have one."""
    cursor.execute(
        """
        CREATE TEMPORARY TABLE taken ON COMMIT DROP AS
        SELECT change.line, known.nik FROM change
        JOIN participants_checked AS checked USING (line)
        JOIN participants_peserta AS known USING (card_number)
        WHERE change.card_differs AND known.nik <> checked.nik
            AND NOT EXISTS (SELECT FROM verdict WHERE verdict.line = change.line)
        """
    )
    # How many there are decides how they are best looked for.
    cursor.execute("ANALYZE taken")
    cursor.execute(
        """
        INSERT INTO verdict SELECT taken.line, 'card_number:card_taken', min(holder.line)
        FROM taken LEFT JOIN participants_checked AS holder USING (nik) GROUP BY taken.line
        """
    )
