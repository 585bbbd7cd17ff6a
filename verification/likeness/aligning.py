"""Laying one picture over another: which turn, which part.

Either may be a part of the other. The search goes from small to large: some hundred places on pictures of 48 pixels,
then the best few moved about in ever smaller steps on larger ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image, ImageChops, ImageOps

_SMALL: Final = 48
_MIDDLE: Final = 112
_LARGE: Final = 640
_SCALES: Final = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7)
_LEAST: Final = 0.48
_PLACES: Final = 5
_BEST: Final = 3

_TURNS: Final = (None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Window:
    """`part`, whole, lies over `box` of `whole`: left, top, right and bottom as shares of its sides.

    Both are grey.
    """

    whole: Image.Image
    part: Image.Image
    box: _Box

    def cut(self, size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
        """Return what lies over each other, both of one size in pixels."""
        return _cut(self.whole, self.box, size), self.part.resize(size, Image.Resampling.BOX)


def laid_over(first: Image.Image, second: Image.Image) -> Window | None:
    """Return how two RGB pictures lie over each other best; None when one is so long that it never would."""
    one, other = (_grey(image) for image in (first, second))
    starts = []
    for turn in _TURNS:
        turned = other.transpose(turn) if turn is not None else other
        for whole, part in ((one, turned), (turned, one)):
            little = _Pair.of(whole, part, _SMALL)
            starts += [(little.differ(box), Window(whole, part, box)) for box in _boxes(whole, part)]
    starts.sort(key=lambda start: start[0])
    found = [_moved(window, _MIDDLE, 0.024) for _, window in starts[:_BEST]]
    if not found:
        return None
    _, best = min(found, key=lambda one: one[0])
    return _moved(best, _LARGE // 2, 0.006)[1]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two pictures made small and of even contrast, to see quickly how far they differ."""

    whole: Image.Image
    part: Image.Image

    @classmethod
    def of(cls, whole: Image.Image, part: Image.Image, side: int) -> "_Pair":
        return cls(*(ImageOps.autocontrast(_sized(image, side), cutoff=1) for image in (whole, part)))

    def differ(self, box: _Box) -> int:
        """Return how far they differ, on average, in hundredths of a shade."""
        laid = ImageChops.difference(_cut(self.whole, box, self.part.size), self.part)
        mean = laid.convert("F").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
        return round(100 * mean) if isinstance(mean, int | float) else 0


def _moved(window: Window, side: int, step: float) -> tuple[int, Window]:
    """Return the window at the best place near by, and how far the pictures differ there."""
    pair = _Pair.of(window.whole, window.part, side)
    box, least = window.box, pair.differ(window.box)
    while step * side > 0.2:
        better = False
        for tried in _near(box, step):
            differ = pair.differ(tried)
            if differ < least:
                box, least, better = tried, differ, True
        if not better:
            step /= 2
    return least, replace(window, box=box)


def _near(box: _Box, step: float) -> Iterator[_Box]:
    """Return boxes a step away: moved, and grown or shrunk."""
    left, top, right, bottom = box
    for across, down, grown in (
        (step, 0, 0), (-step, 0, 0), (0, step, 0), (0, -step, 0), (0, 0, step), (0, 0, -step),
    ):  # fmt: skip
        yield (left + across - grown, top + down - grown, right + across + grown, bottom + down + grown)


def _boxes(whole: Image.Image, part: Image.Image) -> Iterator[_Box]:
    """Return where a part of the same proportions could lie in the whole, from all of it to 70 per cent.

    Where it would cover less than half of the whole, as a wide picture laid across a tall one does, it is left out.
    """
    fits = min(whole.width / part.width, whole.height / part.height)
    for scale in _SCALES:
        width, height = (scale * fits * side for side in part.size)
        if width * height < _LEAST * whole.width * whole.height:
            break
        across, down = (whole.width - width) / whole.width, (whole.height - height) / whole.height
        for x in _spread(across):
            for y in _spread(down):
                yield (x, y, x + width / whole.width, y + height / whole.height)


def _spread(room: float) -> list[float]:
    """Return places from none to all of the room."""
    if room < 0.02:
        return [room / 2]
    return [room * place / (_PLACES - 1) for place in range(_PLACES)]


def _grey(image: Image.Image) -> Image.Image:
    return _sized(image.convert("L"), _LARGE)


def _sized(image: Image.Image, side: int) -> Image.Image:
    longest = max(image.size)
    width, height = (max(1, round(side * length / longest)) for length in image.size)
    return image.resize((width, height), Image.Resampling.BOX)


def _cut(whole: Image.Image, box: _Box, size: tuple[int, int]) -> Image.Image:
    left, top, right, bottom = box
    extent = (left * whole.width, top * whole.height, right * whole.width, bottom * whole.height)
    if min(box) >= 0 and max(box) <= 1:  # much faster, but not beyond the rim
        return whole.resize(size, Image.Resampling.BILINEAR, box=extent)
    return whole.transform(size, Image.Transform.EXTENT, extent, Image.Resampling.BILINEAR)
