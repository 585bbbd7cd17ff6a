"""How the dates of a file are written: one way for all of them, and never a way that can be read as another."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from participants.importing.faults import CannotRun

LOOKED_AT = 20_000
"""Rows that decide. What is written otherwise further down is refused row by row."""
TELLING = 100
"""So many dates without a day above the twelfth are no chance (1 in 10^21): the day does not stand first."""

_ISO = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_NUMBERS = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.][0-9]{4}")
_NAMED = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})[.,]?[ -]([0-9]{4})")

# Indonesian first; what English shares with it stands once.
_MONTHS = (
    "januari january jan",
    "februari february feb peb",
    "maret march mar",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agu agt aug ags",
    "september sep sept",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}


@dataclass(frozen=True, slots=True)
class Dates:
    """How dates are written in cell `place` of each row; `named` months are to be made numbers first."""

    place: int
    named: bool = False

    @classmethod
    def seen_in(cls, texts: Iterable[str], *, place: int) -> "Dates":
        """Find out from the texts of the column. Raises `CannotRun` for two ways at once, or for month-first."""
        ways: set[str] = set()
        first = second = counted = 0
        for text in islice(texts, LOOKED_AT):
            plain = text.strip()
            if _ISO.fullmatch(plain):
                ways.add("1990-05-17")
            elif numbers := _NUMBERS.fullmatch(plain):
                ways.add("17-05-1990")
                first, second = max(first, int(numbers[1])), max(second, int(numbers[2]))
                counted += 1
            elif _NAMED.fullmatch(plain):
                ways.add("17 Mei 1990")
        if len(ways) > 1:
            sentence = _("The dates are written in more than one way: %(ways)s. Write all of them as 1990-05-17.")
            raise CannotRun("mixed_dates", sentence % {"ways": ", ".join(sorted(ways))})
        if second > 12 or (counted >= TELLING and first <= 12):
            sentence = _("The month seems to stand before the day. Write the dates as 1990-05-17 or 17-05-1990.")
            raise CannotRun("month_first", sentence)
        return cls(place, named="17 Mei 1990" in ways)

    def plain(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows with their dates as 17-05-1990; a month that nobody knows stays, and is refused later."""
        for number, cells in rows:
            found = _NAMED.fullmatch(cells[self.place].strip()) if self.place < len(cells) else None
            month = MONTHS.get(found[2].lower()) if found else None
            if found and month:
                cells[self.place] = f"{found[1]}-{month}-{found[3]}"
            yield number, cells
