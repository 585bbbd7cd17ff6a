"""The participant beside the photos: the register's data in the order in which the KTP and the card show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants import identifiers
from participants.models import Peserta
from participants.person import masked_name
from verification.annotation.shown import Annotation
from verification.desk.numbers import Piece, differing
from verification.desk.reads import Read, reads_of
from verification.models.choices import DocumentKind
from verification.reading.result import FieldName

HIDDEN = "••••"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value of the register under its label; `is_number` sets its digits in one width.

    `field` is what the log calls it when it is copied; empty for what nobody has to copy.
    `typed` is what the participant typed instead, with the differing digits marked; empty where it is the same.
    `reads` is what the machine read on the photo of this side.
    """

    label: str | Promise
    value: str | Promise
    is_number: bool = False
    field: str = ""
    typed: tuple[Piece, ...] = ()
    reads: tuple[Read, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one document shows, from its top to its bottom, and what the machine says of its photo."""

    title: str | Promise
    kind: DocumentKind
    facts: tuple[Fact, ...]
    annotation: Annotation | None = None


def sides(
    peserta: Peserta,
    *,
    typed_birth: date,
    clear: bool,
    annotations: Mapping[DocumentKind, Annotation | None],
) -> tuple[Side, Side]:
    """Return what is to be compared with the KTP and with the card, in full or masked.

    `typed_birth` is the date of birth that stands in the request; what the machine read stands there in full only.
    """
    on_ktp, on_card = (annotations.get(kind) for kind in (DocumentKind.KTP, DocumentKind.CARD))
    ktp_reads, card_reads = (reads_of(each if clear else None, peserta) for each in (on_ktp, on_card))
    number = identifiers.show if clear else identifiers.mask
    name = peserta.name if clear else masked_name(peserta.name)
    day = date_format(peserta.birth_date, "j F Y") if clear else HIDDEN
    born = f"{peserta.birth_place}, {day}".removeprefix(", ") if clear else HIDDEN
    typed = _typed(typed_birth, peserta.birth_date) if clear else ()
    ktp = (
        Fact(label=_("NIK"), value=number(peserta.nik), is_number=True, field="nik", reads=ktp_reads(FieldName.NIK)),
        Fact(label=_("Name"), value=name, reads=ktp_reads(FieldName.NAME)),
        Fact(
            label=_("Born"),
            value=born,
            typed=typed,
            reads=ktp_reads(FieldName.BIRTH_PLACE, FieldName.BIRTH_DATE),
        ),
        Fact(label=_("Sex"), value=peserta.get_sex_display(), reads=ktp_reads(FieldName.SEX)),
        Fact(label=_("Address"), value=_("not in the register")),
    )
    card = (
        Fact(
            label=_("Card number"),
            value=number(peserta.card_number),
            is_number=True,
            field="card_number",
            reads=card_reads(FieldName.CARD_NUMBER),
        ),
        Fact(label=_("Name"), value=name, reads=card_reads(FieldName.NAME)),
        Fact(label=_("Date of birth"), value=day, reads=card_reads(FieldName.BIRTH_DATE)),
        Fact(label=_("NIK"), value=number(peserta.nik), is_number=True, reads=card_reads(FieldName.NIK)),
        Fact(label=_("Primary care facility"), value=(peserta.facility if clear else HIDDEN) or "–"),
        Fact(label=_("Membership"), value=f"{peserta.get_status_display()} · {peserta.get_segment_display()}"),
    )
    return (
        Side(title=_("As the KTP shows it"), kind=DocumentKind.KTP, facts=ktp, annotation=on_ktp),
        Side(title=_("As the card shows it"), kind=DocumentKind.CARD, facts=card, annotation=on_card),
    )


def _typed(typed: date, registered: date) -> tuple[Piece, ...]:
    if typed == registered:
        return ()
    return tuple(differing(f"{typed:%d-%m-%Y}", f"{registered:%d-%m-%Y}"))
