"""What the review page shows of the readings of a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.models import Peserta
from verification.annotation.comparing import Compared, Verdict, compare
from verification.annotation.sealing import opened_reading, opened_value
from verification.models import Document, DocumentReading
from verification.models.choices import Fault as AskedFault
from verification.models.reading import ReadingStatus
from verification.reading.result import Box, Fault, FieldName

VERDICTS: Mapping[Verdict, Promise] = {
    Verdict.MATCH: _("same"),
    Verdict.DIFFERS: _("differs"),
    Verdict.SIMILAR: _("similar"),
    Verdict.UNSURE: _("not sure"),
    Verdict.NOT_READ: _("not read"),
}
FAULTS: Mapping[Fault, Promise] = {
    Fault.BLURRED: _("The photo is blurred"),
    Fault.GLARE: _("Light reflects on the card"),
    Fault.DARK: _("The photo is too dark"),
    Fault.CROPPED: _("A part of the card is cut off"),
    Fault.SMALL: _("The writing is too small"),
    Fault.SCREEN: _("This is a photo of a screen"),
    Fault.SCREENSHOT: _("This is a screenshot"),
    Fault.OTHER_DOCUMENT: _("This is not the document asked for"),
}
ASKED: Mapping[Fault, AskedFault] = {
    Fault.OTHER_DOCUMENT: AskedFault.WRONG_DOCUMENT,
    Fault.SCREENSHOT: AskedFault.WRONG_DOCUMENT,
    Fault.SCREEN: AskedFault.SCREEN,
    Fault.DARK: AskedFault.DARK,
    Fault.CROPPED: AskedFault.CROPPED,
    Fault.BLURRED: AskedFault.BLURRED,
    Fault.SMALL: AskedFault.BLURRED,
    Fault.GLARE: AskedFault.GLARE,
}
"""What to ask a better photo for, the weightiest first."""
FIELDS: Mapping[FieldName, Promise] = {
    FieldName.NIK: _("NIK"),
    FieldName.CARD_NUMBER: _("Card number"),
    FieldName.NAME: _("Name"),
    FieldName.BIRTH_PLACE: _("Place of birth"),
    FieldName.BIRTH_DATE: _("Date of birth"),
    FieldName.SEX: _("Sex"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What the machine says of one photo.

    `compared` has a verdict by field, `boxes` where each was read as "left,top,right,bottom" in parts of the photo,
    `corrected` what a person saw instead. `asked` is the fault that a better photo would be asked for with.
    """

    status: ReadingStatus
    faults: tuple[Promise, ...] = ()
    asked: AskedFault | None = None
    compared: Mapping[FieldName, Compared] = field(default_factory=dict)
    boxes: Mapping[FieldName, str] = field(default_factory=dict)
    corrected: Mapping[str, str] = field(default_factory=dict)


def annotation(document: Document | None, peserta: Peserta) -> Annotation | None:
    """Return what the machine says of a photo, None where none is to be read."""
    row = DocumentReading.objects.filter(document=document).first() if document else None
    if row is None:
        return None
    status = ReadingStatus(row.status)
    if status is not ReadingStatus.DONE:
        return Annotation(status=status)
    reading = opened_reading(row.content or {}, document_id=row.document_id)
    newest_last = row.corrections.order_by("corrected_at", "pk")
    return Annotation(
        status=status,
        faults=tuple(FAULTS[fault] for fault in FAULTS if fault in reading.faults),
        asked=next((asked for fault, asked in ASKED.items() if fault in reading.faults), None),
        compared=compare(reading, registered(peserta)),
        boxes={name: _written(each.box) for name, each in reading.fields.items()},
        corrected={
            name: opened_value(value, document_id=row.document_id, field=name)
            for name, value in newest_last.values_list("field", "value")
        },
    )


def registered(peserta: Peserta) -> dict[FieldName, str]:
    """Return what the register says, as a reading writes it."""
    return {
        FieldName.NIK: peserta.nik,
        FieldName.CARD_NUMBER: peserta.card_number,
        FieldName.NAME: peserta.name.upper(),
        FieldName.BIRTH_PLACE: peserta.birth_place.upper(),
        FieldName.BIRTH_DATE: peserta.birth_date.isoformat(),
        FieldName.SEX: peserta.sex,
    }


def _written(box: Box) -> str:
    return f"{box.left},{box.top},{box.right},{box.bottom}"
