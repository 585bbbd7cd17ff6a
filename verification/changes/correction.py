"""A better photo, sent again."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from jknoffice import clock
from verification.annotation import work
from verification.changes import people, step
from verification.documents import vault
from verification.documents.pictures import Picture
from verification.models import PhoneChangeRequest
from verification.models.choices import DocumentKind
from verification.states import Role, Status, Verb


@transaction.atomic
def resend(
    *, request: PhoneChangeRequest, pictures: Mapping[DocumentKind, Picture], at: datetime | None = None
) -> None:
    """Add the photos that were asked for and put the case back into the queue, at its old place.

    Raises `states.NotAllowed` when no photo is asked for, and `store.Away`.
    """
    at = at or clock.now()
    row = step.locked(request)
    documents = vault.keep(request=row, pictures=pictures, at=at) if row.status == Status.NEEDS_INFO else []
    work.order(documents)
    step.move(
        row,
        verb=Verb.RESEND,
        target=Status.QUEUED,
        role=Role.PARTICIPANT,
        by=people.participant(row),
        at=at,
        detail={"documents": {document.kind: document.sha256 for document in documents}},
        asked_document="",
        asked_fault="",
        asked_at=None,
    )
