"""What a photo is known by: a digest of its pixels, and 64 bits that stay nearly the same in copies.

The 64 bits are the perceptual hash of the lowest frequencies (pHash: 8 × 8 values of the cosine transform of 32 × 32
grey pixels, each against their median). Copies lie a few bits apart; different people's cards on one desk may as well,
which is why they are only candidates for the second look (`verification.likeness.comparing`).
"""

import hashlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Final

from PIL import Image

BANDS: Final = 4
BAND_BITS: Final = 16
LOOKED_AT: Final = 640
"""Pixels of the longest side at which two pictures are compared."""
_SIDE: Final = 32
_KEPT: Final = 8
_EMPTY: Final = 24
_DRAWN: Final = 0.5

_TURNS: Final = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """What a photo is known by.

    `digest` is the SHA-256 of size and pixels, in hexadecimal; "" for a picture with nothing on it, which is like any
    other. `turns` are the 64-bit hashes of the picture as it is and turned by 90, 180 and 270 degrees. They are empty
    for a drawn screen: screenshots of an app look the same for different people, so that for them only the digest
    counts.
    """

    digest: str
    turns: tuple[int, ...]


def opened(jpeg: bytes) -> Image.Image:
    """Return the picture in JPEG bytes that the vault has kept, as RGB."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        return image.convert("RGB")


def glimpsed(jpeg: bytes) -> Image.Image:
    """Return the same picture in grey and, where it is large, smaller: enough for a second look, and faster."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        image.draft("L", (LOOKED_AT, LOOKED_AT))
        return image.convert("L")


def take(image: Image.Image) -> Print:
    """Return what an RGB picture is known by."""
    grey = image.convert("L").resize((4 * _SIDE, 4 * _SIDE), Image.Resampling.BOX)
    low, high = grey.getextrema()
    if not isinstance(low, int | float) or not isinstance(high, int | float) or high - low < _EMPTY:
        return Print(digest="", turns=())
    digest = hashlib.sha256(f"{image.width}x{image.height}/".encode() + image.tobytes()).hexdigest()
    if is_drawn(image):
        return Print(digest=digest, turns=())
    small = grey.resize((_SIDE, _SIDE), Image.Resampling.BOX)
    return Print(digest=digest, turns=tuple(_hash(one) for one in (small, *(small.transpose(turn) for turn in _TURNS))))


def is_drawn(image: Image.Image) -> bool:
    """Return whether a picture was drawn by a machine, as a screenshot is: one shade fills half of it.

    In a photo light and grain spread even a white wall over many shades.
    """
    counts = image.convert("L").histogram()
    return max(sum(counts[at : at + 2]) for at in range(255)) > _DRAWN * image.width * image.height


def bands(bits: int) -> list[int]:
    """Return 64 bits in four pieces of 16, the highest first; two hashes at most 3 bits apart share a piece."""
    return [bits >> BAND_BITS * (BANDS - 1 - place) & 0xFFFF for place in range(BANDS)]


def signed(bits: int) -> int:
    """Return 64 bits as PostgreSQL's bigint holds them."""
    return bits - (1 << 64) if bits >> 63 else bits


def _hash(small: Image.Image) -> int:
    pixels = small.tobytes()
    rows = [_low(pixels[start : start + _SIDE]) for start in range(0, _SIDE * _SIDE, _SIDE)]
    values = [value for column in zip(*rows, strict=True) for value in _low(column)]
    values[0] = 0.0  # how bright the picture is as a whole
    middle = median(values)
    return sum(1 << place for place, value in enumerate(values) if value > middle)


def _low(line: Sequence[float]) -> list[float]:
    """Return the lowest frequencies of a line (DCT-II)."""
    return [sum(value * wave for value, wave in zip(line, waves, strict=True)) for waves in _waves()]


@cache
def _waves() -> tuple[tuple[float, ...], ...]:
    return tuple(
        tuple(math.cos(math.pi * frequency * (2 * place + 1) / (2 * _SIDE)) for place in range(_SIDE))
        for frequency in range(_KEPT)
    )
