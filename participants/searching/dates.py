"""A date of birth inside what somebody types after a name."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jknoffice.refusal import Refusal
from participants.fields import BirthDateField

_MONTHS = (
    "januari january jan",
    "februari pebruari february feb peb",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agu agt ags aug",
    "september sep sept",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}
_WORD = "|".join(sorted(_MONTH, key=len, reverse=True))
_PART = r"[-/. ]{1,3}"
_NAMED = re.compile(
    rf"(?<!\d)(\d{{1,2}})[-/. ]{{0,3}}({_WORD})\.?[-/. ]{{0,3}}(\d{{2,4}})(?!\d)", re.ASCII | re.IGNORECASE
)
_ISO = r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
_LOCAL = rf"(\d{{1,2}}){_PART}(\d{{1,2}}){_PART}(\d{{2,4}})"
_DIGITS = re.compile(rf"(?<!\d)(?:{_ISO}|{_LOCAL}|(\d{{6}}(?:\d\d)?))(?!\d)", re.ASCII)


class ShortYear(Refusal):
    """A year in two digits could be of this century or of the last."""

    code = "short_year"
    sentence = _("Write the year in four digits, for example 12-03-1988.")


class BadDate(Refusal):
    """There is no such day, or nobody who lives was born then."""

    code = "bad_birth_date"
    sentence = _("This cannot be a date of birth. Compare it with the KTP.")


def parted(text: str) -> tuple[str, date | None]:
    """Return a text without the date of birth that stands in it, and that date; None when there is none.

    Understands 12-03-1988, 12/3/1988, 12 Maret 1988, 12032988, 1988-03-12, with Indonesian and English months, whole
    or shortened. Raises `ShortYear` and `BadDate`.
    """
    if named := _NAMED.search(text):
        day, month, year = named[1], str(_MONTH[named[2].lower()]), named[3]
        span = named.span()
    elif plain := _DIGITS.search(text):
        if run := plain[7]:
            day, month, year = run[:2], run[2:4], run[4:]
        else:
            day, month, year = (plain[3], plain[2], plain[1]) if plain[1] else (plain[4], plain[5], plain[6])
        span = plain.span()
    else:
        return text, None
    if len(year) < 4:
        raise ShortYear
    try:
        born: date = BirthDateField().clean(f"{day}-{month}-{year}")
    except ValidationError as error:
        raise BadDate from error
    return f"{text[: span[0]]} {text[span[1] :]}", born
