"""Made-up cards on one desk, and copies of their photos as a cheat would make them."""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from jknoffice.demo.cards import draw_jkn_card, draw_ktp, jkn_card, ktp
from jknoffice.demo.cards.photo import photographed
from jknoffice.demo.people import BRANCHES, Person, families
from tests.cards import Tier, photo


def people(count: int, *, seed: int = 11) -> list[Person]:
    """So many people, family by family: relatives share address and parts of their numbers."""
    return list(families(seed=seed, count=count, branches=BRANCHES))[:count]


def photos(person: Person, *, seed: int = 1) -> tuple[Image.Image, Image.Image]:
    """The photos of KTP and card, each on a table of its own."""
    return opened(draw_ktp(person, seed=seed)), opened(draw_jkn_card(person, seed=seed))


@contextmanager
def one_desk(name: str) -> Iterator[None]:
    """Let all cards lie on the same table, at the very same place, in the same light: so strangers look most alike."""

    def on_the_desk(card: Image.Image, _rng: Random) -> bytes:
        return photographed(card, Random(name))

    with pytest.MonkeyPatch.context() as patch:
        for drawn in (ktp, jkn_card):
            patch.setattr(drawn, "photographed", on_the_desk)
        yield


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def pressed(image: Image.Image, quality: int = 88) -> Image.Image:
    """What is left after another JPEG."""
    return opened(jpeg_of(image, quality))


def jpeg_of(image: Image.Image, quality: int = 88) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def cropped(image: Image.Image, share: float, chance: Random) -> Image.Image:
    """Cut so much off width and height, not the same at both sides."""
    left, top = (share * side * chance.random() for side in image.size)
    width, height = ((1 - share) * side for side in image.size)
    return image.crop((round(left), round(top), round(left + width), round(top + height)))


def edited(image: Image.Image, chance: Random) -> Image.Image:
    """Another number written over the first, and a strip covered."""
    done = image.copy()
    draw = ImageDraw.Draw(done)
    width, height = image.size
    draw.rectangle((0.25 * width, 0.22 * height, 0.7 * width, 0.29 * height), fill=(200, 224, 240))
    draw.text((0.26 * width, 0.22 * height), str(chance.random())[2:], fill="black", font_size=height // 18)
    draw.rectangle((0.3 * width, 0.6 * height, 0.6 * width, 0.65 * height), fill=(30, 30, 30))
    return done


def digit_changed(card: Image.Image, chance: Random) -> Image.Image:
    """Another digit over one of the topmost number, on a flat card."""
    return _pasted(card, (0.5, 0.16, 0.525, 0.235), chance.choice("0123456789"))


def name_changed(card: Image.Image, chance: Random) -> Image.Image:
    """Another name over the line of the name, on a flat card."""
    name = "".join(chance.choice("ABDEGHIKLMNOPRSTUWY ") for _ in range(20))
    return _pasted(card, (0.25, 0.25, 0.66, 0.31), name)


def portrait_changed(card: Image.Image, chance: Random) -> Image.Image:
    """Another picture where a KTP has its portrait, on a flat card: rough all over, as a face with its hair is."""
    done = card.copy()
    grain = Image.frombytes("RGB", (24, 30), chance.randbytes(24 * 30 * 3))
    done.paste(grain.resize((218, 278), Image.Resampling.BICUBIC), (762, 140))
    return done


def _pasted(card: Image.Image, box: tuple[float, float, float, float], text: str) -> Image.Image:
    done = card.copy()
    left, top, right, bottom = (round(share * side) for share, side in zip(box, (*card.size, *card.size), strict=True))
    draw = ImageDraw.Draw(done)
    draw.rectangle((left, top, right, bottom), fill=card.getpixel((12, card.height // 2)))
    draw.text((left, top), text, fill=(28, 30, 36), font_size=bottom - top)
    return done


def altered(
    edit: Callable[[Image.Image, Random], Image.Image], chance: Random, *, seed: int, number: int
) -> Image.Image:
    """The careful photo of that number, whose card was edited before: place, light and noise are the same."""
    taken = photo(seed=seed, number=number, tier=Tier.CAREFUL, altered=lambda card: edit(card, chance))
    return pressed(opened(taken.jpeg))


EDITS: Mapping[str, Callable[[Image.Image, Random], Image.Image]] = {
    "digit changed": digit_changed,
    "name changed": name_changed,
    "portrait changed": portrait_changed,
}
"""What somebody changes on a photo of a card, drawn on the flat card."""

COPIES: Mapping[str, Callable[[Image.Image, Random], Image.Image]] = {
    "compressed": lambda image, _: pressed(image, 40),
    "resized": lambda image, _: pressed(image.resize((image.width // 2, image.height // 2)), 75),
    "turned by 90": lambda image, _: pressed(image.transpose(Image.Transpose.ROTATE_90)),
    "turned by 180": lambda image, _: pressed(image.transpose(Image.Transpose.ROTATE_180)),
    "turned by 270": lambda image, _: pressed(image.transpose(Image.Transpose.ROTATE_270)),
    "brighter": lambda image, _: pressed(ImageEnhance.Brightness(image).enhance(1.3)),
    "edited": lambda image, chance: pressed(edited(image, chance)),
    "cropped by 4 %": lambda image, chance: pressed(cropped(image, 0.04, chance)),
    "cropped by 8 %": lambda image, chance: pressed(cropped(image, 0.08, chance)),
    "cropped by 15 %": lambda image, chance: pressed(cropped(image, 0.15, chance)),
    "cropped and turned": lambda image, chance: pressed(
        cropped(image, 0.1, chance).transpose(Image.Transpose.ROTATE_90), 60
    ),
}  # fmt: skip
