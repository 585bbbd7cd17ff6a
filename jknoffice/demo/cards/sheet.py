"""What both cards are drawn with: a sheet, its lettering, a portrait that is nobody's, and the word SPESIMEN."""

from functools import cache
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFont

WIDTH: Final = 1012
HEIGHT: Final = 638
"""Pixels, in the proportion of a bank card (ISO/IEC 7810 ID-1)."""

Colour = tuple[int, int, int]
INK: Final = (24, 30, 38)
_SKIN: Final = ((224, 178, 140), (198, 144, 104), (166, 114, 78))
_CLOTHES: Final = ((52, 84, 130), (120, 60, 70), (70, 110, 80), (96, 84, 120), (140, 110, 60))


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return Pillow's own font, so that no font of the system is needed; `size` in pixels."""
    found = ImageFont.load_default(size=size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return found


def bold(draw: ImageDraw.ImageDraw, place: tuple[int, int], text: str, size: int, colour: Colour = INK) -> None:
    """Write text with a stroke, which makes the one font there is bold."""
    draw.text(place, text, fill=colour, font=font(size), stroke_width=1, stroke_fill=colour)


def centred(draw: ImageDraw.ImageDraw, y: int, text: str, size: int, colour: Colour = INK) -> None:
    """Write bold text in the middle of a line."""
    bold(draw, (round((WIDTH - font(size).getlength(text)) / 2), y), text, size, colour)


def fitted(text: str, size: int, width: int) -> str:
    """Return text, cut with an ellipsis so that it is at most `width` pixels long."""
    if font(size).getlength(text) <= width:
        return text
    while text and font(size).getlength(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def portrait(sheet: Image.Image, box: tuple[int, int, int, int], *, sex: str, backdrop: Colour, rng: Random) -> None:
    """Draw a head and shoulders without a face into `box` (left, top, right, bottom): a figure, never a person."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    picture = Image.new("RGB", (width, height), backdrop)
    draw = ImageDraw.Draw(picture)
    skin, clothes = rng.choice(_SKIN), rng.choice(_CLOTHES)
    middle = width // 2
    veiled = sex == "P" and rng.random() < 0.6
    head = (middle - width * 0.21, height * 0.2, middle + width * 0.21, height * 0.62)
    if sex == "P":
        cover = clothes if veiled else (36, 28, 26)
        draw.ellipse((middle - width * 0.29, height * 0.12, middle + width * 0.29, height * 0.78), fill=cover)
    draw.ellipse((middle - width * 0.44, height * 0.68, middle + width * 0.44, height * 1.5), fill=clothes)
    draw.rectangle((middle - width * 0.08, height * 0.55, middle + width * 0.08, height * 0.74), fill=skin)
    draw.ellipse(head, fill=skin)
    if veiled:
        draw.pieslice((head[0] - 6, head[1] - 8, head[2] + 6, head[3]), 180, 360, fill=cover)
        draw.ellipse((head[0] + 8, head[1] + 20, head[2] - 8, head[3]), fill=skin)
    else:
        draw.pieslice((head[0] - 4, head[1] - 12, head[2] + 4, head[3] - height * 0.1), 180, 360, fill=(36, 28, 26))
    sheet.paste(picture, (left, top))


def stamp(sheet: Image.Image) -> Image.Image:
    """Return the sheet with SPESIMEN across it: light enough to read what is under it."""
    layer = Image.new("RGBA", (WIDTH, 150), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    text = "SPESIMEN · BUKAN DOKUMEN ASLI"
    place = (round((WIDTH - font(56).getlength(text)) / 2), 40)
    draw.text(place, text, fill=(190, 20, 30, 74), font=font(56), stroke_width=1, stroke_fill=(190, 20, 30, 74))
    turned = layer.rotate(24, expand=True, resample=Image.Resampling.BICUBIC)
    marked = sheet.convert("RGBA")
    marked.alpha_composite(
        turned.crop(
            (
                (turned.width - WIDTH) // 2,
                max(0, (turned.height - HEIGHT) // 2),
                (turned.width + WIDTH) // 2,
                (turned.height + HEIGHT) // 2,
            )
        ),
        (0, max(0, (HEIGHT - turned.height) // 2)),
    )
    return marked.convert("RGB")
