"""Who looked at a photo, and when, burnt into what they were shown: a picture that leaves the house tells from whom."""

import io
from collections.abc import Mapping

from PIL import Image, ImageDraw, ImageFont

QUALITY = 88
LINES = 4
SHADE = 40
"""Opacity of the words, of 255: seen on paper and screen, and what lies beneath can still be read."""
_WHITE: Mapping[str, float | tuple[float, ...]] = {"L": 255, "YCbCr": (255, 128, 128)}
_BLACK: Mapping[str, float | tuple[float, ...]] = {"L": 0, "YCbCr": (0, 128, 128)}


def burn(jpeg: bytes, *, words: str) -> bytes:
    """Return our own JPEG with `words` in faint lines across it, as large as before."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as kept:
        # In the colours of the file: to RGB and back costs as much as all the rest.
        kept.draft("YCbCr", kept.size)
        image = kept.convert("L" if kept.mode == "L" else "YCbCr")
    width, height = image.size
    size = max(12.0, width / 45)
    # Each second line is moved to the side, so that no crop of half a picture is without a name.
    strips = [_strip(width, size, start, words) for start in (0.0, -0.25 * width)]
    for line in range(LINES):
        strip = strips[line % 2]
        top = round(height / LINES * (line + 0.5) - strip.height / 2)
        # Dark words with a light edge below them show on any ground.
        image.paste(_WHITE[image.mode], (1, top + 1), mask=strip)
        image.paste(_BLACK[image.mode], (0, top), mask=strip)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _strip(width: int, size: float, start: float, words: str) -> Image.Image:
    """Return the mask of one line of words, as wide as the picture and no higher than it has to be."""
    mask = Image.new("L", (width, round(size * 1.6)))
    text = "   ·   ".join([words] * 3)
    font = ImageFont.load_default(size)
    ImageDraw.Draw(mask).text((start, mask.height / 2), text, fill=SHADE, font=font, anchor="lm")
    return mask
