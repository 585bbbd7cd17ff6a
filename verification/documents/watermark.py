"""Who looked at a photo, and when, burnt into what they were shown: a picture that leaves the house tells from whom."""

import io

from PIL import Image, ImageDraw, ImageFont

QUALITY = 88
LINES = 4
SHADE = 40
"""Opacity of the words, of 255: seen on paper and screen, and what lies beneath can still be read."""


def burn(jpeg: bytes, *, words: str) -> bytes:
    """Return our own JPEG with `words` in faint lines across it, as large as before."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as kept:
        image = kept.convert("RGB")
    width, height = image.size
    font = ImageFont.load_default(max(12.0, width / 45))
    mask = Image.new("L", image.size)
    draw = ImageDraw.Draw(mask)
    step = height / LINES
    for line in range(LINES):
        # Each second line is moved to the side, so that no crop of half a picture is without a name.
        start = (line % 2) * -0.25 * width
        text = "   ·   ".join([words] * 3)
        draw.text((start, step * (line + 0.5)), text, fill=SHADE, font=font, anchor="lm")
    # Dark words with a light edge below them show on any ground.
    light = Image.new("L", image.size)
    light.paste(mask, (1, 1))
    image.paste("white", mask=light)
    image.paste("black", mask=mask)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
