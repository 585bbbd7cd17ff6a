"""NIK, card number and KK number: read, shown in groups, masked, and looked at for what seems odd."""

import re
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jknoffice.refusal import Refusal
from participants import nik as nik_reading

NIK_DIGITS = 16
CARD_DIGITS = 13
_LONGEST = 60
_MANGLED = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]+|[0-9]+\.0", re.ASCII)


class IdentifierRefused(Refusal):
    """The text is no identifier."""

    code = "identifier_refused"
    sentence = _("Write the 16 digits of the NIK or the 13 digits of the card number.")


class Mangled(IdentifierRefused):
    """A spreadsheet took the number for a quantity and threw digits away."""

    code = "mangled"
    sentence = _("A spreadsheet has rounded this number: digits are lost. Export the column as text.")


def parse(text: str) -> str:
    """Return the digits of a NIK (16) or card number (13) that may be written with spaces, dots or dashes.

    Raises `IdentifierRefused`, and `Mangled` for a number that a spreadsheet rewrote (`3.17E+15`, `317.0`).
    """
    return _digits(text, {NIK_DIGITS, CARD_DIGITS})


def parse_nik(text: str) -> str:
    """Return the 16 digits of a NIK or KK number. Raises what `parse()` raises."""
    return _digits(text, {NIK_DIGITS})


def parse_card(text: str) -> str:
    """Return the 13 digits of a card number. Raises what `parse()` raises."""
    return _digits(text, {CARD_DIGITS})


def show(digits: str) -> str:
    """Return an identifier in groups of four, as in `3171 0117 0590 0001`."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def mask(digits: str) -> str:
    """Return an identifier with its middle hidden, as in `3171 •••• •••• 0001`."""
    return show(digits[:4] + "•" * (len(digits) - 8) + digits[-4:] if len(digits) > 8 else digits)


def oddities(*, nik: str, birth_date: date, sex: str) -> list[str | Promise]:
    """Return what in a NIK does not fit; `sex` is "M" or "F". Real registers hold such NIKs: a warning, no refusal."""
    return list(nik_reading.read(nik=nik, birth_date=birth_date, sex=sex).disagreements)


def _digits(text: str, lengths: set[int]) -> str:
    if _MANGLED.fullmatch(text.strip()):
        raise Mangled
    digits = re.sub(r"[ .\-\u00a0]", "", text)
    if not (len(text) <= _LONGEST and digits.isascii() and digits.isdigit() and len(digits) in lengths):
        raise IdentifierRefused
    return digits
