"""From a flat card to what a telephone would have photographed of it."""

from random import Random

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]
"""Rows, columns, three colours (RGB)."""

_SHAPES = ((1600, 1200), (1280, 960), (2000, 1500))


def laid(card: Image.Image, rng: Random, *, share: float, slant: float, turn: float) -> Pixels:
    """Return a card lying on a table.

    `share` is the part of the photo's width that it takes, `slant` how far its corners stray (part of its size),
    `turn` the angle in degrees.
    """
    width, height = rng.choice(_SHAPES)
    table = _table(rng, width, height)
    flat = np.asarray(card, dtype=np.uint8)
    rows, columns = flat.shape[:2]
    scale = width * share / columns
    if rows * scale > height * 0.92 or abs(turn) > 30:
        scale = min(scale, height * 0.9 / max(rows, columns * abs(np.sin(np.radians(turn)))))
    middle = np.array([width / 2 + rng.uniform(-0.03, 0.03) * width, height / 2 + rng.uniform(-0.03, 0.03) * height])
    radians = np.radians(turn)
    rotation = np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], dtype=float)
    stray = np.array([[rng.uniform(-slant, slant) for _ in range(2)] for _ in range(4)]) * [columns, rows]
    placed = ((corners - [columns / 2, rows / 2] + stray) * scale) @ rotation.T + middle
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), placed.astype(np.float32))
    mask = cv2.warpPerspective(_rounded(rows, columns), matrix, (width, height), flags=cv2.INTER_AREA)
    shadow = cv2.GaussianBlur(np.roll(mask, (7, 6), (0, 1)), (31, 31), 0)[..., None] / 255.0
    seen = cv2.warpPerspective(flat, matrix, (width, height), flags=cv2.INTER_AREA)
    part = mask[..., None] / 255.0
    return np.asarray(table * (1 - 0.5 * shadow) * (1 - part) + seen * part).astype(np.uint8)


def _rounded(rows: int, columns: int) -> Pixels:
    mask: Pixels = np.zeros((rows, columns), np.uint8)
    radius = 36
    cv2.rectangle(mask, (radius, 0), (columns - radius, rows), 255, -1)
    cv2.rectangle(mask, (0, radius), (columns, rows - radius), 255, -1)
    for x in (radius, columns - radius - 1):
        for y in (radius, rows - radius - 1):
            cv2.circle(mask, (x, y), radius, 255, -1)
    return mask


