"""From a drawn card to what a telephone would have photographed: on a table, a little askew, in uneven light."""

import io
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

_TABLES: Final = ((122, 92, 66), (88, 92, 98), (150, 138, 120), (70, 78, 70))
_MARGIN: Final = 70
_QUALITY: Final = 80
_GRAIN: Final = 14
"""Steps of 255 between the darkest and brightest noise of a sensor; a photo without any passes for a screenshot."""


def photographed(card: Image.Image, rng: Random) -> bytes:
    """Return the photo of a card as JPEG bytes, about 1150 × 780 pixels."""
    size = (card.width + 2 * _MARGIN, card.height + 2 * _MARGIN)
    scene = Image.new("RGB", size, rng.choice(_TABLES))
    angle = rng.uniform(-2.5, 2.5)
    corners = Image.new("L", card.size, 0)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, card.width - 1, card.height - 1), radius=34, fill=255)
    turned = card.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    mask = corners.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    place = (
        (size[0] - turned.width) // 2 + rng.randint(-18, 18),
        (size[1] - turned.height) // 2 + rng.randint(-18, 18),
    )
    scene.paste(Image.new("RGB", turned.size, (30, 26, 22)), (place[0] + 8, place[1] + 10), mask)
    scene.paste(turned, place, mask)
    return _jpeg(_grained(_lit(scene, rng), rng))


def blurred(jpeg: bytes) -> bytes:
    """Return the same photo taken with a shaking hand: too blurred to be read."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as photo:
        return _jpeg(photo.filter(ImageFilter.GaussianBlur(7)))


def _lit(scene: Image.Image, rng: Random) -> Image.Image:
    """Return the scene, darker towards one side."""
    light = Image.linear_gradient("L").resize(scene.size)
    if rng.random() < 0.5:
        light = light.transpose(Image.Transpose.ROTATE_180)
    shade = light.point([round(48 * level / 255) for level in range(256)])
    return Image.composite(Image.new("RGB", scene.size, (20, 16, 10)), scene, shade)


def _grained(scene: Image.Image, rng: Random) -> Image.Image:
    """Return the scene with the noise of a sensor."""
    noise = Image.frombytes("L", scene.size, rng.randbytes(scene.width * scene.height))
    grain = noise.point([round(level * _GRAIN / 255) for level in range(256)])
    return ImageChops.add(scene, Image.merge("RGB", [grain] * 3), offset=-_GRAIN // 2)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
