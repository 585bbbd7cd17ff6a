"""Photos whose time is over: the key goes, then the file; the row and its digest stay."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.utils import timezone
from procrastinate.contrib.django import app

from jknoffice.audit.models import AuditLog
from tests import cases
from tests.hands import run_worker
from verification.documents import shredding, vault
from verification.models import Document, DocumentReading, PhoneChangeRequest
from verification.states import Status

DAY = timedelta(days=1)
NOW = timezone.now()


def closed(days: int) -> PhoneChangeRequest:
    return cases.in_state(Status.REJECTED, at=NOW - days * DAY)


def files() -> set[str]:
    return set(storages["documents"].listdir("")[1])


@pytest.mark.django_db
def test_what_was_closed_long_ago_is_shredded_and_nothing_else() -> None:
    old, young, at_work = closed(91), closed(89), cases.queued(at=NOW - 300 * DAY)
    gone = list(old.documents.all())
    assert shredding.shred_due(at=NOW) == 2
    for document in gone:
        document.refresh_from_db()
        assert (bytes(document.wrapped_key), document.shredded_at) == (b"", NOW)
        assert document.storage_key not in files()
        with pytest.raises(vault.Shredded) as shredded:
            vault.jpeg_of(document)
        assert shredded.value.at == NOW
    for request in (young, at_work):
        assert [vault.jpeg_of(document)[:3] for document in request.documents.all()] == [b"\xff\xd8\xff"] * 2
    assert shredding.shred_due(at=NOW) == 0


@pytest.mark.django_db
def test_the_log_keeps_the_digest_of_each() -> None:
    digests = set(closed(91).documents.values_list("sha256", flat=True))
    shredding.shred_due(at=NOW)
    entries = AuditLog.objects.filter(action="document.shredded")
    assert {json.loads(entry.entry)["after"]["sha256"] for entry in entries} == digests


@pytest.mark.django_db
def test_how_long_photos_are_kept_is_a_setting(settings: Any) -> None:
    closed(11)
    assert shredding.due(NOW).count() == 0
    settings.PHOTO_LIFETIME = 10 * DAY
    assert shredding.due(NOW).count() == 2


@pytest.mark.django_db
def test_a_file_that_stayed_behind_is_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    document = closed(91).documents.earliest("pk")

    def delete(*_: object) -> None:
        raise OSError("network")

    with monkeypatch.context() as broken:
        broken.setattr(type(storages["documents"]), "delete", delete)
        with pytest.raises(OSError, match="network"):
            shredding.shred_due(at=NOW)
    document.refresh_from_db()
    assert document.shredded_at
    assert document.storage_key in files()
    vault.remove_orphans(at=timezone.now() + 2 * DAY)
    assert document.storage_key not in files()


@pytest.mark.django_db
def test_the_command_counts_first_and_shreds_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shredding, "BATCH", 1)
    closed(91)
    for dry_run, left in ((True, 2), (False, 0)):
        out = io.StringIO()
        call_command("shred_documents", dry_run=dry_run, format="json", stdout=out)
        assert json.loads(out.getvalue()) == {"dry_run": dry_run, "documents": 2}
        assert shredding.due(timezone.now()).count() == left
    out = io.StringIO()
    call_command("shred_documents", stdout=out)
    assert out.getvalue().split() == ["photos", "0", "gone"]


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_it_at_night_with_its_own_rights() -> None:
    for document in closed(91).documents.all():
        DocumentReading.objects.get_or_create(document=document)
    app.configure_task("verification.shred_documents").defer(timestamp=0)
    run_worker()
    assert Document.objects.filter(shredded_at__isnull=False).count() == 2
    assert not DocumentReading.objects.exists()
