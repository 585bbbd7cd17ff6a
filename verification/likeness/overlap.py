"""Two pictures of which one lies over a part of the other, and how far they differ there."""

from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageOps

FAR: Final = 25_500
"""How far pictures differ where nothing lies over the other: the whole range of shades, in hundredths."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom as shares of the sides of a picture."""


@dataclass(frozen=True, slots=True)
class Window:
    """`part`, whole, lies over `box` of `whole`, which may reach a little beyond it.

    Both are grey.
    """

    whole: Image.Image
    part: Image.Image
    box: Box

    def cut(self, size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
        """Return what lies over each other, both of one size in pixels."""
        return _cut(self.whole, self.box, size), self.part.resize(size, Image.Resampling.BOX)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures made small and of even contrast, to see quickly how far they differ.

    The whole has a rim, so that the part may be laid a little beyond it.
    """

    whole: Image.Image
    part: Image.Image
    rim: int

    @classmethod
    def of(cls, whole: Image.Image, part: Image.Image, side: int, *, finer: int = 2) -> "Pair":
        """Return two grey pictures, the part with its longest side of `side` pixels, the whole `finer` times as large.

        Making the whole smaller each time smooths it evenly, wherever the part is laid; else a shift by half a pixel,
        which smooths, would seem to fit better than none.
        """
        large, small = (
            ImageOps.autocontrast(sized(image, length), cutoff=1)
            for image, length in ((whole, finer * side), (part, side))
        )
        rim = side // 6
        return cls(ImageOps.expand(large, rim), small, rim)

    def differ(self, box: Box) -> int:
        """Return how far they differ, on average, in hundredths of a shade."""
        width, height = (side - 2 * self.rim for side in self.whole.size)
        left, right = (share * width + self.rim for share in box[::2])
        top, bottom = (share * height + self.rim for share in box[1::2])
        if min(left, top) < 0 or right > self.whole.width or bottom > self.whole.height:
            return FAR
        placed = (left, top, right, bottom)
        cut = self.whole.resize(self.part.size, Image.Resampling.BILINEAR, box=placed)
        laid = ImageChops.difference(cut, self.part)
        mean = laid.convert("F").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
        return round(100 * mean) if isinstance(mean, int | float) else FAR


def sized(image: Image.Image, side: int) -> Image.Image:
    """Return a picture with its longest side of `side` pixels."""
    longest = max(image.size)
    width, height = (max(1, round(side * length / longest)) for length in image.size)
    return image.resize((width, height), Image.Resampling.BOX)


def _cut(whole: Image.Image, box: Box, size: tuple[int, int]) -> Image.Image:
    left, top, right, bottom = box
    extent = (left * whole.width, top * whole.height, right * whole.width, bottom * whole.height)
    if min(box) >= 0 and max(box) <= 1:  # much faster, but not beyond the rim
        return whole.resize(size, Image.Resampling.BILINEAR, box=extent)
    return whole.transform(size, Image.Transform.EXTENT, extent, Image.Resampling.BILINEAR)
