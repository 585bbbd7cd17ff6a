"""Fingerprints of photos that were kept before fingerprints were taken, or whose job was lost."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from verification.likeness.queueing import look_when_idle
from verification.models import Document

BATCH = 500
"""Photos that one transaction orders, with one entry in the log."""


def without_fingerprint() -> QuerySet[Document]:
    """Return the photos that still exist, of requests that matched a participant, and have no fingerprint."""
    return Document.objects.filter(fingerprint=None, shredded_at=None).exclude(request__peserta=None)


def order(*, at: datetime, batch: int = BATCH) -> int:
    """Let the worker look for copies of all photos without a fingerprint, oldest first, when it has nothing else to do.

    To be called outside of a transaction; each batch is committed alone. Returns how many were ordered. What is ordered
    twice is looked at twice, and found once.
    """
    waiting, total, last = without_fingerprint().order_by("pk").values_list("pk", flat=True), 0, 0
    while numbers := list(waiting.filter(pk__gt=last)[:batch]):
        _order_batch(numbers, at)
        total, last = total + len(numbers), numbers[-1]
    return total


@transaction.atomic
def _order_batch(numbers: list[int], at: datetime) -> None:
    for number in numbers:
        look_when_idle(document_id=number)
    after = {"photos": len(numbers), "first": numbers[0], "last": numbers[-1]}
    record("document.match_ordered", by=Actor.system("fingerprint_documents"), after=after, at=at)
