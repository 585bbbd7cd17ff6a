"""A person says what really stands in a field: shown beside the reading, and kept to measure the machine."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal
from verification.annotation.sealing import sealed_value
from verification.changes import step
from verification.models import DocumentReading, PhoneChangeRequest, ReadingCorrection
from verification.models.choices import DocumentKind
from verification.models.reading import ReadingStatus
from verification.reading.result import FieldName


class NoReading(Refusal):
    """Nothing was read on the newest photo of this kind."""

    code = "no_reading"
    sentence = _("Nothing was read on this photo, so there is nothing to correct.")


class NotHeld(Refusal):
    """Only who holds the case sees the photo and the reading."""

    code = "not_claimed"
    sentence = _("Claim the case first: only who works on it corrects a reading.")


@transaction.atomic
def correct(
    *,
    request: PhoneChangeRequest,
    kind: DocumentKind,
    field: FieldName,
    value: str,
    by: User,
    at: datetime | None = None,
) -> ReadingCorrection:
    """Keep what `by`, who holds the case, sees in a field of the newest photo of a kind; nothing is decided by it.

    `value` has at most 120 characters. Raises `NotHeld` and `NoReading`.
    """
    at = at or clock.now()
    row = step.locked(request)
    if row.claimed_by_id != by.pk:
        raise NotHeld
    newest = row.documents.filter(kind=kind).order_by("-created_at", "-pk").first()
    reading = DocumentReading.objects.filter(document=newest, status=ReadingStatus.DONE).first() if newest else None
    if reading is None:
        raise NoReading
    sealed = sealed_value(value, document_id=reading.document_id, field=field)
    correction = reading.corrections.create(field=field, value=sealed, corrected_by=by, corrected_at=at)
    record(
        "document.reading_corrected",
        by=by.as_actor(),
        about=Thing.of(row),
        subject=row.peserta.uuid if row.peserta else None,
        after={"document": reading.document_id, "kind": kind, "read_field": field},
        pii={"corrected": value},
        at=at,
    )
    return correction
