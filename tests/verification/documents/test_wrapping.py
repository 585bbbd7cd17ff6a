"""The key of the photos' keys is exchanged without touching a photo, and what is stolen without it is noise."""

import base64
import io
import json
import os
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection

from jknoffice.audit.models import AuditLog
from jknoffice.crypto import KEY_BYTES, Unreadable
from participants.models import Peserta
from tests import cases
from tests.verification.annotation.reading import keep, reading_of
from verification.documents import vault, wrapping
from verification.models import Document

pytestmark = pytest.mark.django_db

NEW = b"n" * KEY_BYTES


def stored(documents: list[Document]) -> dict[str, bytes]:
    """The files of these photos as the storage holds them, by their name."""
    found = {}
    for document in documents:
        with storages["documents"].open(document.storage_key) as file:
            found[document.storage_key] = file.read()
    return found


def dump() -> bytes:
    """Every row of every table, as text; bytes in hexadecimal."""
    rows: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT stolen::text FROM "{table}" stolen')  # noqa: S608  (names from the catalogue)
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows).encode()


def run(**options: Any) -> dict[str, Any]:
    out = io.StringIO()
    call_command("rotate_document_key", format="json", stdout=out, **options)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@pytest.fixture
def exchanged(settings: Any) -> list[Document]:
    """Six photos that the key before wrapped, under settings that have a new one."""
    documents = [document for _ in range(3) for document in cases.submitted().documents.all()]
    settings.JKN_DOCUMENT_KEY, settings.JKN_DOCUMENT_KEY_OLD = NEW, settings.JKN_DOCUMENT_KEY
    return documents


def readable(documents: list[Document]) -> int:
    count = 0
    for document in documents:
        document.refresh_from_db()
        try:
            count += vault.jpeg_of(document).startswith(b"\xff\xd8")
        except Unreadable:
            continue
    return count


def test_all_keys_are_wrapped_anew_and_no_photo_is_touched(exchanged: list[Document], settings: Any) -> None:
    before = stored(exchanged)
    assert run(dry_run=True) == {"dry_run": True, "key_id": wrapping.current_id(), "wrapped": 0, "left": 6}
    assert readable(exchanged) == 6
    assert run() == {"dry_run": False, "key_id": wrapping.current_id(), "wrapped": 6, "left": 0}
    assert stored(exchanged) == before
    # The old key may go now
    settings.JKN_DOCUMENT_KEY_OLD = b""
    assert readable(exchanged) == 6
    assert run()["wrapped"] == 0


def test_rows_from_before_there_were_ids_are_wrapped_as_well(exchanged: list[Document]) -> None:
    Document.objects.update(key_id="")
    assert readable(exchanged) == 6
    assert run()["wrapped"] == 6


def test_it_goes_on_where_it_was_interrupted_and_each_batch_is_recorded(
    exchanged: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrapping, "BATCH", 4)
    real, calls = wrapping.wrap, iter(range(5))

    def breaks_off(data_key: bytes, *, storage_key: str) -> bytes:
        if next(calls) == 4:
            raise KeyboardInterrupt
        return real(data_key, storage_key=storage_key)

    with monkeypatch.context() as broken:
        broken.setattr(wrapping, "wrap", breaks_off)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert (wrapping.waiting(), readable(exchanged)) == (2, 6)
    assert run()["wrapped"] == 2
    entries = AuditLog.objects.filter(action="document.keys_rotated").order_by("pk")
    assert [json.loads(entry.entry)["after"]["documents"] for entry in entries] == [4, 2]


@pytest.mark.parametrize("batch", [1, 2, 10])
def test_what_neither_key_opens_is_counted_and_stops_nothing(
    exchanged: list[Document], batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrapping, "BATCH", batch)
    Document.objects.filter(pk__in=[exchanged[0].pk, exchanged[1].pk]).update(key_id="0" * 16)
    with pytest.raises(CommandError, match="2 photos") as failed:
        run()
    assert failed.value.returncode == 1
    assert wrapping.waiting() == 2
    assert readable(exchanged) == 4


def test_a_stolen_dump_and_folder_without_the_keys_tell_nothing(exchanged: list[Document], settings: Any) -> None:
    read = {"nik": "3273014405880009", "name": "RATNA DEWI LAIN", "birth_place": "PONTIANAK"}
    for document in exchanged:
        assert document.request.peserta
        keep(document, reading_of(document.request.peserta, document.kind, **read))
    loot: list[bytes] = [*stored(exchanged).values(), dump()]
    # The register itself stands in clear: so the search is known to find what is there.
    assert Peserta.objects.values_list("nik", flat=True)[0].encode() in loot[-1]
    for value in read.values():
        assert not [found for found in loot if value.encode() in found]
    for document in exchanged:
        jpeg = vault.jpeg_of(document)
        for piece in (jpeg[:20], jpeg[200:230], jpeg[-20:], b"JFIF"):
            for found in loot:
                assert piece not in found
                assert base64.b64encode(piece)[:16] not in found
                assert piece.hex().encode() not in found
    # Neither does who has all of it and a key of their own
    settings.JKN_DOCUMENT_KEY, settings.JKN_DOCUMENT_KEY_OLD = os.urandom(KEY_BYTES), os.urandom(KEY_BYTES)
    assert readable(exchanged) == 0
    Document.objects.update(key_id=wrapping.current_id())
    assert readable(exchanged) == 0


def test_one_file_cannot_be_told_from_another_of_the_same_picture(exchanged: list[Document]) -> None:
    files = list(stored(exchanged).values())
    assert len({content[:12] for content in files}) == len(files)
    assert len({bytes(document.wrapped_key) for document in exchanged}) == len(exchanged)
