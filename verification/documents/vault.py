"""Keeping photos: each encrypted under a key of its own, bound to its row, in a private storage."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.files.storage import storages
from django.db import transaction

from jknoffice.crypto import new_key, seal, unseal
from verification.documents import store, wrapping
from verification.documents.pictures import Picture
from verification.likeness.queueing import look_later
from verification.models import Document, PhoneChangeRequest
from verification.models.choices import DocumentKind

ORPHANS_KEPT = timedelta(hours=26)
"""Longer than an unsent request may be saved for later, with its photos."""


class Lost(Exception):
    """The file of a document is not in the storage."""


class Shredded(Lost):
    """The photo was deleted because its time was over; `at` says when."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        super().__init__("the photo was deleted")


def keep(*, request: PhoneChangeRequest, pictures: Mapping[DocumentKind, Picture], at: datetime) -> list[Document]:
    """Encrypt and store pictures of a request, queue the look for copies of them, and return their rows.

    Runs in the caller's transaction. When that is rolled back the files stay behind without a row and cannot be
    read by anybody; `remove_orphans()` deletes them. Raises `store.Away`.
    """
    return [_keep_one(request, kind, picture, at) for kind, picture in pictures.items()]


def _keep_one(request: PhoneChangeRequest, kind: DocumentKind, picture: Picture, at: datetime) -> Document:
    storage_key, data_key = secrets.token_hex(16), new_key()
    document = Document(
        request=request,
        kind=kind,
        storage_key=storage_key,
        wrapped_key=wrapping.wrap(data_key, storage_key=storage_key),
        key_id=wrapping.current_id(),
        sha256=picture.sha256,
        size=len(picture.jpeg),
        width=picture.width,
        height=picture.height,
        created_at=at,
    )
    sealed = seal(key=data_key, plaintext=picture.jpeg, bound_to=_place(document))
    store.put(storage_key, sealed)
    document.save()
    look_later(document_id=document.pk)
    return document


def jpeg_of(document: Document) -> bytes:
    """Return the clear JPEG bytes of a document. Whoever calls this checks and records who looks at it.

    Raises `Shredded` when its time is over, `Lost` when the file is gone, `store.Away` when the storage does not answer
    and `jknoffice.crypto.Unreadable` when the file was altered or exchanged.
    """
    if document.shredded_at:
        raise Shredded(document.shredded_at)
    data_key = wrapping.unwrap(document)
    try:
        sealed = store.get(document.storage_key)
    except FileNotFoundError as error:
        raise Lost(document.storage_key) from error
    return unseal(key=data_key, sealed=sealed, bound_to=_place(document))


def shred(*, request: PhoneChangeRequest) -> int:
    """Delete all photos of a request, keys at once and files after the commit; return how many."""
    keys = list(request.documents.values_list("storage_key", flat=True))
    request.documents.all().delete()
    # What the storage keeps for now is swept later.
    transaction.on_commit(lambda: delete_files(keys), robust=True)
    return len(keys)


def remove_orphans(*, at: datetime, older_than: timedelta = ORPHANS_KEPT) -> int:
    """Delete stored files older than `older_than` of which no row has the key; return how many."""
    storage = storages["documents"]
    if not storage.exists(""):
        return 0
    _folders, names = storage.listdir("")
    alive = Document.objects.filter(storage_key__in=names, shredded_at__isnull=True)
    known = set(alive.values_list("storage_key", flat=True))
    orphans = [name for name in names if name not in known and storage.get_modified_time(name) < at - older_than]
    delete_files(orphans)
    return len(orphans)


def delete_files(names: list[str]) -> None:
    """Delete what is stored under these names, if it is there; a file without its key is noise anyway."""
    store.delete(names)


def _place(document: Document) -> str:
    return f"{document.request_id}/{document.kind}/{document.storage_key}"
