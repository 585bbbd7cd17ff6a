"""Files that are no photo, at both places where photos are taken."""

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import cases, make, pictures
from tests.verification.portal import walk
from verification.models import Document
from verification.states import Status

pytestmark = pytest.mark.django_db


@pytest.fixture(params=pictures.BAD)
def bad(request: pytest.FixtureRequest) -> SimpleUploadedFile:
    name, make_bytes = pictures.BAD[request.param]
    return pictures.upload(make_bytes(), name=name)


def _stored() -> int:
    folder = storages["documents"]
    return len(folder.listdir("")[1]) if folder.exists("") else 0


def test_a_bad_file_is_named_at_its_field_and_nothing_is_stored(bad: SimpleUploadedFile) -> None:
    # Given a participant whose KTP photo has been accepted
    client = walk.browser()
    walk.give_data(client, make.peserta())
    walk.give_photo(client, "ktp")
    before = _stored()
    # When the card photo is no photo
    page = client.post(walk.address("card"), {"photo": bad})
    # Then the page says what to do, at the field and at its top, and keeps nothing
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    (error,) = page.context["form"].errors["photo"]
    assert page.content.decode().count(error) == 2
    assert "photo" in error.lower()
    assert _stored() == before
    # And the KTP photo is not lost
    assert walk.where(walk.give_photo(client, "card")) == "check"


def test_a_bad_better_photo_changes_nothing(bad: SimpleUploadedFile) -> None:
    request, client = cases.in_state(Status.NEEDS_INFO), walk.browser()
    walk.open_fully(client, request)
    before = _stored()
    page = client.post(walk.address("resend"), {"photo": bad})
    assert page.status_code == 200
    assert page.context["form"].errors["photo"]
    request.refresh_from_db()
    assert request.status == Status.NEEDS_INFO
    assert (_stored(), Document.objects.filter(request=request).count()) == (before, 2)


def test_many_files_together_are_cut_off_like_one_large_one() -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    half = bytes(settings.PHOTO_MAX_BYTES * 6 // 10)
    files = {"other": pictures.upload(half), "photo": pictures.upload(half)}
    page = client.post(walk.address("ktp"), files)
    assert "larger than 10 MB" in walk.words(page)


def test_no_file_at_all_is_asked_for() -> None:
    client = walk.browser()
    walk.give_data(client, make.peserta())
    for sent in ({}, {"photo": "just text"}):
        assert "Choose a photo first" in walk.words(client.post(walk.address("ktp"), sent))


def test_an_upload_that_breaks_off_keeps_what_was_there() -> None:
    # Given a participant whose first photo is there
    client = walk.browser()
    walk.give_data(client, make.peserta())
    walk.give_photo(client, "ktp")
    # When the connection breaks in the middle of the second
    body = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n' + pictures.photo()[:2000]
    broken = client.generic("POST", walk.address("card"), body, content_type="multipart/form-data; boundary=b")
    assert broken.status_code == 200
    # Then sending it again is enough
    assert walk.where(walk.give_photo(client, "card")) == "check"


def test_photos_are_kept_unreadable_for_who_has_only_the_files() -> None:
    client = walk.browser()
    walk.to_check(client, make.peserta())
    folder = storages["documents"]
    for name in folder.listdir("")[1]:
        with folder.open(name) as file:
            assert b"JFIF" not in file.read()[:200]
