"""From the bytes of a photo to what it says."""

from collections.abc import Mapping

import cv2
import numpy as np

from verification.reading.checks import check
from verification.reading.engine import DIGITS, LATIN, VERSION, Engine, engine
from verification.reading.fields import Found, find_fields
from verification.reading.geometry import Pixels, box_of
from verification.reading.labels import alike, kind_of, split
from verification.reading.lines import read_lines
from verification.reading.quality import EDGE, faults
from verification.reading.result import Box, Check, DocType, Field, FieldName, Reading
from verification.reading.values import name_of

NUMBERS = frozenset({FieldName.NIK, FieldName.CARD_NUMBER})
CLOSER = 0.18
"""By which part of its height a line is widened for the second look."""

SURE = 0.97
"""Confidence of a number that needs no second look to agree."""
DIM = 140.0
"""Light of the brightest pixels of 255 steps below which a photo is stretched before it is read."""


class NoPicture(ValueError):
    """The bytes are no picture."""


def read_photo(jpeg: bytes) -> Reading:
    """Return what a photo says: JPEG bytes, upright or not. Raises `NoPicture`."""
    picture = _decoded(jpeg)
    reader = engine()
    seen = brightened(without_red(picture))
    lines = read_lines(seen, reader)
    confidence = _mean([(line.confidence, len(line.text)) for line in lines])
    kind = kind_of(line.text for line in lines)
    found = find_fields(lines, kind) if kind is not DocType.OTHER else {}
    twice = {name: _looked_at_twice(name, each, seen, reader) for name, each in found.items()}
    fields = {
        name: field
        for name, field in twice.items()
        if not _reaches_rim(field.box) and (name not in NUMBERS or _surely_read(field))
    }
    checks = check({name: field.value for name, field in fields.items()})
    if checks.get(Check.CARD_APART_FROM_NIK) is False:
        del fields[FieldName.CARD_NUMBER], checks[Check.CARD_LENGTH]
    return Reading(
        doc_type=kind,
        fields=fields,
        checks=checks,
        faults=faults(picture, lines, fields, kind, confidence),
        confidence=round(confidence, 4),
        engine_version=VERSION,
    )


def _decoded(jpeg: bytes) -> Pixels:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) if jpeg else None
    if picture is None:
        raise NoPicture
    return np.asarray(picture, np.uint8)


def without_red(picture: Pixels) -> Pixels:
    """Return the red part of the light alone, in which stamps in red ink vanish and black ink stays."""
    return np.ascontiguousarray(np.repeat(picture[:, :, 2:], 3, axis=2))


def brightened(picture: Pixels) -> Pixels:
    """Return a dark picture with its light stretched to the whole range, any other as it is."""
    brightest = float(np.percentile(picture, 99))
    if brightest >= DIM:
        return picture
    return np.asarray(cv2.convertScaleAbs(picture, alpha=235 / max(brightest, 12.0)), np.uint8)


def _surely_read(number: Field) -> bool:
    """Return whether a number may be shown: a wrong digit misleads more than a number that was not read."""
    return number.agreement == 1 or number.confidence >= SURE


def _reaches_rim(box: Box) -> bool:
    """Return whether a value may go on beyond the rim of the photo: 13 digits of a NIK look like a card number."""
    return min(box.left, box.top, 1 - box.right, 1 - box.bottom) < EDGE


def _looked_at_twice(name: FieldName, found: Found, picture: Pixels, reader: Engine) -> Field:
    """Return a field with how far a closer look at its lines agrees."""
    quads = [line.quad for line in found.lines]
    again = reader.read(picture, quads, only=DIGITS + " " if name in NUMBERS else LATIN, margin=CLOSER)
    first = " ".join(split(line.text)[1] for line in found.lines)
    second = " ".join(split(seen.text)[1] for seen in again)
    value = found.value
    if name in NUMBERS:
        agreement = 1.0 if value in second.replace(" ", "") else alike(value, second.replace(" ", ""))
    else:
        agreement = alike(first.replace(" ", ""), second.replace(" ", ""))
    if name is FieldName.NAME:
        value = with_more_blanks(value, name_of(second))
    return Field(
        value=value,
        confidence=round(found.confidence, 4),
        agreement=round(agreement, 4),
        box=box_of(quads, picture),
    )


def with_more_blanks(one: str, other: str) -> str:
    """Return the one of two readings of the same letters that has more blanks: an engine loses some, and adds none."""
    same = one.replace(" ", "") == other.replace(" ", "")
    return other if same and other.count(" ") > one.count(" ") else one


def _mean(weighed: list[tuple[float, int]]) -> float:
    total = sum(weight for _value, weight in weighed)
    return sum(value * weight for value, weight in weighed) / total if total else 0.0


def values_of(reading: Reading) -> Mapping[FieldName, str]:
    """Return the values of a reading alone."""
    return {name: field.value for name, field in reading.fields.items()}
