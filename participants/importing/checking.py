"""Staged text → checked values: one statement for a range of lines."""

from collections.abc import Container

from participants.importing.cells import UNFIT
from participants.importing.columns import COLUMNS
from participants.importing.rules import RULES

STORED = (*COLUMNS[:-1], "branch_id")
"""The columns of the register, in the order of `COLUMNS`."""

# Day (women: + 40), month and year inside the NIK.
_DAY = "birth_date::text"
_TENS = f"substr({_DAY}, 9, 1)"
_ODD = (
    f"substr(nik, 7, 6) <> CASE sex WHEN 'F' THEN translate({_TENS}, '0123', '4567') ELSE {_TENS} END"
    f" || substr({_DAY}, 10, 1) || substr({_DAY}, 6, 2) || substr({_DAY}, 3, 2)"
)


def statement(columns: Container[str]) -> str:
    """Return the statement that checks the staged lines above `after` up to `to`; `columns` are those of the file.

    Its parameters: `after`, `to`, `branches` (JSON: ids by code in capitals) and `today`.
    """
    rows = "participants_staged WHERE line > %(after)s AND line <= %(to)s"
    return f"""
        INSERT INTO participants_checked (line, fault, odd, {", ".join(STORED)}) {_judged(columns, rows)}
    """


def sample(columns: Container[str]) -> str:
    """Return the query that checks rows given in the parameter `rows`, and writes nothing.

    `rows` is JSON: objects with `line`, `others` and the texts of the columns; `branches` and `today` as above. It
    yields `line`, `fault`, whether the row is odd, and the columns of the register.
    """
    texts = ", ".join(f"{column} text" for column in COLUMNS)
    rows = f"jsonb_to_recordset(%(rows)s::jsonb) AS given (line bigint, others text, {texts})"
    return f"{_judged(columns, rows)} ORDER BY line"


def _judged(columns: Container[str], rows: str) -> str:
    """Return the query that checks `rows`, what stands behind FROM.

    The fences (OFFSET 0) keep PostgreSQL from writing an expression out wherever its result is used, and evaluating
    it there again.
    """
    texts = ", ".join(f"{_text(column, columns)} AS text_{column}" for column in COLUMNS)
    values = ", ".join(f"{RULES[column].value(_text(column, columns))} AS {column}" for column in COLUMNS)
    faults = " ".join(
        f"WHEN {condition} THEN '{column}:' || {code}"
        for column in COLUMNS
        for condition, code in RULES[column].faults(column, f"text_{column}")
    )
    stored = ", ".join("nullif(phone, '')" if column == "phone" else column for column in COLUMNS)
    return f"""
        SELECT line, fault, fault IS NULL AND {_ODD}, {stored} FROM (
            SELECT line, {", ".join(COLUMNS)},
                CASE WHEN others LIKE '{UNFIT}%%' THEN ':columns' {faults} END AS fault
            FROM (
                SELECT line, others, {texts}, {values} FROM {rows} OFFSET 0
            ) AS valued OFFSET 0
        ) AS judged
    """  # noqa: S608


def _text(column: str, columns: Container[str]) -> str:
    return column if column in columns else "''::text"
