"""Copies of a photo are told from photos of other people's cards, wherever those lie."""

from random import Random

import pytest
from PIL import Image

from tests.cards import Tier, photo
from tests.verification.likeness.copies import (
    COPIES,
    EDITS,
    altered,
    cropped,
    edited,
    jpeg_of,
    one_desk,
    opened,
    people,
    photos,
    pressed,
)
from verification.likeness.comparing import SAME, likeness
from verification.likeness.fingerprint import bands, glimpsed, signed, take

SOME = 3


@pytest.fixture(scope="module", params=[0, 1], ids=["KTP", "card"])
def mine(request: pytest.FixtureRequest) -> list[Image.Image]:
    return [photos(person)[request.param] for person in people(SOME)]


@pytest.fixture(scope="module", params=[0, 1], ids=["KTP", "card"])
def desk(request: pytest.FixtureRequest) -> list[Image.Image]:
    with one_desk("a"):
        return [photos(person)[request.param] for person in people(SOME)]


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_known(kind: str, mine: list[Image.Image]) -> None:
    chance = Random(kind)
    assert min(likeness(one, COPIES[kind](one, chance)) for one in mine) >= SAME


@pytest.mark.parametrize("kind", EDITS)
@pytest.mark.parametrize("number", [9, 17])  # of the first a quarter of all blocks differ, the second is laid narrowly
def test_a_copy_with_another_digit_name_or_portrait_is_known(kind: str, number: int) -> None:
    one = opened(photo(seed=7351, number=number, tier=Tier.CAREFUL).jpeg)
    assert likeness(one, altered(EDITS[kind], Random(kind), seed=7351, number=number)) >= SAME
    assert likeness(one, pressed(edited(one, Random(f"7351/{number}/edited")))) >= SAME


def test_a_glimpse_of_a_kept_photo_is_enough(mine: list[Image.Image]) -> None:
    other = COPIES["cropped by 8 %"](mine[0], Random(1))
    assert likeness(mine[0], glimpsed(jpeg_of(other))) >= SAME
    assert likeness(mine[0], glimpsed(jpeg_of(mine[1]))) < SAME


@pytest.mark.parametrize("kind", [kind for kind in COPIES if "cropped" not in kind])
def test_a_copy_that_is_not_cropped_is_a_candidate(kind: str, mine: list[Image.Image]) -> None:
    chance = Random(kind)
    for one in mine:
        [original, *_], turns = take(one).turns, take(COPIES[kind](one, chance)).turns
        assert min((original ^ turn).bit_count() for turn in turns) <= 12


def test_cards_of_others_on_another_desk_are_no_copies(mine: list[Image.Image]) -> None:
    assert max(likeness(mine[at], mine[at - 1]) for at in range(SOME)) < SAME


def test_cards_of_others_at_the_very_same_place_are_no_copies(desk: list[Image.Image]) -> None:
    assert max(likeness(desk[at], pressed(desk[at - 1])) for at in range(SOME)) < SAME


def test_nor_are_crops_of_them(desk: list[Image.Image]) -> None:
    chance = Random(3)
    assert max(likeness(desk[at], pressed(cropped(desk[at - 1], 0.06, chance))) for at in range(SOME)) < SAME


def test_the_same_pixels_have_one_digest_and_others_another(mine: list[Image.Image]) -> None:
    assert take(mine[0]).digest == take(mine[0].copy()).digest != take(pressed(mine[0])).digest


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_empty_picture_is_like_no_other(shade: int) -> None:
    empty = Image.new("RGB", (640, 400), (shade, shade, shade))
    assert (take(empty).digest, take(empty).turns, likeness(empty, empty)) == ("", (), 0.0)


def test_of_a_screenshot_only_the_digest_counts() -> None:
    screen = Image.new("RGB", (720, 1600), "white")
    screen.paste((20, 132, 72), (0, 0, 720, 300))
    assert take(screen).digest
    assert take(screen).turns == ()


def test_a_picture_of_any_shape_is_compared_without_an_error() -> None:
    wide = Image.effect_noise((240, 30), 80).resize((2400, 300)).convert("RGB")  # grains too small would be lost
    thin = wide.transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((300, 2400))
    assert likeness(wide, wide) == 1.0
    assert likeness(wide, Image.effect_noise((300, 300), 80).convert("RGB")) < SAME
    assert likeness(wide, thin) < SAME


def test_bits_are_cut_into_four_bands_and_fit_a_bigint() -> None:
    assert bands(0xFFFF_0001_0000_8000) == [0xFFFF, 1, 0, 0x8000]
    assert (signed(1 << 63), signed((1 << 63) - 1)) == (-(1 << 63), (1 << 63) - 1)
