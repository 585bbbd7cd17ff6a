"""A photo of a screen that shows a photo: its pixels, what comes of them on the camera's own, and its light."""

from random import Random

import cv2
import numpy as np
import numpy.typing as npt

from tests.cards.scene import Pixels

_FINE = 4
"""So many points each way stand for one pixel of the screen: three stripes of colour, and the black between."""
_STRIPES = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]], np.float32)


def on_screen(photo: Pixels, rng: Random) -> Pixels:
    """Return what a telephone sees that is held before a screen with this photo on it.

    The screen is turned a little and stands aslant; one of its pixels takes 1.1 to 3 of the camera's. Its light is a
    little blue and falls off towards the rims. Moiré comes of itself, where the camera's pixels meet the screen's.
    """
    width, height = 1600, 1200
    pitch = rng.uniform(1.1, 3.0)
    shown = cv2.resize(photo, (round(width / pitch), round(height / pitch)), interpolation=cv2.INTER_AREA)
    lit = _lit(shown)
    rows, columns = lit.shape[:2]
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    turn = np.radians(rng.uniform(1, 6) * rng.choice((-1, 1)))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    stray = np.array([[rng.uniform(-0.02, 0.02) for _ in range(2)] for _ in range(4)]) * [columns, rows]
    scale = pitch / _FINE * rng.uniform(0.96, 1.06)
    middle = [width / 2, height / 2]
    placed = ((corners - [columns / 2, rows / 2] + stray) * scale) @ rotation.T + middle
    # The lens smooths what is smaller than a pixel of the camera, though never all of it.
    lens = cv2.GaussianBlur(lit, (0, 0), rng.uniform(0.4, 0.7) / scale)
    matrix = cv2.getPerspectiveTransform(corners, placed.astype(np.float32))
    frame = tuple(rng.randint(4, 30) for _ in range(3))
    seen = cv2.warpPerspective(lens, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=frame)
    return _by_its_light(np.asarray(seen, np.float32), rng)


def _lit(shown: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    """Return the points of a screen that light up for a picture, as bright on average as the picture."""
    grid = np.zeros((_FINE, _FINE, 3), np.float32)
    grid[: _FINE - 1, :, :] = _STRIPES
    rows, columns = shown.shape[:2]
    large = np.repeat(np.repeat(shown.astype(np.float32), _FINE, axis=0), _FINE, axis=1)
    lit: npt.NDArray[np.float32] = large * np.tile(grid, (rows, columns, 1)) / grid.mean()
    return lit


def _by_its_light(seen: npt.NDArray[np.float32], rng: Random) -> Pixels:
    """Return it a little blue, and darker towards the rims."""
    rows, columns = seen.shape[:2]
    y, x = np.mgrid[-1 : 1 : complex(0, rows), -1 : 1 : complex(0, columns)]
    fall = (1 - rng.uniform(0.05, 0.25) * (x * x + y * y) / 2)[..., None]
    cast = np.array([rng.uniform(0.88, 0.96), rng.uniform(0.94, 1.0), rng.uniform(1.0, 1.08)])
    return np.asarray(np.clip(seen * fall * cast, 0, 255).astype(np.uint8), np.uint8)
