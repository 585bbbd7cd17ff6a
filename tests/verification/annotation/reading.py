"""Readings for tests, without the engine."""

from typing import Any

from django.utils import timezone

from participants.models import Peserta
from verification.annotation.sealing import sealed_content
from verification.annotation.shown import registered
from verification.models import Document, DocumentReading
from verification.models.reading import ReadingStatus
from verification.reading.result import Box, DocType, Field, FieldName, Reading

HERE = Box(0.2, 0.1, 0.6, 0.2)


def reading_of(peserta: Peserta, kind: str = "ktp", **changed: Any) -> Reading:
    """What a perfect reader would say, but for `changed`: values by the name of their field, or faults."""
    faults = changed.pop("faults", frozenset())
    wanted = {FieldName.NIK, FieldName.NAME, FieldName.BIRTH_DATE}
    wanted |= {FieldName.CARD_NUMBER} if kind == "card" else {FieldName.BIRTH_PLACE, FieldName.SEX}
    values = {name: changed.get(name.value, value) for name, value in registered(peserta).items() if name in wanted}
    fields = {name: Field(value, 0.98, 1.0, HERE) for name, value in values.items() if value}
    return Reading(DocType(kind), fields, {}, frozenset(faults), 0.97, "test/1")


def keep(document: Document, reading: Reading) -> DocumentReading:
    """A reading that is done."""
    return DocumentReading.objects.create(
        document=document,
        status=ReadingStatus.DONE,
        content=sealed_content(reading.as_json(), document_id=document.pk),
        engine_version=reading.engine_version,
        seconds=1.0,
        read_at=timezone.now(),
    )
