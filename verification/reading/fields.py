"""The fields of a card, from its lines: by the label before a value, and by what the value looks like."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from verification.reading import values
from verification.reading.labels import Label, split
from verification.reading.lines import Line
from verification.reading.result import DocType, FieldName

WIDE_GAP = 3.0
"""Heights of a line between two words, from which on they belong to different columns."""
TALL = 2.0
"""By so much taller than its label is no value, but a stamp that lies across."""
_NUMBERED = {Label.NIK, Label.CARD_NUMBER}


@dataclass(frozen=True, slots=True)
class Found:
    """A value, and the lines that it stands in."""

    value: str
    lines: tuple[Line, ...]

    @property
    def confidence(self) -> float:
        """How sure the engine was of the weakest of its lines."""
        return min(line.confidence for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Row:
    """A label with what stands to its right, or under it where nothing does; `line` is that of the label."""

    label: Label
    line: Line
    text: str
    values: tuple[Line, ...]


def find_fields(lines: Sequence[Line], kind: DocType) -> dict[FieldName, Found]:
    """Return what is found of the fields of a KTP or card."""
    rows = list(_rows(lines))
    found: dict[FieldName, Found | None] = {
        FieldName.NIK: _number(lines, rows, Label.NIK, 16),
        FieldName.BIRTH_DATE: _birth_date(rows),
    }
    if kind is DocType.KTP:
        found[FieldName.NAME] = _after(rows, Label.NAME, values.name_of)
        found[FieldName.BIRTH_PLACE] = _after(rows, Label.BIRTH, values.place_of)
        found[FieldName.SEX] = _after(rows, Label.SEX, values.sex_of)
    else:
        found[FieldName.CARD_NUMBER] = card = _number(lines, rows, Label.CARD_NUMBER, 13)
        found[FieldName.NAME] = _after(rows, Label.NAME, values.name_of) or (
            card and _name_beside(card.lines[0], lines)
        )
    return {name: each for name, each in found.items() if each}


def _rows(lines: Sequence[Line]) -> Iterator[_Row]:
    """Yield each label with what follows it in its line and in those to its right at the same height, or under it."""
    labelled = [(line, *split(line.text)) for line in lines]
    for line, label, rest in labelled:
        if label is None:
            continue
        beside = [
            other
            for other, other_label, _rest in labelled
            if other is not line and other_label is None and other.left > line.left and _level(line, other, lines)
        ]
        beside = _unbroken(_one_behind_the_other(beside, line, lines))
        if not rest and not beside:
            under = (other for other, other_label, _rest in labelled if other_label is None and _under(line, other))
            beside = list(islice(under, 1))
        parts = [rest, *(split(other.text)[1] for other in beside)]
        yield _Row(label, line, " ".join(part for part in parts if part), tuple(beside))


def _one_behind_the_other(beside: list[Line], line: Line, lines: Sequence[Line]) -> list[Line]:
    """Return lines from left to right, of those above each other the one that is most level with the label."""
    kept: list[Line] = []
    for other in sorted(beside, key=lambda each: _off_level(line, each, lines)):
        if all(other.left >= each.right - each.high or other.right <= each.left + each.high for each in kept):
            kept.append(other)
    return sorted(kept, key=lambda each: each.left)


def _unbroken(beside: list[Line]) -> list[Line]:
    """Return lines from left to right up to the first wide gap: what comes after it is another column."""
    kept = beside[:1]
    for other in beside[1:]:
        if other.left - kept[-1].right > WIDE_GAP * kept[-1].high:
            break
        kept.append(other)
    return kept


def _level(line: Line, other: Line, lines: Sequence[Line]) -> bool:
    """Return whether a line stands at the height of another one, and is no stamp."""
    return other.high < TALL * line.high and _off_level(line, other, lines) < 0.62 * max(line.high, other.high)


def _off_level(line: Line, other: Line, lines: Sequence[Line]) -> float:
    """Return how far a line stands above or below another one, along the way that text runs thereabouts."""
    longest = sorted(
        (each for each in lines if each.right - each.left > 4 * each.high), key=lambda each: abs(each.y - line.y)
    )
    slopes = sorted(each.slope for each in longest[:3]) or [0.0]
    expected = line.y + slopes[len(slopes) // 2] * (other.x - line.x)
    return abs(other.y - expected)


def _after(rows: Sequence[_Row], label: Label, read: Callable[[str], str]) -> Found | None:
    for row in rows:
        if row.label is label and (value := read(row.text)):
            return Found(value, row.values or (row.line,))
    return None


def _number(lines: Sequence[Line], rows: Sequence[_Row], label: Label, count: int) -> Found | None:
    """Return the number after its label, or the only one of its length that stands anywhere but after the other's."""
    for row in rows:
        if row.label is label:
            for line in (*row.values, row.line):
                if number := values.digits_of(split(line.text)[1], count=count):
                    return Found(number, (line,))
    others = _NUMBERED - {label}
    elsewhere = {id(line) for row in rows if row.label in others for line in (row.line, *row.values)}
    anywhere = [
        (number, line)
        for line in lines
        if id(line) not in elsewhere
        and values.digit_share(line.text) > 0.6
        and (number := values.digits_of(line.text, count=count))
    ]
    if len({number for number, _line in anywhere}) == 1:
        return Found(anywhere[0][0], (anywhere[0][1],))
    return None


def _birth_date(rows: Sequence[_Row]) -> Found | None:
    """Return the date after its label: expiry and issue stand after other labels, or after none."""
    for row in rows:
        if row.label in {Label.BIRTH, Label.BIRTH_DATE}:
            dates = values.dates_of(row.text)
            if len(dates) == 1:
                own = [line for line in row.values if values.dates_of(line.text)]
                return Found(dates[0].isoformat(), tuple(own) or (row.line,))
    return None


def _name_beside(number: Line, lines: Sequence[Line]) -> Found | None:
    """Return the name that stands without a label under a card number or, in capitals, above it."""
    under = [other for other in lines if _under(number, other, most=3)]
    above = [other for other in reversed(lines) if _under(other, number, most=3) and other.text.isupper()]
    for other in (*under, *above):
        if (
            split(other.text)[0] is None
            and values.digit_share(other.text) < 0.2
            and (name := values.name_of(other.text))
        ):
            return Found(name, (other,))
    return None


def _under(line: Line, other: Line, *, most: float = 2.5) -> bool:
    """Return whether one line stands below another, at most so many of its heights, and begins where it does."""
    return 0.5 * line.high < other.y - line.y < most * line.high and abs(other.left - line.left) < 2 * line.high
