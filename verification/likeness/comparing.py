"""The second look at two pictures: lay one over the other, then compare block by block.

All cards share one layout, so that two pictures of different cards resemble each other as a whole; laid on a scanner
they agree in more than 95 of 100 blocks, more than a copy that somebody has edited. But an edited copy differs in one
or two places, another person's card a little in every line that is written on.
"""

from collections.abc import Iterable
from typing import Final

from PIL import Image, ImageFilter, ImageMath

from verification.likeness.aligning import laid_over
from verification.likeness.overlap import Window

SAME: Final = 0.8
"""From this likeness two pictures are taken for copies of one photo; measured, see the tests."""

_WIDTH: Final = 640
_BLOCK: Final = 8
_SHOWS: Final = 80.0
_AGREES: Final = 0.7
_MOST_DIFFERING: Final = 0.4
_FEWEST: Final = 80


def likeness(first: Image.Image, second: Image.Image) -> float:
    """Return how alike two pictures, RGB or grey, are once one is laid over the other, from 0.0 to 1.0.

    That is the share of rows or of columns, whichever are more, in which no block differs; 0.0 when two of five
    blocks differ, or too few show anything.

    Finds copies that were compressed anew, resized, turned by 90, 180 or 270 degrees, cropped or edited in places.
    """
    return next((alike for window in laid_over(first, second) if (alike := _agreeing(window)) is not None), 0.0)


def _agreeing(window: Window) -> float | None:
    """Return how alike what lies over each other is, by the blocks that show something in either picture.

    None when so many differ, or so few show anything, that they do not lie over each other.
    """
    width = _WIDTH if window.part.width >= window.part.height else _WIDTH * window.part.width // window.part.height
    height = max(_BLOCK, width * window.part.height // window.part.width // _BLOCK * _BLOCK)
    size = (max(_BLOCK, width // _BLOCK * _BLOCK), height)
    one, other = (_plain(image) for image in window.cut(size))
    grid = (size[0] // _BLOCK, size[1] // _BLOCK)
    pictures = (one, other, _times(one, one), _times(other, other), _times(one, other))
    sums = zip(*(_blocks(image, grid) for image in pictures), strict=True)
    shown, differing = 0, []
    for place, (mean_one, mean_other, square_one, square_other, together) in enumerate(sums):
        spread_one, spread_other = square_one - mean_one**2, square_other - mean_other**2
        if max(spread_one, spread_other) < _SHOWS:
            continue
        shown += 1
        if together - mean_one * mean_other < _AGREES * (max(spread_one, 1.0) * max(spread_other, 1.0)) ** 0.5:
            differing.append(divmod(place, grid[0]))
    if shown < _FEWEST or len(differing) > _MOST_DIFFERING * shown:
        return None
    rows, columns = ({place[way] for place in differing} for way in (0, 1))
    return 1 - min(len(rows) / grid[1], len(columns) / grid[0])


def _plain(image: Image.Image) -> Image.Image:
    """Return a picture as numbers, without the finest grain, which compression changes."""
    return image.filter(ImageFilter.GaussianBlur(0.8)).convert("F")


def _times(one: Image.Image, other: Image.Image) -> Image.Image:
    """Return two pictures multiplied pixel by pixel."""
    product: Image.Image = ImageMath.lambda_eval(lambda given: given["one"] * given["other"], one=one, other=other)
    return product


def _blocks(image: Image.Image, grid: tuple[int, int]) -> Iterable[float]:
    """Return the mean of each block."""
    means = image.resize(grid, Image.Resampling.BOX)
    return [float(value) for value in means.get_flattened_data() if isinstance(value, int | float)]
