"""All lines of text on a photo, upright and in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from verification.reading.engine import Engine, Seen
from verification.reading.geometry import (
    LONG,
    Pixels,
    Quad,
    aligned,
    centre,
    direction,
    length,
    tallness,
    turned_over,
)

LOOKED_AT = 4
"""So many of the longest lines tell whether a photo stands on its head."""
SURELY_UPRIGHT = 0.93
"""Mean confidence that no text reaches upside down."""
ASTRAY = np.radians(9)
"""A long line that runs in another direction by so much belongs to no card: a stamp, or what lies beside."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `x` and `y` are its middle, `high` its height, in pixels along and across the way most text runs;
    `left` and `right` its ends, `slope` by how much it falls off from that way."""

    text: str
    confidence: float
    quad: Quad
    x: float
    y: float
    high: float
    left: float
    right: float
    slope: float


def read_lines(picture: Pixels, engine: Engine) -> list[Line]:
    """Return the lines of a photo from top to bottom as a person would hold it, whichever way it was taken."""
    found = [quad for quad in engine.find(picture) if length(quad) > 3]
    if not found:
        return []
    angle = direction(found)
    quads = [quad for quad in (aligned(quad, angle) for quad in found) if not _astray(quad, angle)]
    order = sorted(range(len(quads)), key=lambda place: length(quads[place]), reverse=True)[:LOOKED_AT]
    longest = [quads[place] for place in order]
    first = engine.read(picture, longest)
    if _sureness(first) < SURELY_UPRIGHT:
        over = engine.read(picture, [turned_over(quad) for quad in longest])
        if _sureness(over) > _sureness(first):
            angle, first = angle + np.pi, over
            quads = [turned_over(quad) for quad in quads]
    rest = [place for place in range(len(quads)) if place not in order]
    seen = dict(zip(order, first, strict=True))
    seen |= dict(zip(rest, engine.read(picture, [quads[place] for place in rest]), strict=True))
    lines = [_line(quads[place], one.text, one.confidence, angle) for place, one in seen.items() if one.text]
    return sorted(lines, key=lambda line: line.y)


def _astray(quad: Quad, angle: float) -> bool:
    """Return whether a long line runs in another direction than the card's."""
    along = quad[1] - quad[0]
    off = float(np.arctan2(along[1], along[0])) - angle
    return length(quad) > LONG * tallness(quad) and abs((off + np.pi) % (2 * np.pi) - np.pi) > ASTRAY


def _sureness(seen: Sequence[Seen]) -> float:
    """Return the mean confidence, longer texts counting for more."""
    total = sum(len(one.text) for one in seen)
    return sum(one.confidence * len(one.text) for one in seen) / total if total else 0.0


def _line(quad: Quad, text: str, confidence: float, angle: float) -> Line:
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    x, y = turn @ centre(quad)
    along = turn @ (quad[1] - quad[0])
    across = (turn @ quad.T)[0]
    return Line(
        text=text,
        confidence=confidence,
        quad=quad,
        x=float(x),
        y=float(y),
        high=tallness(quad),
        left=float(across.min()),
        right=float(across.max()),
        slope=float(along[1] / along[0]) if along[0] > 0 else 0.0,
    )
