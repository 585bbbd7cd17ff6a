"""The participant beside the photos: the register's data in the order of the KTP and the card."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants import identifiers, phone
from participants.models import Peserta

HIDDEN = "••••"
RELATIVES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value under its label; `is_number` sets its digits in one width, `oddities` say what does not fit."""

    label: str | Promise
    value: str
    is_number: bool = False
    oddities: Sequence[str | Promise] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Somebody on the same family card, masked; `has_new_number` when the number asked for is theirs already."""

    name: str
    relation: str
    phone: str
    has_new_number: bool


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


def family(peserta: Peserta, *, new_phone: str) -> list[Relative]:
    """Return the others on the participant's family card, by age."""
    if not peserta.kk_number:
        return []
    others = Peserta.objects.filter(kk_number=peserta.kk_number).exclude(pk=peserta.pk).order_by("birth_date")
    return [
        Relative(
            name=masked_name(other.name),
            relation=other.get_relation_display(),
            phone=phone.mask(other.phone or ""),
            has_new_number=other.phone == new_phone,
        )
        for other in others[:RELATIVES]
    ]


def masked_name(name: str) -> str:
    """Return the first letter of each word of a name."""
    return re.sub(r"\B\w", "•", name)
