"""Whether a photo shows a screen: its pixels stand in a grid, which no card and no table has.

A grid is a sharp peak in the spectrum, equally strong all over the picture. Where it is too fine for the camera, it
comes out coarser and aslant (moiré), and is a peak all the same. Writing has peaks in some places only.
"""

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from verification.reading.geometry import Pixels

_SIDE = 256
"""Pixels of a square whose spectrum is looked at."""
_ACROSS, _DOWN = 5, 4
"""So many squares at most."""
_FEWEST = 4
_LIT = 20.0
"""Mean of 255 steps of light below which a square shows nothing."""
_COARSEST = 0.12
"""Periods a pixel: the lines of a card's background and of its text are coarser."""
_AXIS = 2.5 / _SIDE
"""So near to upright and level there are the edges of things, and the blocks of JPEG."""
_AROUND = 17
"""Width of what a peak is compared with, in steps of the spectrum."""
PEAK = 4.5
"""Natural logarithm of how far a peak stands out of what is around it, in three of four squares; measured: photos of
screens 5.5 and more, others 3.7 at most."""


def shows_grid(picture: Pixels) -> bool:
    """Return whether a screen was photographed; False for a photo that is too small or too dark to tell."""
    light = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    squares = [_square(light, x, y) for y in _starts(light.shape[0], _DOWN) for x in _starts(light.shape[1], _ACROSS)]
    peaks = [_peak(square) for square in squares if float(square.mean()) > _LIT]
    return len(peaks) >= _FEWEST and float(np.percentile(peaks, 25)) >= PEAK


def _starts(length: int, most: int) -> list[int]:
    count = min(most, length // _SIDE)
    return [round(place) for place in np.linspace(0, length - _SIDE, count)]


def _square(light: npt.NDArray[np.generic], x: int, y: int) -> npt.NDArray[np.float32]:
    return np.asarray(light[y : y + _SIDE, x : x + _SIDE], np.float32)


def _peak(square: npt.NDArray[np.float32]) -> float:
    """Return by how much the highest peak of a square's spectrum stands out."""
    window, looked_at = _frame()
    power = np.log(np.abs(np.fft.rfft2((square - square.mean()) * window)) ** 2 + 1).astype(np.float32)
    around = cv2.blur(power, (_AROUND, _AROUND), borderType=cv2.BORDER_REFLECT)
    return float((power - around)[looked_at].max())


@cache
def _frame() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Return the window of a square, and which steps of its spectrum are looked at."""
    rise = np.hanning(_SIDE).astype(np.float32)
    down, across = np.fft.fftfreq(_SIDE)[:, None], np.fft.rfftfreq(_SIDE)[None, :]
    fine = np.hypot(down, across) > _COARSEST
    return np.outer(rise, rise), fine & (np.abs(down) > _AXIS) & (np.abs(across) > _AXIS)
