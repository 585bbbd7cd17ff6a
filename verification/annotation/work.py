"""Reading photos in the background: ordered with the photo, done by the worker, kept beside it."""

import time
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from jknoffice import clock
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from jknoffice.crypto import Unreadable
from verification.annotation.child import NotRead, Reader
from verification.annotation.sealing import sealed_content
from verification.documents import vault
from verification.likeness.queueing import look_by_numbers_later
from verification.models import Document, DocumentReading
from verification.models.reading import ReadingStatus
from verification.reading.result import FieldName, Reading

QUEUE = "reading"
READ_TASK = "verification.read_document"


def order(documents: Iterable[Document]) -> None:
    """Order the reading of photos, in the caller's transaction; nothing happens where reading is off."""
    if settings.READING:
        for document in documents:
            DocumentReading.objects.create(document=document)
            app.configure_task(READ_TASK).defer(document_id=document.pk)


def read(*, document_id: int, at: datetime | None = None) -> None:
    """Read one photo that waits for it; another worker's result, or a photo that is gone, is left alone.

    What goes wrong is kept as a failure: it stops nobody from deciding.
    """
    waiting = DocumentReading.objects.filter(document=document_id, status=ReadingStatus.WAITING)
    row = waiting.select_related("document__request__peserta").first()
    if row is None:
        return
    begun, found, failure = time.monotonic(), None, ""
    try:
        found = reader().read(vault.jpeg_of(row.document))
    except (vault.Lost, Unreadable):
        failure = "lost"
    except NotRead as error:
        failure = str(error)
    _keep(row, found, failure, seconds=time.monotonic() - begun, at=at or clock.now())


@transaction.atomic
def _keep(row: DocumentReading, found: Reading | None, failure: str, *, seconds: float, at: datetime) -> None:
    status = ReadingStatus.DONE if found else ReadingStatus.FAILED
    waiting = DocumentReading.objects.filter(pk=row.pk, status=ReadingStatus.WAITING)
    version = found.engine_version if found else ""
    kept = waiting.update(
        status=status,
        content=sealed_content(found.as_json(), document_id=row.document_id) if found else None,
        failure=failure,
        engine_version=version,
        seconds=round(seconds, 2),
        read_at=at,
    )
    if kept:
        document = row.document
        peserta = document.request.peserta
        record(
            "document.read",
            by=Actor.system("reader"),
            about=Thing.of(document.request),
            subject=peserta.uuid if peserta else None,
            after={"document": document.pk, "kind": document.kind, "reading": status, "engine": version},
            reason=failure,
            at=at,
        )
        if found and found.fields.keys() & {FieldName.NIK, FieldName.CARD_NUMBER}:
            look_by_numbers_later(document_id=document.pk)


@cache
def reader() -> Reader:
    """Return the reader of this process."""
    return Reader()
