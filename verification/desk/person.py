"""The participant beside the photos: the register's data in the order of the KTP and the card."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants import identifiers
from participants.models import Peserta
from participants.person import masked_name

HIDDEN = "••••"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value under its label; `is_number` sets its digits in one width, `oddities` say what does not fit."""

    label: str | Promise
    value: str
    is_number: bool = False
    oddities: Sequence[str | Promise] = ()


def facts(peserta: Peserta, *, clear: bool) -> list[Fact]:
    """Return what is to be compared with the photos, in full or masked."""
    number = identifiers.show if clear else identifiers.mask
    born = f"{peserta.birth_place}, {date_format(peserta.birth_date, 'j F Y')}".removeprefix(", ")
    odd = identifiers.oddities(nik=peserta.nik, birth_date=peserta.birth_date, sex=peserta.sex)
    return [
        Fact(label=_("NIK"), value=number(peserta.nik), is_number=True, oddities=odd),
        Fact(label=_("Name"), value=peserta.name if clear else masked_name(peserta.name)),
        Fact(label=_("Born"), value=born if clear else HIDDEN),
        Fact(label=_("Sex"), value=peserta.get_sex_display()),
        Fact(label=_("Card number"), value=number(peserta.card_number), is_number=True),
        Fact(label=_("Primary care facility"), value=(peserta.facility if clear else HIDDEN) or "–"),
        Fact(label=_("Membership"), value=f"{peserta.get_status_display()} · {peserta.get_segment_display()}"),
    ]
