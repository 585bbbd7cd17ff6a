"""Work of the worker once a photo is kept: its fingerprint, and whether another participant's photo is the same.

What is found is a signal for people (`same_photo`), never a block.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from PIL import Image

from jknoffice import clock
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from jknoffice.crypto import Unreadable
from verification.documents import vault
from verification.likeness import candidates
from verification.likeness.comparing import SAME, likeness
from verification.likeness.fingerprint import Print, bands, glimpsed, opened, signed, take
from verification.models import Document, DocumentLikeness, Fingerprint, PhoneChangeRequest

_BY: Final = Actor.system("likeness")


def match(*, document_id: int, others: Iterable[int] = (), at: datetime | None = None) -> list[DocumentLikeness]:
    """Keep the fingerprint of a document, look for copies among the photos of other participants, and return those.

    `others` are documents that get a second look for another reason, such as the same card number read on them; they
    are all that a drawn screen is compared with. A document that is gone, or of a request that matched nobody, is left
    alone. To be called outside of a transaction: pictures are compared without holding locks. May be called again; what
    was found is not found twice.
    """
    document = Document.objects.select_related("request").filter(pk=document_id).first()
    if document is None or document.request.peserta_id is None:
        return []
    peserta_id, at = document.request.peserta_id, at or clock.now()
    image = _picture(document)
    if image is None:
        return []
    known_by = take(image)
    _keep(document, known_by, at)  # committed before looking, so that of two at once the later one finds the other
    alike = dict.fromkeys(candidates.same_pixels(known_by=known_by, not_of=peserta_id), 1.0)
    asked = {*others} - alike.keys()
    strangers = Document.objects.filter(pk__in=asked).exclude(request__peserta=peserta_id)
    named = strangers.exclude(request__peserta=None).values_list("pk", flat=True)
    for number in {*candidates.near(known_by=known_by, not_of=peserta_id), *named}:
        alike[number] = _second_look(image, number)
    return _found(document, {number: share for number, share in alike.items() if share >= SAME}, at)


def match_by_numbers(*, document_id: int, at: datetime | None = None) -> list[DocumentLikeness]:
    """Do the same as `match()` with the documents of others on which the machine read the same NIK or card number.

    So crops and screenshots are found whose fingerprints lie far apart. Without such documents nothing is done.
    """
    peserta_id = Document.objects.filter(pk=document_id).values_list("request__peserta", flat=True).first()
    others = candidates.same_numbers(document_id=document_id, not_of=peserta_id) if peserta_id else []
    return match(document_id=document_id, others=others, at=at) if others else []


def _picture(document: Document, decoded: Callable[[bytes], Image.Image] = opened) -> Image.Image | None:
    try:
        return decoded(vault.jpeg_of(document))
    except (vault.Lost, Unreadable):
        return None  # the desk shows and logs it as soon as somebody looks


def _second_look(image: Image.Image, number: int) -> float:
    other = Document.objects.filter(pk=number).first()
    picture = _picture(other, glimpsed) if other else None
    return likeness(image, picture) if picture else 0.0


def _keep(document: Document, known_by: Print, at: datetime) -> None:
    hashed = known_by.turns[0] if known_by.turns else None
    pieces = bands(hashed) if hashed is not None else [None] * 4
    Fingerprint.objects.update_or_create(
        document=document,
        defaults={
            "digest": known_by.digest,
            "bits": signed(hashed) if hashed is not None else None,
            **{f"band_{place}": piece for place, piece in enumerate(pieces, 1)},
            "taken_at": at,
        },
    )


@transaction.atomic
def _found(document: Document, alike: dict[int, float], at: datetime) -> list[DocumentLikeness]:
    """Keep pairs that are new, with an entry in the log of either case; return them."""
    kept = []
    for other in Document.objects.filter(pk__in=alike).select_related("request__peserta"):
        earlier, later = sorted((document, other), key=lambda one: one.pk)
        pair, is_new = DocumentLikeness.objects.get_or_create(
            earlier=earlier, later=later, defaults={"alike": int(100 * alike[other.pk]), "found_at": at}
        )
        if is_new:
            kept.append(pair)
            for one, copy in ((document, other), (other, document)):
                _note(one.request, photo=one, copy=copy, alike=pair.alike)
    return kept


def _note(case: PhoneChangeRequest, *, photo: Document, copy: Document, alike: int) -> None:
    record(
        "document.matched",
        by=_BY,
        about=Thing.of(case),
        subject=case.peserta.uuid if case.peserta else None,
        after={"document": photo.pk, "other": copy.pk, "alike": alike},
    )
