"""One row: read by the rules of the register, or refused."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from participants import identifiers, phone
from participants.importing.columns import COLUMNS
from participants.importing.faults import Fault
from participants.models.choices import Membership, Relation, Segment, Sex

Value = TypeVar("Value")
Row = tuple[str | date | int | None, ...]
"""The values of `COLUMNS`, as they are stored."""

OLDEST = date(1900, 1, 1)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)

_SEXES = {"L": Sex.MALE, "M": Sex.MALE, "P": Sex.FEMALE, "F": Sex.FEMALE}
_RELATIONS = {"PESERTA": "SELF", "ISTRI": "WIFE", "SUAMI": "HUSBAND", "ANAK": "CHILD", "TAMBAHAN": "OTHER"} | {
    str(number): code for number, code in enumerate(("SELF", "HUSBAND", "WIFE", "CHILD", "OTHER"), start=1)
}
_STATUSES = {"AKTIF": "ACTIVE", "0": "ACTIVE", "MENINGGAL": "DECEASED", "PENANGGUHAN": "SUSPENDED"}


class Refused(Exception):
    """The row has a fault."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def read(texts: Mapping[str, str], *, branches: Mapping[str, int], today: date) -> Row | Fault:
    """Return the stored form of a row, or its first fault.

    `texts` holds what the file says by column, `branches` the ids by code in capitals; a column that the file lacks
    counts as empty. The last value of the row is the branch's id.
    """
    row: list[str | date | int | None] = []
    for column in COLUMNS:
        text = texts.get(column, "").strip()
        try:
            if column == "branch":
                row.append(_known(branches, text, "unknown_branch"))
            elif column == "birth_date":
                row.append(_date(text, today))
            else:
                row.append(_READERS[column](text))
        except Refused as refused:
            return Fault(column, refused.code)
    return tuple(row)


def _nik(text: str) -> str:
    if not text:
        raise Refused("nik_missing")
    return _identifier(text, identifiers.parse_nik, "nik_form")


def _card(text: str) -> str:
    return _identifier(text, identifiers.parse_card, "card_form")


def _kk(text: str) -> str:
    return _identifier(text, identifiers.parse_nik, "kk_form") if text else ""


def _identifier(text: str, parse: Callable[[str], str], code: str) -> str:
    try:
        return parse(text)
    except identifiers.Mangled as error:
        raise Refused("mangled") from error
    except identifiers.IdentifierRefused as error:
        raise Refused(code) from error


def _name(text: str) -> str:
    if not text:
        raise Refused("name_missing")
    return _short(" ".join(text.split()), 120)


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise Refused("too_long")
    return text


def _date(text: str, today: date) -> date:
    found = _DATE.fullmatch(text)
    if not found:
        raise Refused("date")
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        read_date = date(int(year), int(month), int(day))
    except ValueError as error:
        raise Refused("date") from error
    if not OLDEST <= read_date <= today:
        raise Refused("date_range")
    return read_date


def _phone(text: str) -> str | None:
    if not text:
        return None
    try:
        return phone.normalise(text)
    except phone.PhoneRefused as error:
        raise Refused("phone") from error


def _email(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise Refused("email") from error
    return _short(text, 254)


def _care_class(text: str) -> int:
    if text not in {"1", "2", "3"}:
        raise Refused("care_class")
    return int(text)


def _known(known: Mapping[str, Value], text: str, code: str = "unknown_code") -> Value:
    try:
        return known[text.upper()]
    except KeyError as error:
        raise Refused(code) from error


def _one_of(*vocabularies: Mapping[str, str]) -> Callable[[str], str]:
    known = {word: code for vocabulary in vocabularies for word, code in vocabulary.items()}
    return lambda text: _known(known, text)


def _codes(values: list[str]) -> dict[str, str]:
    return {value: value for value in values}


_READERS: dict[str, Callable[[str], str | int | None]] = {
    "nik": _nik,
    "card_number": _card,
    "kk_number": _kk,
    "name": _name,
    "birth_place": lambda text: _short(text, 60),
    "sex": _one_of(_SEXES),
    "phone": _phone,
    "email": _email,
    "segment": _one_of(_codes(Segment.values)),
    "care_class": _care_class,
    "relation": _one_of(_codes(Relation.values), _RELATIONS),
    "status": _one_of(_codes(Membership.values), _STATUSES),
    "facility": lambda text: _short(text, 120),
}
