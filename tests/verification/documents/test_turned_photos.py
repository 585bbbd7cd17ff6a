"""What a camera writes beside the pixels: which way up, and tags that are wrong."""

import io
import random
import struct
from contextlib import suppress

import pytest
from PIL import Image, ImageOps

from tests import pictures
from verification.documents.pictures import PictureRefused, read

ORIENTATION = 0x0112

# Pillow warns of damaged tags, which concern nobody here.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def _tagged(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F], exif[0x0131] = "Maker", "Software " * 10
    out = io.BytesIO()
    Image.open(io.BytesIO(pictures.photo(size=(640, 400)))).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_set_upright_as_its_camera_says(orientation: int) -> None:
    raw = _tagged(orientation)
    with Image.open(io.BytesIO(raw)) as stored:
        expected = ImageOps.exif_transpose(stored).convert("L")
    picture = read(pictures.upload(raw))
    with Image.open(io.BytesIO(picture.jpeg)) as kept:
        assert (picture.width, picture.height) == kept.size == expected.size
        differing = [abs(a - b) for a, b in zip(kept.convert("L").tobytes(), expected.tobytes(), strict=True)]
    assert sum(differing) / len(differing) < 2


def test_a_tag_of_the_wrong_type_does_no_harm() -> None:
    raw = _tagged(6)
    # The camera's name, declared as floating point numbers: Pillow's exif_transpose() fails on it.
    entry = struct.pack("<HH", 0x010F, 2)
    big = struct.pack(">HH", 0x010F, 2)
    broken = raw.replace(entry, struct.pack("<HH", 0x010F, 11)).replace(big, struct.pack(">HH", 0x010F, 11))
    assert broken != raw
    picture = read(pictures.upload(broken))
    assert (picture.width, picture.height) == (400, 640)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_damaged_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    for raw in (_tagged(6), pictures.photo(kind="PNG")):
        for _ in range(60):
            damaged = bytearray(raw)
            for _ in range(chance.choice([1, 2, 8])):
                damaged[chance.randrange(chance.choice([60, 200, len(raw)]))] = chance.randrange(256)
            with suppress(PictureRefused):
                assert read(pictures.upload(bytes(damaged))).jpeg.startswith(b"\xff\xd8\xff")
