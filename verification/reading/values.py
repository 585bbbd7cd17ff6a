"""Values as they stand in misread text: pure functions on strings."""

import re
from datetime import date

from verification.reading.labels import alike, letters

# What an engine takes digits for in a line of digits.
_AS_DIGIT = str.maketrans(
    {
        "O": "0",
        "o": "0",
        "D": "0",
        "Q": "0",
        "I": "1",
        "l": "1",
        "i": "1",
        "Z": "2",
        "z": "2",
        "S": "5",
        "s": "5",
        "G": "6",
        "b": "6",
        "B": "8",
        "T": "7",
    }
)
_DATE = re.compile(r"(?<!\d)(\d{2})\s?[-./,: ]{0,3}\s?(\d{2})\s?[-./,: ]{0,3}\s?(\d{4})(?!\d)")
_LONG_DATE = re.compile(r"(?<!\d)(\d{1,2})\s?[-./, ]{0,2}([^\W_]{3,10})[-./, ]{0,2}\s?(\d{4})(?!\d)")
_MONTHS = (
    *("JANUARI", "FEBRUARI", "MARET", "APRIL", "MEI", "JUNI", "JULI", "AGUSTUS", "SEPTEMBER", "OKTOBER", "NOVEMBER"),
    "DESEMBER",
)
_EARLIEST = 1900


def digits_of(text: str, *, count: int) -> str:
    """Return the one run of exactly `count` digits in a text, though letters were seen in their place; else "".

    Blanks between digits are passed over. A text with a longer or shorter run has none: nothing is cut to fit.
    """
    for candidate in (text, text.translate(_AS_DIGIT)):
        runs = re.findall(r"(?:\d[ .]?)+", candidate)
        found = {run for run in (re.sub(r"\D", "", each) for each in runs) if len(run) == count}
        if len(found) == 1:
            return found.pop()
    return ""


def digit_share(text: str) -> float:
    """Return which part of a text's characters are digits, or look like one."""
    packed = re.sub(r"\s", "", text)
    return sum(each.isdigit() for each in packed) / len(packed) if packed else 0.0


def dates_of(text: str) -> list[date]:
    """Return the dates of a text, day first, that a living person can have been born or a card issued on.

    The month is a number, or its Indonesian name, which may be cut to three letters or misread.
    """
    found = []
    named = [(day, _month(name), year) for day, name, year in _LONG_DATE.findall(text)]
    for day, month, year in (*_DATE.findall(text), *named):
        try:
            each = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if each.year >= _EARLIEST:
            found.append(each)
    return found


def _month(name: str) -> int:
    """Return the number of a month, 0 for a word that is none, or that is as like to another one."""
    seen = letters(name)
    whole = len(seen) > len("JAN")
    fits = [(alike(seen, month if whole else month[:3]), number) for number, month in enumerate(_MONTHS, start=1)]
    (second, _number), (best, number) = sorted(fits)[-2:]
    return number if best >= 0.8 and best > second else 0


def name_of(text: str) -> str:
    """Return a name in capitals as the register writes it, "" where there is none."""
    kept = re.sub(r"[^A-Z .,'-]", "", text.upper())
    return " ".join(kept.split()).strip(" .,-'")


def place_of(text: str) -> str:
    """Return the place before the date of "PLACE, DD-MM-YYYY"."""
    before = re.split(r"\d", text, maxsplit=1)[0]
    return name_of(before)


def sex_of(text: str) -> str:
    """Return "M" or "F" for what stands after Jenis Kelamin, "" when it is neither."""
    found = letters(text)
    if not found:
        return ""
    male = max(alike(found[: len("LAKILAKI")], "LAKILAKI"), alike(found[:4], "LAKI") * 0.9)
    female = alike(found[: len("PEREMPUAN")], "PEREMPUAN")
    best = max(male, female)
    return ("M" if male > female else "F") if best >= 0.6 and abs(male - female) > 0.2 else ""


def born_by_nik(nik: str) -> tuple[int, int, int] | None:
    """Return day, month and year of the century in a NIK's digits 7 to 12; women's days count from 41."""
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    day = day - 40 if day > 40 else day
    return (day, month, year) if 1 <= day <= 31 and 1 <= month <= 12 else None


def sex_by_nik(nik: str) -> str:
    """Return the sex that a NIK says."""
    return "F" if int(nik[6:8]) > 40 else "M"
