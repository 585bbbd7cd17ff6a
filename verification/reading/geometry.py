"""Quads around lines of text: which way they run, and cutting them out of a picture."""

from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from verification.reading.result import Box

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""Rows, columns, three colours (BGR)."""
Quad: TypeAlias = npt.NDArray[np.float32]
"""Four corners (x, y), clockwise from where the text begins."""

LONG = 2.5
"""How many times longer than high a line must be to tell which way it runs."""


def length(quad: Quad) -> float:
    """Return the length of a line of text, in pixels."""
    return float(np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2


def tallness(quad: Quad) -> float:
    """Return its height, in pixels."""
    return float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2


def centre(quad: Quad) -> npt.NDArray[np.float32]:
    """Return its middle."""
    middle: npt.NDArray[np.float32] = quad.mean(axis=0)
    return middle


def lying(quad: Quad) -> Quad:
    """Return the quad so that its first side is a long one."""
    return quad if length(quad) >= tallness(quad) else np.roll(quad, -1, axis=0)


def direction(quads: Sequence[Quad]) -> float:
    """Return the angle in radians (-π/2 to π/2) in which most text runs; upside down looks the same."""
    x = y = 0.0
    for quad in map(lying, quads):
        along = quad[1] - quad[0]
        if length(quad) >= LONG * tallness(quad):
            # The double angle makes a line and its reverse one.
            angle, weight = 2 * np.arctan2(along[1], along[0]), length(quad)
            x, y = x + weight * np.cos(angle), y + weight * np.sin(angle)
    return float(np.arctan2(y, x) / 2)


def aligned(quad: Quad, angle: float) -> Quad:
    """Return the quad so that its text begins on the side from which `angle` points; a short one may stand upright."""
    way = np.array([np.cos(angle), np.sin(angle)])
    turns = [np.roll(quad, -turn, axis=0) for turn in range(4)]

    def fit(turned: Quad) -> float:
        along = turned[1] - turned[0]
        return float(along @ way / (np.linalg.norm(along) + 1e-6))

    return max(turns, key=fit)


def turned_over(quad: Quad) -> Quad:
    """Return the quad as it is read upside down."""
    return np.roll(quad, -2, axis=0)


def widened(quad: Quad, margin: float) -> Quad:
    """Return the quad, on each side wider by `margin` times its height."""
    along = (quad[1] - quad[0]) / (np.linalg.norm(quad[1] - quad[0]) + 1e-6) * tallness(quad) * margin
    down = (quad[3] - quad[0]) / (np.linalg.norm(quad[3] - quad[0]) + 1e-6) * tallness(quad) * margin
    moves = np.array([-along - down, along - down, along + down, -along + down], np.float32)
    return quad + moves


def crop(picture: Pixels, quad: Quad, *, height: int, margin: float = 0.0) -> Pixels:
    """Return what stands in the quad, flat, `height` pixels high."""
    wide = widened(quad, margin) if margin else quad
    ratio = length(wide) / max(1.0, tallness(wide))
    width = int(np.clip(round(height * ratio), 8, 1600))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(wide.astype(np.float32), target)
    flat = cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)


def box_of(quads: Sequence[Quad], picture: Pixels) -> Box:
    """Return the upright box around quads, as parts of the picture."""
    rows, columns = picture.shape[:2]
    points = np.concatenate(quads)
    left, top = np.clip(points.min(axis=0) / [columns, rows], 0, 1)
    right, bottom = np.clip(points.max(axis=0) / [columns, rows], 0, 1)
    return Box(*(round(float(side), 4) for side in (left, top, right, bottom)))
