"""The key that wraps the photos' own keys, and its exchange for another one.

To exchange it, set `JKN_DOCUMENT_KEY` to the new key and `JKN_DOCUMENT_KEY_OLD` to the one before (`JKN_DATA_KEY`,
where there was none), start everything again, and call `rotate()`. Photos themselves are not touched.
"""

from collections.abc import Collection

from django.db import models, transaction

from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from jknoffice.crypto import Purpose, Unreadable, key_for, key_id, keys_for, seal, unseal
from verification.models import Document

BATCH = 1_000
"""Rows that one transaction wraps anew."""


def current_id() -> str:
    """Return the name of the key that wraps new photos."""
    return key_id(key_for(Purpose.DOCUMENT))


def wrap(data_key: bytes, *, storage_key: str) -> bytes:
    """Return a photo's own key as its row keeps it, bound to where the photo lies."""
    return seal(key=key_for(Purpose.DOCUMENT), plaintext=data_key, bound_to=storage_key)


def unwrap(document: Document) -> bytes:
    """Return a photo's own key. Raises `Unreadable` when it is wrapped by a key that is not set here."""
    wrapped = bytes(document.wrapped_key)
    for key in keys_for(Purpose.DOCUMENT):
        if document.key_id in {"", key_id(key)}:
            try:
                return unseal(key=key, sealed=wrapped, bound_to=document.storage_key)
            except Unreadable:
                continue
    raise Unreadable(f"the key of document {document.pk} cannot be opened")


def waiting() -> int:
    """Return how many photos are wrapped by another key than the present one."""
    return _others(()).count()


def rotate(*, by: Actor) -> tuple[int, int]:
    """Wrap all keys by the present one, in batches; return how many were, and how many no key here opens.

    What is interrupted goes on the next time. Each batch has its entry in the log. To be called outside a transaction.
    """
    done, failed = 0, list[int]()
    while batch := _rotate_batch(by, failed):
        done += batch
    return done, len(failed)


def _rotate_batch(by: Actor, failed: list[int]) -> int:
    """Wrap a batch anew and add to `failed` what cannot be opened; return how many were, 0 at the end."""
    done = 0
    while not done:
        with transaction.atomic():
            documents = list(_others(failed).select_for_update(skip_locked=True).order_by("pk")[:BATCH])
            if not documents:
                return 0
            for document in documents:
                try:
                    document.wrapped_key = wrap(unwrap(document), storage_key=document.storage_key)
                except Unreadable:
                    failed.append(document.pk)
                    continue
                document.key_id = current_id()
                document.save(update_fields=["wrapped_key", "key_id"])
                done += 1
            if done:
                span = {"first": documents[0].pk, "last": documents[-1].pk}
                record("document.keys_rotated", by=by, after={"key_id": current_id(), "documents": done, **span})
    return done


def _others(passed_over: Collection[int]) -> models.QuerySet[Document]:
    return Document.objects.filter(shredded_at__isnull=True).exclude(key_id=current_id()).exclude(pk__in=passed_over)
