"""Every hostile file is refused with its sentence, or stored without what it hid. Nothing ends in an error page."""

import io

import pytest
from django.core.files.storage import storages
from PIL import Image

from tests import make, pictures
from tests.hostile import CANARY, CORPUS, NAMES
from tests.verification.portal import walk
from verification.documents.pictures import SENTENCES, PictureRefused, read

HIDDEN = (CANARY, b"PK\x03\x04", b"<script", b"<?php", b"Exif", b"Photoshop", b"ICC_PROFILE", b"http://ns.adobe")


@pytest.mark.parametrize("what", CORPUS)
def test_a_hostile_file_is_refused_with_its_sentence_or_drawn_anew(what: str) -> None:
    hostile = CORPUS[what]
    try:
        picture = read(pictures.upload(hostile.make()))
    except PictureRefused as error:
        refusal = error
    else:
        assert hostile.reason is None
        assert not [hidden for hidden in HIDDEN if hidden in picture.jpeg]
        with Image.open(io.BytesIO(picture.jpeg)) as kept:
            assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (picture.width, picture.height))
            assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        return
    assert refusal.reason == (hostile.reason or "damaged")
    assert str(refusal) == str(SENTENCES[refusal.reason])


OVER_THE_WEB = (
    "PNG of 900 million pixels",
    "JPEG of thousands of scans",
    "50 MB",
    "nothing",
    "WebP",
    "JPEG and PHP",
    "JPEG, the half of it",
    "JPEG with EXIF that points outside",
    "JPEG in CMYK with a profile for RGB",
)


@pytest.mark.django_db
@pytest.mark.parametrize("what", OVER_THE_WEB)
def test_over_the_web_it_is_the_same(what: str) -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    page = walk.give_photo(client, "ktp", pictures.upload(CORPUS[what].make()))
    assert page.status_code == 200
    reason = CORPUS[what].reason
    if reason is None:
        assert walk.where(page) == "card"
    else:
        assert str(SENTENCES[reason]) in walk.words(page)


@pytest.mark.django_db
@pytest.mark.parametrize("what", NAMES)
def test_the_name_of_a_file_is_used_for_nothing(what: str) -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    folder = storages["documents"]
    before = set(folder.listdir("")[1]) if folder.exists("") else set()
    body = (
        b'--b\r\nContent-Disposition: form-data; name="photo"; filename="'
        + NAMES[what].replace('"', "%22").encode()
        + b'"\r\nContent-Type: text/html\r\n\r\n'
        + pictures.photo()
        + b"\r\n--b--\r\n"
    )
    page = client.generic("POST", walk.address("ktp"), body, content_type="multipart/form-data; boundary=b")
    assert page.status_code in {200, 302}
    stored = set(folder.listdir("")[1]) - before if folder.exists("") else set()
    assert all(len(name) == 32 and name.isalnum() for name in stored)
    assert "X-Evil" not in page.headers
    # A name that cannot be a name is no file for Django: then the page asks for one.
    assert len(stored) == (page.status_code == 302)
