"""What is wrong with a photo itself. Missing fields and the engine's doubt tell more than pixels do."""

from collections.abc import Collection, Sequence

import cv2
import numpy as np

from verification.reading.geometry import Pixels
from verification.reading.lines import Line
from verification.reading.result import DocType, Fault, FieldName

WANTED = {
    DocType.KTP: frozenset({FieldName.NIK, FieldName.NAME, FieldName.BIRTH_DATE}),
    DocType.CARD: frozenset({FieldName.CARD_NUMBER, FieldName.NAME}),
    DocType.OTHER: frozenset[FieldName](),
}
UNSURE = 0.86
"""Mean confidence below which the lines of a photo are blurred: sharp ones reach 0.95."""
DARK = 42
"""Mean of 255 steps of light in the part with text."""
SMALL = 13.0
"""Pixels of height of half of the lines, of which reading begins to guess."""
EDGE = 0.012
"""Part of a side of the photo; text that ends so near to it was cut off."""
_SMOOTH = 480


def faults(
    picture: Pixels, lines: Sequence[Line], found: Collection[FieldName], kind: DocType, confidence: float
) -> frozenset[Fault]:
    """Return what is wrong with the photo of these lines."""
    light = _light(picture)
    seen: set[Fault] = set()
    missing = WANTED[kind] - set(found)
    if kind is DocType.OTHER:
        seen.add(Fault.OTHER_DOCUMENT)
    if float(light.mean()) < DARK:
        seen.add(Fault.DARK)
    if lines and float(np.median([line.high for line in lines])) < SMALL:
        seen.add(Fault.SMALL)
    if lines and confidence < UNSURE and (missing or kind is DocType.OTHER or confidence < UNSURE - 0.08):
        seen.add(Fault.BLURRED)
    if _glares(light):
        seen.add(Fault.GLARE)
    if _cut_off(picture, lines):
        seen.add(Fault.CROPPED)
    if _drawn(picture):
        seen.add(Fault.SCREENSHOT)
    return frozenset(seen)


def _light(picture: Pixels) -> Pixels:
    """Return the light of the photo, small: 480 pixels on its longest side."""
    scale = _SMOOTH / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)


def _glares(light: Pixels) -> bool:
    """Return whether a lamp is reflected: a round spot, brighter than everything else and without anything in it."""
    soft = cv2.GaussianBlur(light, (0, 0), 4)
    usual = float(np.percentile(soft, 90))
    spot = (soft > max(usual + 14, 150)).astype(np.uint8)
    count, _labels, stats, _centres = cv2.connectedComponentsWithStats(spot)
    total = light.shape[0] * light.shape[1]
    for index in range(1, count):
        _x, _y, width, height, area = stats[index]
        round_enough = 0.35 < width / max(1, height) < 2.9 and area > 0.5 * width * height
        if round_enough and 0.0012 < area / total < 0.12:
            return True
    return False


def _cut_off(picture: Pixels, lines: Sequence[Line]) -> bool:
    """Return whether text touches the rim of the photo."""
    rows, columns = picture.shape[:2]
    margin = np.array([columns, rows]) * EDGE
    touching = [
        line
        for line in lines
        if (line.quad.min(axis=0) < margin).any() or (line.quad.max(axis=0) > np.array([columns, rows]) - margin).any()
    ]
    return len(touching) >= 2


def _drawn(picture: Pixels) -> bool:
    """Return whether a program drew this and no camera took it: most neighbours are the very same colour."""
    return float((picture[:, 1:] == picture[:, :-1]).all(axis=2).mean()) > 0.7
