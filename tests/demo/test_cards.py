"""Specimen cards: readable, repeatable, and marked as what they are."""

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageStat

from jknoffice.demo.cards import blurred, draw_jkn_card, draw_ktp, ktp, sheet
from jknoffice.demo.people import BRANCHES, Person, families
from verification.documents import pictures
from verification.reading import read

Draw = Callable[..., bytes]
both = pytest.mark.parametrize("draw", [draw_ktp, draw_jkn_card])


@pytest.fixture(scope="module")
def person() -> Person:
    return next(families(seed=7, count=1, branches=BRANCHES))


def _image(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))


@both
def test_the_same_person_and_seed_give_the_same_photo(draw: Draw, person: Person) -> None:
    assert draw(person, seed=1) == draw(person, seed=1)
    assert draw(person, seed=1) != draw(person, seed=2)


@both
def test_a_photo_is_one_that_the_product_takes_in(draw: Draw, person: Person) -> None:
    jpeg = draw(person, seed=1)
    assert len(jpeg) < 250_000
    assert not _image(jpeg).getexif()
    picture = pictures.read(SimpleUploadedFile("a.jpg", jpeg))
    assert (picture.width, picture.height) == _image(jpeg).size == (1152, 778)
    assert not read(jpeg).faults


@both
def test_people_of_every_kind_can_be_drawn(draw: Draw) -> None:
    for each in families(seed=11, count=30, branches=BRANCHES):
        assert draw(each, seed=1)


def test_the_stamp_leaves_its_mark() -> None:
    plain = Image.new("RGB", (sheet.WIDTH, sheet.HEIGHT), "white")
    red, green, _blue = ImageStat.Stat(ImageChops.difference(plain, sheet.stamp(plain))).sum
    assert green > red > 0


def test_a_long_name_is_cut_and_never_runs_into_the_portrait() -> None:
    text = sheet.fitted("MUHAMMAD " * 12, 23, 400)
    assert text.endswith("…")
    assert sheet.font(23).getlength(text) <= 400


def test_a_blurred_photo_has_lost_its_edges(person: Person) -> None:
    sharp = draw_ktp(person, seed=1)

    def edges(jpeg: bytes) -> float:
        grey = _image(jpeg).convert("L")
        return ImageStat.Stat(ImageChops.difference(grey, ImageChops.offset(grey, 1, 0))).mean[0]

    assert edges(blurred(sharp)) < edges(sharp) / 2


def test_the_card_shows_the_persons_own_data(person: Person) -> None:
    shown = dict(ktp._fields(person))
    assert (shown["Nama"], shown["Alamat"]) == (person.name, person.address.street)
