"""Laying one picture over another: which turn, which part.

Either may be a part of the other. The search goes from small to large: some hundred places on pictures of 48 pixels,
then the best few moved about in ever smaller steps on larger ones.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from PIL import Image

from verification.likeness.overlap import Box, Pair, Window, sized

_SMALL: Final = 48
_MIDDLE: Final = 112
_LARGE: Final = 640
_SCALES: Final = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7)
_LEAST: Final = 0.48
_PLACES: Final = 5
_BEST: Final = 3

_TURNS: Final = (None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)


def laid_over(first: Image.Image, second: Image.Image) -> Iterator[Window]:
    """Yield how two pictures, RGB or grey, may lie over each other: as a whole, then where one is part of the other.

    The second takes most of the time: who finds that the first fits need not ask for it. It is missing when one picture
    is so long that it would never fit.
    """
    one, other = (_grey(image) for image in (first, second))
    turned = [other.transpose(turn) if turn is not None else other for turn in _TURNS]
    whole = [found for each in turned for found in _found(one, each, _whole(one, each))]
    if whole:
        yield _settled(whole, 1)
    parts = [found for each in turned for pair in ((one, each), (each, one)) for found in _found(*pair, _boxes(*pair))]
    if parts:
        yield _settled(parts, _BEST)


def _found(whole: Image.Image, part: Image.Image, boxes: Iterable[Box]) -> list[tuple[int, Window]]:
    """Return windows with how far little pictures of both differ in them."""
    little = Pair.of(whole, part, _SMALL, finer=1)
    return [(little.differ(box), Window(whole, part, box)) for box in boxes]


def _settled(starts: list[tuple[int, Window]], best: int) -> Window:
    """Return the best window near the best starts."""
    starts.sort(key=lambda start: start[0])
    near = [_moved(window, _MIDDLE, 0.024) for _, window in starts[:best]]
    return _moved(min(near, key=lambda one: one[0])[1], _LARGE // 2, 0.002)[1]


def _moved(window: Window, side: int, step: float) -> tuple[int, Window]:
    """Return the window at the best place near by, and how far the pictures differ there."""
    pair = Pair.of(window.whole, window.part, side)
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


def _near(box: Box, step: float) -> Iterator[Box]:
    """Return boxes a step away: moved, and grown or shrunk."""
    left, top, right, bottom = box
    for across, down, grown in (
        (step, 0, 0), (-step, 0, 0), (0, step, 0), (0, -step, 0), (0, 0, step), (0, 0, -step),
    ):  # fmt: skip
        yield (left + across - grown, top + down - grown, right + across + grown, bottom + down + grown)


def _whole(whole: Image.Image, part: Image.Image) -> Iterator[Box]:
    """Return where all of a picture lies over all of another one of about the same proportions."""
    if 0.9 < (whole.width * part.height) / (whole.height * part.width) < 1.1:
        yield (0.0, 0.0, 1.0, 1.0)


def _boxes(whole: Image.Image, part: Image.Image) -> Iterator[Box]:
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
    return sized(image.convert("L"), _LARGE)
