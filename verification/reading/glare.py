"""Whether a lamp is reflected: it is seen as a spot of light, and by the ink that it makes pale."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from verification.reading.geometry import Pixels, Quad, crop, tallness
from verification.reading.lines import Line

BRIGHTER, BRIGHT = 0.1, 0.12
"""The part by which a spot is brighter than the card around it, where its ink is pale as well, and where it is not."""
SPOT = (0.008, 0.3)
"""Parts of the card that a reflection takes: less is print, more is another light."""
PALER, PALE = 0.05, 0.14
"""How far ink has gone from its darkness to the paper's light in a pale place, where that is brighter as well, and
where it is not; measured: of photos without a reflection one in fifty reaches 0.14."""
_PIECE, _HEIGHT = 1.5, 32
"""A piece of a line is so many times as long as high; height of a line, in pixels, at which it is looked at."""
_FEWEST_PIECES = 3
_AROUND = 4.5
"""Heights of a line around a piece that belong to one place, which has at least so many pieces, of so many lines:"""
_PIECES, _LINES = 5, 2


class _Piece(NamedTuple):
    """A piece of line number `line`: its middle in pixels, the height of the line, and how pale its ink is, 0 to 1."""

    line: int
    x: float
    y: float
    high: float
    pale: float


def glares(picture: Pixels, light: Pixels, lines: Sequence[Line]) -> bool:
    """Return whether a lamp is reflected on the card; `light` is the picture in steps of grey, made smaller.

    On white plastic a reflection is as white as the card: there only the ink tells.
    """
    if len(lines) < 3:
        return False
    pale = _palest(picture, lines)
    return pale > PALE or _shines(picture, light, lines, by=BRIGHTER if pale > PALER else BRIGHT)


def _palest(picture: Pixels, lines: Sequence[Line]) -> float:
    """Return how pale ink is in the place where it is palest, in more than one line; 0 to 1.

    A shadow darkens ink and paper by the same part; a reflection adds to both, so that their ratio rises.
    """
    pieces = np.array([piece for number, line in enumerate(lines) for piece in _pieces(picture, number, line.quad)])
    if len(pieces) < _PIECES:
        return 0.0
    line, x, y, high, pale = pieces.T
    near = np.hypot(x[:, None] - x, y[:, None] - y) < _AROUND * np.median(high)
    places = [place for place in near if place.sum() >= _PIECES and len(np.unique(line[place])) >= _LINES]
    return max((float(pale[place].mean()) for place in places), default=0.0)


def _pieces(picture: Pixels, number: int, quad: Quad) -> Iterator[_Piece]:
    """Yield the pieces of a line, their ink measured against the quarter of them that is darkest."""
    flat = crop(picture, quad, height=_HEIGHT)[:, :, 1]  # in green light: stamps in red ink do not make ink pale there
    count = round(flat.shape[1] / (_HEIGHT * _PIECE))
    if count < _FEWEST_PIECES:
        return
    parts = np.array_split(flat, count, axis=1)
    ink = np.array([np.percentile(part, 2) / max(1.0, float(np.percentile(part, 85))) for part in parts])
    dark = float(np.sort(ink)[count // 4])
    for place, pale in enumerate((ink - dark) / max(1 - dark, 0.05)):
        along = (place + 0.5) / count
        x, y = (quad[0] + quad[3] + along * (quad[1] - quad[0] + quad[2] - quad[3])) / 2
        yield _Piece(number, float(x), float(y), tallness(quad), float(pale))


def _shines(picture: Pixels, light: Pixels, lines: Sequence[Line], *, by: float) -> bool:
    """Return whether there is a spot on the card, brighter by this part than the light that falls on all of it."""
    scale = light.shape[1] / picture.shape[1]
    corners = np.concatenate([line.quad for line in lines]) * scale
    card = np.zeros_like(light)
    cv2.fillConvexPoly(card, cv2.convexHull(corners.astype(np.float32)).astype(np.int32), 1)
    soft = cv2.GaussianBlur(light, (0, 0), 2.5).astype(np.float32)
    inside = card.astype(bool)
    even = np.maximum(_even_light(soft, inside), 20)
    over = np.where(inside, soft / even - 1, 0)
    count, _labels, stats, _centres = cv2.connectedComponentsWithStats((over > by).astype(np.uint8))
    areas = stats[1:count, cv2.CC_STAT_AREA] / max(1, int(inside.sum()))
    return bool(((areas > SPOT[0]) & (areas < SPOT[1])).any())


def _even_light(soft: npt.NDArray[np.float32], inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """Return the light of the bare card as a plane, found from what is neither ink nor reflection.

    It begins with the brighter of the two kinds of pixels that Otsu's threshold tells apart: a dark band is no shadow.
    """
    y, x = np.nonzero(inside)
    values = soft[y, x]
    threshold, _bright = cv2.threshold(values.astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    kept = values > threshold
    ground = np.stack([x, y, np.ones_like(x)], axis=1).astype(np.float32)
    plane = np.zeros(3, np.float32)
    for _ in range(4):
        plane, *_rest = np.linalg.lstsq(ground[kept], values[kept], rcond=None)
        off = values - ground @ plane
        kept = (off > np.percentile(off, 50)) & (off < np.percentile(off, 85))
    rows, columns = np.mgrid[: soft.shape[0], : soft.shape[1]]
    return np.asarray(plane[0] * columns + plane[1] * rows + plane[2], np.float32)
