"""Verdicts on what was read, beside what the register says."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from verification.reading.result import Field, FieldName, Reading

SURE, AGREED = 0.9, 0.8
"""Below this confidence, or this agreement of two looks, a value that differs is doubtful. Measured on made-up cards:
what is surer than this and passes its checks was wrong on photos with glare or wear only."""
SIMILAR = 0.8
LENGTHS: Mapping[FieldName, int] = {FieldName.NIK: 16, FieldName.CARD_NUMBER: 13, FieldName.BIRTH_DATE: 10}
NAMES = frozenset({FieldName.NAME, FieldName.BIRTH_PLACE})


class Verdict(StrEnum):
    """How what was read stands to the register."""

    MATCH = "match"
    DIFFERS = "differs"
    SIMILAR = "similar"
    UNSURE = "unsure"
    NOT_READ = "not_read"


@dataclass(frozen=True, slots=True)
class Compared:
    """A verdict; `read` is the value as it was read, `differing` the places of its characters that differ."""

    verdict: Verdict
    read: str = ""
    differing: tuple[int, ...] = ()


def compare(reading: Reading, registered: Mapping[FieldName, str]) -> dict[FieldName, Compared]:
    """Return a verdict for each field that the register has: `registered` holds its values as it writes them.

    Only what is wholly equal matches; blanks in names do not count.
    """
    return {name: _compared(name, reading, value) for name, value in registered.items() if value}


def _compared(name: FieldName, reading: Reading, value: str) -> Compared:
    field = reading.fields.get(name)
    if field is None:
        return Compared(Verdict.NOT_READ)
    if _bare(name, field.value) == _bare(name, value):
        return Compared(Verdict.MATCH, field.value)
    places = differing(field.value, value)
    if name in NAMES and SequenceMatcher(None, field.value, value, autojunk=False).ratio() >= SIMILAR:
        return Compared(Verdict.SIMILAR, field.value, places)
    verdict = Verdict.DIFFERS if _sure(name, field, reading) else Verdict.UNSURE
    return Compared(verdict, field.value, places)


def _sure(name: FieldName, field: Field, reading: Reading) -> bool:
    whole = len(field.value) == LENGTHS.get(name, len(field.value))
    surely = field.confidence >= SURE and field.agreement >= AGREED
    return whole and surely and all(reading.checks.values()) and not reading.faults


def _bare(name: FieldName, value: str) -> str:
    return value.replace(" ", "") if name in NAMES else value


def differing(one: str, other: str) -> tuple[int, ...]:
    """Return the places in `one` whose characters are not those of `other`, once both are laid side by side."""
    if len(one) == len(other):
        return tuple(place for place, (mine, theirs) in enumerate(zip(one, other, strict=True)) if mine != theirs)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    changed = [range(start, end) for tag, start, end, _i, _j in matcher.get_opcodes() if tag != "equal"]
    return tuple(place for places in changed for place in places)
