"""What was read on photos stands encrypted in the database, and the same number on two photos is found all the same."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from jknoffice.crypto import Unreadable
from tests import cases
from tests.verification.annotation.reading import keep, reading_of
from verification import changes
from verification.annotation import sealing
from verification.annotation.correcting import correct
from verification.models import Document, DocumentReading, ReadingCorrection
from verification.models.choices import DocumentKind
from verification.reading.result import FieldName

pytestmark = pytest.mark.django_db

MIGRATION = import_module("verification.migrations.0021_readings_sealed")
STRANGER = {"nik": "3273014405880009", "name": "RATNA DEWI LAIN", "birth_place": "PONTIANAK"}


def rows(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT kept::text FROM "{table}" kept')  # noqa: S608  (our own names)
        return "\n".join(row for (row,) in cursor.fetchall())


def read_and_corrected() -> DocumentReading:
    case = cases.queued()
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    assert case.peserta
    reading = keep(case.documents.get(kind=DocumentKind.KTP), reading_of(case.peserta, **STRANGER))
    correct(request=case, kind=DocumentKind.KTP, field=FieldName.NAME, value="RATNA DEWI ASLI", by=user)
    return reading


def test_no_value_stands_in_clear() -> None:
    reading = read_and_corrected()
    kept = rows("verification_documentreading") + rows("verification_readingcorrection")
    assert "birth_place" in kept
    assert not [value for value in (*STRANGER.values(), "RATNA DEWI ASLI") if value in kept]
    opened = sealing.opened_reading(reading.content or {}, document_id=reading.document_id)
    assert {name: opened.fields[FieldName(name)].value for name in STRANGER} == STRANGER


def test_a_value_belongs_to_its_photo_and_field() -> None:
    sealed = sealing.sealed_value("0001234567890", document_id=1, field="card_number")
    assert sealing.opened_value(sealed, document_id=1, field="card_number") == "0001234567890"
    for elsewhere in ({"document_id": 2, "field": "card_number"}, {"document_id": 1, "field": "nik"}):
        with pytest.raises(Unreadable):
            sealing.opened_value(sealed, **elsewhere)  # type: ignore[arg-type]


def test_a_mark_is_the_same_for_the_same_number_of_the_same_field() -> None:
    assert sealing.mark("nik", "1") == sealing.mark("nik", "1") != sealing.mark("card_number", "1")


def test_the_database_takes_no_value_in_clear() -> None:
    reading = read_and_corrected()
    with pytest.raises(IntegrityError, match="reading_sealed"), transaction.atomic():
        DocumentReading.objects.update(content={"fields": {"nik": {"value": STRANGER["nik"]}}})
    with pytest.raises(IntegrityError, match="correction_sealed"), transaction.atomic():
        reading.corrections.update(value="RATNA DEWI")


def test_what_stood_there_in_clear_is_encrypted_and_can_be_put_back() -> None:
    reading = read_and_corrected()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(MIGRATION.BACKWARD)
    MIGRATION.open_all(apps, None)
    assert STRANGER["nik"] in rows("verification_documentreading")
    assert ReadingCorrection.objects.get().value == "RATNA DEWI ASLI"
    MIGRATION.seal_all(apps, None)
    with connection.cursor() as cursor:
        cursor.execute(MIGRATION.FORWARD)
    reading.refresh_from_db()
    content: Any = reading.content
    assert content["fields"]["nik"]["mark"] == sealing.mark("nik", STRANGER["nik"])
    opened = sealing.opened_reading(content, document_id=reading.document_id)
    assert opened.fields[FieldName.NAME].value == STRANGER["name"]
    assert Document.objects.filter(reading=reading).exists()
