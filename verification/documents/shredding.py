"""Deleting photos whose time is over: first the key, which makes the file noise, then the file. The row stays."""

from datetime import datetime

from django.conf import settings
from django.db import models, transaction

from jknoffice import clock
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from verification.documents import vault
from verification.models import Document, DocumentReading

BATCH = 200
"""Photos that one transaction shreds; each has its own entry in the log."""


def due(at: datetime) -> models.QuerySet[Document]:
    """Return the photos of cases that were closed more than `PHOTO_LIFETIME` before `at`."""
    return Document.objects.filter(shredded_at__isnull=True, request__closed_at__lt=at - settings.PHOTO_LIFETIME)


def shred_due(*, at: datetime | None = None) -> int:
    """Shred what is due, batch by batch; return how many. To be called outside of a transaction.

    The log keeps the digest of each, so that a copy that turns up later can be told to be one.
    """
    at, total = at or clock.now(), 0
    while gone := _shred_batch(at):
        total += gone
    return total


def _shred_batch(at: datetime) -> int:
    with transaction.atomic():
        rows = due(at).select_related("request__peserta").select_for_update(of=["self"], skip_locked=True)
        documents = list(rows.order_by("pk")[:BATCH])
        # What the machine read repeats the photo, and goes with it.
        DocumentReading.objects.filter(document__in=documents).delete()
        for document in documents:
            document.wrapped_key, document.shredded_at = b"", at
            document.save(update_fields=["wrapped_key", "shredded_at"])
            peserta = document.request.peserta
            record(
                "document.shredded",
                by=Actor.system("worker"),
                about=Thing.of(document.request),
                subject=peserta.uuid if peserta else None,
                after={"document": document.pk, "kind": document.kind, "sha256": document.sha256},
                at=at,
            )
    # Only now: a file without its key can still be removed later (`vault.remove_orphans()`), the reverse is a loss.
    vault.delete_files([document.storage_key for document in documents])
    return len(documents)
