"""The reading of a photo as a job: done, late, crashed, lost, off."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from PIL import Image

from jknoffice.audit.models import AuditLog
from tests import cases
from tests.cards import Tier, photo
from tests.hands import run_worker
from verification.annotation import child, work
from verification.annotation.sealing import opened_reading
from verification.documents.pictures import Picture
from verification.models import Document, DocumentReading
from verification.models.choices import DocumentKind
from verification.models.reading import ReadingStatus
from verification.reading.result import FieldName

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _on(settings: Any) -> Any:
    settings.READING = True
    settings.READING_SECONDS = 120  # a busy machine makes no photo unreadable
    yield
    work.reader().close()


def taken(number: int) -> Picture:
    jpeg = photo(seed=41, number=number, tier=Tier.CAREFUL).jpeg
    return Picture(jpeg, *Image.open(io.BytesIO(jpeg)).size)


def submit() -> None:
    cases.submitted(pictures={DocumentKind.KTP: taken(0), DocumentKind.CARD: taken(1)})


def outcome(document: Document) -> tuple[str, str]:
    row = DocumentReading.objects.get(document=document)
    return row.status, row.failure


def test_each_photo_is_read_by_the_worker_in_its_own_queue() -> None:
    submit()
    assert set(DocumentReading.objects.values_list("status", flat=True)) == {ReadingStatus.WAITING}
    run_worker(queue=work.QUEUE)
    for number, row in enumerate(DocumentReading.objects.order_by("pk").select_related("document")):
        truth = photo(seed=41, number=number, tier=Tier.CAREFUL).truth
        found = opened_reading(row.content or {}, document_id=row.document_id)
        assert found.doc_type is truth.doc_type
        assert found.fields[FieldName.NIK].value == truth.values[FieldName.NIK]
        assert row.seconds
    entries = AuditLog.objects.filter(action="document.read")
    assert entries.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'verification.match_read_numbers'")
        assert cursor.fetchall() == [(2,)]
    assert not any(found.fields[FieldName.NIK].value in entry.entry for entry in entries)


def test_a_photo_is_read_once_however_often_it_is_asked_for() -> None:
    submit()
    document = Document.objects.earliest("pk")
    work.read(document_id=document.pk)
    before = DocumentReading.objects.get(document=document).read_at
    work.read(document_id=document.pk)
    assert DocumentReading.objects.get(document=document).read_at == before
    work.read(document_id=0)


def test_the_reader_gives_memory_back_after_each_photo() -> None:
    """Without it 350 MiB stay, and grow from photo to photo."""
    reader = child.Reader()
    try:
        reader.read(taken(0).jpeg)
        process = reader._process
        assert process
        assert resident(process.pid) <= 280
    finally:
        reader.close()


def resident(pid: int) -> int:
    """Return the memory of a process, in MiB."""
    return int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0]) // 1024


def test_one_that_takes_too_long_is_given_up_and_the_next_one_is_read(settings: Any) -> None:
    submit()
    first, second = Document.objects.order_by("pk")
    settings.READING_SECONDS = 0.01
    work.read(document_id=first.pk)
    settings.READING_SECONDS = 60
    work.read(document_id=second.pk)
    assert outcome(first) == ("failed", "late")
    assert outcome(second) == ("done", "")
    assert AuditLog.objects.filter(action="document.read", entry__contains='"reason":"late"').count() == 1


def test_a_reader_that_dies_fails_the_photo_only(monkeypatch: pytest.MonkeyPatch) -> None:
    submit()
    first, second = Document.objects.order_by("pk")
    monkeypatch.setattr(sys, "executable", "/bin/true")
    work.read(document_id=first.pk)
    monkeypatch.undo()
    work.read(document_id=second.pk)
    assert (outcome(first), outcome(second)) == (("failed", "crashed"), ("done", ""))


def test_a_photo_that_is_lost_is_a_failure() -> None:
    submit()
    document = Document.objects.earliest("pk")
    storages["documents"].delete(document.storage_key)
    work.read(document_id=document.pk)
    assert outcome(document) == ("failed", "lost")


def test_the_process_holds_none_of_our_keys() -> None:
    reader = child.Reader()
    process = reader._ready()
    inherited = Path(f"/proc/{process.pid}/environ").read_bytes()
    reader.close()
    assert b"SECRET_KEY" not in inherited
    assert b"JKN_" not in inherited


def test_with_reading_off_nothing_is_ordered(settings: Any) -> None:
    settings.READING = False
    submit()
    assert not DocumentReading.objects.exists()


def test_what_is_no_picture_says_so() -> None:
    given, answers = io.BytesIO((4).to_bytes(4, "big") + b"junk"), io.BytesIO()
    child.serve(given, answers)
    assert answers.getvalue() == b'{"failure": "no_picture"}\n'
