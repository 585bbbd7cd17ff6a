"""What every card is drawn with."""

import math
from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

from tests.cards.fonts import BOLD, SANS, font

WIDTH, HEIGHT = 1016, 640
"""Pixels of a card: twelve to the millimetre of ISO/IEC 7810 ID-1."""

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes on one sheet; `ink` is the colour of what the card states."""

    sheet: Image.Image
    ink: Colour = (28, 30, 36)

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.sheet)

    def write(
        self, place: tuple[float, float], text: str, size: int, *, path: Path = SANS, ink: Colour | None = None
    ) -> None:
        self.draw.text(place, text, fill=ink or self.ink, font=font(path, size))

    def centre(self, y: float, text: str, size: int, *, path: Path = BOLD, ink: Colour | None = None) -> None:
        width = font(path, size).getlength(text)
        self.write(((self.sheet.width - width) / 2, y), text, size, path=path, ink=ink)


def cut(text: str, size: int, width: float, path: Path = SANS) -> str:
    """Return text without its last words, so that it is at most `width` pixels long."""
    while " " in text and font(path, size).getlength(text) > width:
        text = text.rsplit(" ", 1)[0]
    return text


def waves(pen: Pen, rng: Random, colour: Colour) -> None:
    """The fine lines that make a card hard to copy, and hard to read."""
    phase, step = rng.uniform(0, 6), rng.randint(14, 26)
    for line in range(-3, HEIGHT // step + 3):
        points = [(x, step * line + 14 * math.sin(x / 60 + line / 2 + phase)) for x in range(0, WIDTH + 8, 8)]
        pen.draw.line(points, fill=colour, width=2)


def silhouette(pen: Pen, box: tuple[int, int, int, int], rng: Random, backdrop: Colour) -> None:
    """Head and shoulders without a face: a figure, never a person."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    picture = Image.new("RGB", (width, height), backdrop)
    draw = ImageDraw.Draw(picture)
    clothes = (rng.randint(30, 160), rng.randint(30, 160), rng.randint(30, 160))
    draw.ellipse((width * 0.05, height * 0.66, width * 0.95, height * 1.5), fill=clothes)
    draw.ellipse((width * 0.28, height * 0.16, width * 0.72, height * 0.64), fill=(190, 150, 118))
    draw.pieslice((width * 0.26, height * 0.1, width * 0.74, height * 0.55), 180, 360, fill=(36, 28, 26))
    pen.sheet.paste(picture, (left, top))


def stamped(sheet: Image.Image, rng: Random) -> Image.Image:
    """Return the sheet with CONTOH across it: light enough to read what is under it."""
    layer = Image.new("RGBA", sheet.size, (0, 0, 0, 0))
    ImageDraw.Draw(layer).text(
        (sheet.width * rng.uniform(0.2, 0.4), sheet.height * 0.42), "CONTOH", (190, 20, 30, 46), font(BOLD, 120)
    )
    layer = layer.rotate(rng.uniform(12, 28), resample=Image.Resampling.BICUBIC)
    return Image.alpha_composite(sheet.convert("RGBA"), layer).convert("RGB")
