"""Photos: taken in safely, kept encrypted, shown with a trace."""

import io
import struct
import zipfile
import zlib
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jknoffice.audit.models import AuditLog
from jknoffice.crypto import Unreadable
from tests import cases, make
from verification import changes
from verification.documents import vault, viewing
from verification.documents.pictures import Picture, PictureRefused, read
from verification.models import Document
from verification.models.choices import DocumentKind
from verification.states import Status


def _file(data: bytes, name: str = "ktp.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def _encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def _png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * ((width // 8 + 1) * min(height, 2000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x" * 1000)
    return out.getvalue()


PHOTO = _encoded(Image.effect_noise((800, 500), 60).convert("RGB"))
BAD = {
    "empty": b"",
    "text": b"not a photo",
    "zip": _zip(),
    "gif": _encoded(Image.new("P", (800, 500)), "GIF"),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "heic header": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    "half a photo": PHOTO[: len(PHOTO) // 2],
    "pixel bomb": _png_that_claims(30_000, 30_000),
    "wide bomb": _png_that_claims(200_000, 300),
    "stamp": _encoded(Image.new("RGB", (120, 80))),
    "header only": PHOTO[:20],
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_photo_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(PictureRefused) as refusal:
        read(_file(BAD[name]))
    assert str(refusal.value)


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    upload = _file(PHOTO)
    upload.size = 50 * 1024 * 1024
    with pytest.raises(PictureRefused, match="10 MB"):
        read(upload)


@given(st.binary(max_size=300), st.integers(0, len(PHOTO)))
def test_damaged_photos_are_read_or_refused_and_nothing_else(noise: bytes, place: int) -> None:
    damaged = PHOTO[:place] + noise + PHOTO[place + len(noise) :]
    with suppress(PictureRefused):
        assert read(_file(damaged)).width


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_is_drawn_anew_without_what_came_with_it(mode: str) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x8825] = "SECRET PLACE", {1: "S"}
    original = _encoded(
        Image.new(mode, (1200, 800)), exif=exif, comment=b"SECRET COMMENT", icc_profile=b"SECRET PROFILE"
    )
    picture = read(_file(original + _zip()))
    for secret in (b"SECRET", b"PK\x03\x04", b"Exif"):
        assert secret not in picture.jpeg
    with Image.open(io.BytesIO(picture.jpeg)) as kept:
        assert (kept.format, kept.size, kept.mode) == ("JPEG", (1200, 800), "RGB")
        assert not kept.getexif()


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA", "1", "I;16"])
def test_a_png_of_any_mode_becomes_a_jpeg(mode: str) -> None:
    assert read(_file(_encoded(Image.new(mode, (600, 400)), "PNG"))).width == 600


def test_a_photo_taken_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = read(_file(_encoded(Image.new("RGB", (800, 500)), exif=exif)))
    assert (picture.width, picture.height) == (500, 800)


def test_a_large_photo_is_made_smaller() -> None:
    picture = read(_file(_encoded(Image.new("RGB", (4000, 3000)))))
    assert (picture.width, picture.height) == (2400, 1800)


@pytest.fixture
def storage() -> Any:
    with override_settings(STORAGES={"documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}):
        yield storages["documents"]


@pytest.mark.django_db
def test_a_kept_photo_cannot_be_read_from_the_storage(storage: InMemoryStorage) -> None:
    request = cases.submitted()
    document = request.documents.get(kind=DocumentKind.KTP)
    with storage.open(document.storage_key) as file:
        stored = file.read()
    assert b"JFIF" not in stored
    assert vault.jpeg_of(document) == cases.picture(120).jpeg
    assert document.sha256 == cases.picture(120).sha256


@pytest.mark.django_db
def test_photos_that_were_exchanged_cannot_be_opened(storage: InMemoryStorage) -> None:
    ktp, card = cases.submitted().documents.order_by("kind")
    ktp.kind, card.kind = card.kind, ktp.kind
    with pytest.raises(Unreadable):
        vault.jpeg_of(ktp)
    ktp.kind, ktp.storage_key = card.kind, card.storage_key
    with pytest.raises(Unreadable):
        vault.jpeg_of(ktp)


@pytest.mark.django_db
def test_a_lost_file_is_named_as_such(storage: InMemoryStorage) -> None:
    document = cases.submitted().documents.all()[0]
    storage.delete(document.storage_key)
    with pytest.raises(vault.Lost):
        vault.jpeg_of(document)


@pytest.mark.django_db
def test_shredding_deletes_rows_now_and_files_after_the_commit(
    storage: InMemoryStorage, django_capture_on_commit_callbacks: Any
) -> None:
    request = cases.submitted()
    with django_capture_on_commit_callbacks(execute=True):
        assert vault.shred(request=request) == 2
    assert not Document.objects.exists()
    assert storage.listdir("")[1] == []


@pytest.mark.django_db
def test_files_without_a_row_are_removed_once_no_draft_can_need_them(storage: InMemoryStorage) -> None:
    request = cases.submitted()
    request.documents.all()[0].delete()
    now = timezone.now()
    assert vault.remove_orphans(at=now) == 0
    assert vault.remove_orphans(at=now + vault.ORPHANS_KEPT + timedelta(seconds=9)) == 1
    assert len(storage.listdir("")[1]) == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_works_the_case_sees_the_photo_and_leaves_a_trace(storage: InMemoryStorage) -> None:
    request = cases.in_state(Status.QUEUED)
    document, reviewer = request.documents.all()[0], cases.reviewer(request)
    changes.claim(request=request, by=reviewer)
    assert viewing.view(document_id=document.pk, by=reviewer).startswith(b"\xff\xd8")
    entry = AuditLog.objects.get(action="document.viewed")
    assert (entry.actor, entry.subject) == (reviewer.username, request.peserta and request.peserta.uuid)
    with pytest.raises(Document.DoesNotExist):
        viewing.view(document_id=document.pk, by=make.staff())


def test_a_picture_knows_its_digest() -> None:
    assert Picture(b"", 1, 1).sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
