"""What is wrong in real registers: one way for each code of `participants.importing.faults`, and for the warnings."""

from collections.abc import Callable, Mapping

from benchmarks.people import Row

Cells = tuple[str, ...]


def _short(row: Row, _before: Row) -> Cells:
    return row[:-1]


def _with(column: str, text: str) -> Callable[[Row, Row], Cells]:
    return lambda row, _before: row._replace(**{column: text})


DIRT: Mapping[str, Callable[[Row, Row], Cells]] = {
    "columns": _short,
    "nik_missing": _with("nik", ""),
    "nik_form": lambda row, _before: row._replace(nik=row.nik[:-1]),
    "nik_rounded": lambda row, _before: row._replace(nik=f"{row.nik[0]}.{row.nik[1:6]}E+15"),
    "card_form": lambda row, _before: row._replace(card_number=row.card_number.lstrip("0")),
    "card_rounded": lambda row, _before: row._replace(card_number=f"{row.card_number}.0"),
    "kk_form": _with("kk_number", "12345"),
    "name_missing": _with("name", " "),
    "name_too_long": _with("name", "PANJANG " * 20),
    "date": _with("birth_date", "1990-02-30"),
    "date_range": _with("birth_date", "1871-08-17"),
    "sex": _with("sex", "X"),
    "phone": _with("phone", "21-5551234"),
    "email": _with("email", "siti at surel"),
    "segment": _with("segment", "MANDIRI?"),
    "care_class": _with("care_class", "VIP"),
    "relation": _with("relation", "PAMAN"),
    "status": _with("status", "?"),
    "unknown_branch": _with("branch", "9999"),
    "repeated": lambda _row, before: before,
    "duplicate_nik": lambda row, before: row._replace(nik=before.nik),
    "duplicate_card": lambda row, before: row._replace(card_number=before.card_number),
    "nik_date": lambda row, _before: row._replace(birth_date="1991-01-01"),
}
"""By kind: what becomes of a row, given also the clean one before it. The last kind is good, but warned of."""
