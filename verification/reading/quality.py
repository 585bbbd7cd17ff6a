"""What is wrong with a photo itself. Missing fields and the engine's doubt tell more than pixels do."""

from collections.abc import Collection, Sequence

import cv2
import numpy as np

from verification.reading.geometry import Pixels
from verification.reading.glare import glares
from verification.reading.lines import Line
from verification.reading.result import DocType, Fault, FieldName
from verification.reading.screens import shows_grid

WANTED = {
    DocType.KTP: frozenset({FieldName.NIK, FieldName.NAME, FieldName.BIRTH_DATE}),
    DocType.CARD: frozenset({FieldName.CARD_NUMBER, FieldName.NAME}),
    DocType.OTHER: frozenset[FieldName](),
}
UNSURE = 0.86
"""Mean confidence below which the lines of a photo are blurred: sharp ones reach 0.95."""
SHARP = 0.3
"""Steepness of edges (`sharpness()`) that blurred text does not reach."""
SOFT = 0.15
"""Steepness of edges below which a photo is blurred whatever else is wrong with it."""
DARK = 42
"""Mean of 255 steps of light in the part with text."""
SMALL = 13.0
"""Pixels of height of half of the lines, of which reading begins to guess."""
EDGE = 0.012
"""Part of a side of the photo; text that ends so near to it was cut off."""
SHARP_SIDE = 960
"""Pixels of the longest side at which sharpness is measured."""


def faults(
    picture: Pixels, lines: Sequence[Line], found: Collection[FieldName], kind: DocType, confidence: float
) -> frozenset[Fault]:
    """Return what is wrong with the photo of these lines."""
    light = _light(picture)
    seen: set[Fault] = set()
    unread = kind is DocType.OTHER or bool(WANTED[kind] - set(found))
    if kind is DocType.OTHER:
        seen.add(Fault.OTHER_DOCUMENT)
    if float(light.mean()) < DARK:
        seen.add(Fault.DARK)
    if lines and float(np.median([line.high for line in lines])) < SMALL:
        seen.add(Fault.SMALL)
    if glares(picture, light, lines):
        seen.add(Fault.GLARE)
    if _cut_off(picture, lines, some_missing=unread):
        seen.add(Fault.CROPPED)
    steep = sharpness(_light(picture, side=SHARP_SIDE))
    if steep >= SHARP and Fault.DARK not in seen and _drawn(picture):
        seen.add(Fault.SCREENSHOT)
    if Fault.SCREENSHOT not in seen and shows_grid(picture):
        seen.add(Fault.SCREEN)
    explained = seen & {Fault.DARK, Fault.GLARE, Fault.CROPPED, Fault.SCREENSHOT, Fault.SCREEN}
    if steep < SOFT or (unread and not explained and (confidence < UNSURE or steep < SHARP)):
        seen.add(Fault.BLURRED)
    return frozenset(seen)


def _light(picture: Pixels, side: int = 480) -> Pixels:
    """Return the light of the photo, its longest side of `side` pixels."""
    scale = side / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)


def sharpness(light: Pixels) -> float:
    """Return how steep the steepest edges are beside the whole contrast: 0.3 and more for sharp text."""
    steps = np.abs(cv2.Laplacian(cv2.GaussianBlur(light, (0, 0), 0.8), cv2.CV_32F))
    contrast = float(np.percentile(light, 99)) - float(np.percentile(light, 1))
    return float(np.percentile(steps, 99.5)) / max(contrast, 8.0)


def _cut_off(picture: Pixels, lines: Sequence[Line], *, some_missing: bool) -> bool:
    """Return whether text touches the rim of the photo: one line where a field is missing, else two."""
    rows, columns = picture.shape[:2]
    margin = np.array([columns, rows]) * EDGE
    touching = [
        line
        for line in lines
        if (line.quad.min(axis=0) < margin).any() or (line.quad.max(axis=0) > np.array([columns, rows]) - margin).any()
    ]
    return len(touching) >= (1 if some_missing else 2)


def _drawn(picture: Pixels) -> bool:
    """Return whether a program drew this and no camera took it: most neighbours are the very same colour."""
    return float((picture[:, 1:] == picture[:, :-1]).all(axis=2).mean()) > 0.7
