"""What is said of a photo at the door: a sentence for each refusal, hints that stop nobody."""

import io

import pytest
from django.utils.translation import override
from PIL import Image, ImageCms

from tests import make, pictures
from tests.verification.portal import walk
from verification.documents.pictures import SENTENCES, Hint, PictureRefused, read


def grey(shade: int, *, size: tuple[int, int] = (900, 600)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("reason", SENTENCES)
def test_each_reason_has_a_sentence_that_says_what_to_do(reason: str) -> None:
    with override("en"):
        english = str(PictureRefused(reason))
    assert english.endswith(".")
    assert len(english.split()) > 5


@pytest.mark.parametrize(
    ("shade", "size", "hints"),
    [
        (128, (900, 600), ()),
        (20, (900, 600), (Hint.DARK,)),
        (128, (500, 320), (Hint.SMALL,)),
        (20, (320, 500), (Hint.DARK, Hint.SMALL)),
    ],
)
def test_dark_and_small_photos_are_taken_with_a_hint(
    shade: int, size: tuple[int, int], hints: tuple[Hint, ...]
) -> None:
    assert read(pictures.upload(grey(shade, size=size))).hints == hints


@pytest.mark.django_db
def test_the_next_page_gives_the_hint_and_goes_on() -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    page = walk.give_photo(client, "ktp", pictures.upload(grey(20)))
    assert walk.where(page) == "card"
    assert str(Hint.DARK.sentence) in walk.words(page)
    assert str(Hint.DARK.sentence) not in walk.words(walk.give_photo(client, "card"))


def test_what_an_upload_says_of_its_size_is_not_trusted() -> None:
    upload = pictures.upload(pictures.photo() + bytes(11 * 1024 * 1024))
    upload.size = 1000
    with pytest.raises(PictureRefused, match="10 MB"):
        read(upload)


def test_colours_are_brought_into_srgb() -> None:
    raw = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (900, 600), (200, 40, 40)).save(raw, "JPEG", icc_profile=profile, quality=95)
    with Image.open(io.BytesIO(read(pictures.upload(raw.getvalue())).jpeg)) as kept:
        red, green, blue = kept.getpixel((450, 300))  # type: ignore[misc]
    assert abs(red - 200) + abs(green - 40) + abs(blue - 40) < 15


def test_sixteen_bits_of_grey_keep_their_shades() -> None:
    out = io.BytesIO()
    Image.new("I;16", (900, 600), 32768).save(out, "PNG")
    with Image.open(io.BytesIO(read(pictures.upload(out.getvalue())).jpeg)) as kept:
        assert abs(kept.convert("L").getpixel((450, 300)) - 128) < 3  # type: ignore[operator]