def _table(rng: Random, width: int, height: int) -> npt.NDArray[np.float64]:
    base = np.array([rng.randint(60, 200) for _ in range(3)], dtype=float)
    grain = _noise(rng, (height // 8, width // 8)) * rng.uniform(4, 16)
    coarse = cv2.resize(grain, (width, height), interpolation=cv2.INTER_CUBIC)[..., None]
    return np.asarray(np.clip(base + coarse, 0, 255), np.float64)


def _noise(rng: Random, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    return np.random.default_rng(rng.getrandbits(32)).standard_normal(shape)


def lit(photo: Pixels, rng: Random, *, strength: float) -> Pixels:
    """Return it in light that falls off towards one side; `strength` 0 to 1."""
    rows, columns = photo.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    y, x = np.mgrid[-1 : 1 : complex(0, rows), -1 : 1 : complex(0, columns)]
    fall = 1 - strength * (0.5 + 0.35 * (x * np.cos(angle) + y * np.sin(angle)))
    warm = np.array([1.0, rng.uniform(0.94, 1.0), rng.uniform(0.86, 1.0)])
    return np.asarray(np.clip(photo * fall[..., None] * warm, 0, 255).astype(np.uint8), np.uint8)


def darkened(photo: Pixels, rng: Random, *, to: float) -> Pixels:
    """Return it with that part of its light, and the noise that a sensor adds then."""
    dim = photo * to + _noise(rng, photo.shape) * 5
    return np.asarray(np.clip(dim, 0, 255).astype(np.uint8), np.uint8)


def shadowed(photo: Pixels, rng: Random) -> Pixels:
    """Return it under the shadow of a hand or a telephone."""
    rows, columns = photo.shape[:2]
    mask: Pixels = np.zeros((rows, columns), np.uint8)
    x = rng.uniform(0.2, 0.8) * columns
    points = np.array([[x, 0], [columns, 0], [columns, rows], [x + rng.uniform(-0.3, 0.3) * columns, rows]], np.int32)
    cv2.fillPoly(mask, [points], 255)
    soft = cv2.GaussianBlur(mask, (0, 0), rng.uniform(10, 40))[..., None] / 255.0
    return np.asarray(photo * (1 - rng.uniform(0.3, 0.55) * soft)).astype(np.uint8)


def glared(photo: Pixels, rng: Random, *, place: tuple[float, float], size: float, strength: float) -> Pixels:
    """Return it with the reflection of a lamp; `place` and `size` as parts of the photo, `strength` 1 hides all."""
    rows, columns = photo.shape[:2]
    spot: Pixels = np.zeros((rows, columns), np.uint8)
    centre = (round(place[0] * columns), round(place[1] * rows))
    axes = (max(4, round(size * columns)), max(4, round(size * columns * rng.uniform(0.4, 0.8))))
    cv2.ellipse(spot, centre, axes, rng.uniform(0, 180), 0, 360, 255, -1)
    soft = cv2.GaussianBlur(spot, (0, 0), size * columns * 0.22)[..., None] / 255.0 * strength
    return np.asarray(np.clip(photo * (1 - soft) + 255 * soft, 0, 255).astype(np.uint8), np.uint8)


def blurred(photo: Pixels, rng: Random, *, sigma: float) -> Pixels:
    """Return it out of focus, or moved while it was taken; `sigma` in pixels."""
    if rng.random() < 0.5:
        return np.asarray(cv2.GaussianBlur(photo, (0, 0), sigma), dtype=np.uint8)
    length = max(3, round(sigma * 3) | 1)
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2, :] = 1 / length
    spin = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), rng.uniform(0, 180), 1)
    spun = cv2.warpAffine(kernel, spin, (length, length))
    return np.asarray(cv2.filter2D(photo, -1, spun / spun.sum()), dtype=np.uint8)


def held(photo: Pixels, rng: Random) -> Pixels:
    """Return it with a finger over the rim of the card, at the left or right."""
    rows, columns = photo.shape[:2]
    covered = photo.copy()
    x = round(columns * rng.choice((rng.uniform(0.0, 0.08), rng.uniform(0.92, 1.0))))
    y = round(rows * rng.uniform(0.6, 0.95))
    axes = (round(columns * 0.09), round(rows * 0.06))
    cv2.ellipse(covered, (x, y), axes, rng.uniform(-20, 20), 0, 360, (205, 160, 130), -1)
    return covered


def trimmed(photo: Pixels, rng: Random, *, part: float) -> Pixels:
    """Return it without that part of one side."""
    rows, columns = photo.shape[:2]
    side = rng.randrange(4)
    top, bottom = (round(rows * part) if side == 0 else 0), (round(rows * (1 - part)) if side == 1 else rows)
    left, right = (round(columns * part) if side == 2 else 0), (round(columns * (1 - part)) if side == 3 else columns)
    return photo[top:bottom, left:right].copy()


def noisy(photo: Pixels, rng: Random, *, level: float) -> Pixels:
    """Return it with the noise of a cheap sensor; `level` as standard deviation of 255 steps."""
    return np.asarray(np.clip(photo + _noise(rng, photo.shape) * level, 0, 255).astype(np.uint8), np.uint8)


def jpeg(photo: Pixels, *, quality: int) -> bytes:
    """Return JPEG bytes."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(photo, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return data.tobytes()
