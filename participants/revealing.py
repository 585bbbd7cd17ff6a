"""The personal values of somebody in the register: masked, until one of them is revealed for a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing
from jknoffice.audit.reveals import record_reveal
from participants import email, identifiers, phone
from participants.models import Peserta
from participants.person import Relative, Why, shown_uuids

HIDDEN = "••••"


class Field(models.TextChoices):
    """What is masked, in the order of the page."""

    NIK = "nik", _("NIK")
    CARD_NUMBER = "card_number", _("Card number")
    KK_NUMBER = "kk_number", _("Family card number (KK)")
    BORN = "birth_date", _("Born")
    PHONE = "phone", _("Mobile number")
    EMAIL = "email", _("E-mail")


COPIED = frozenset({Field.NIK, Field.CARD_NUMBER, Field.KK_NUMBER, Field.PHONE})
"""What the page lets people copy, once they see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value as the page shows it: `text` is masked unless `is_open`, and empty where the register has none."""

    field: Field
    text: str
    is_open: bool

    @property
    def may_copy(self) -> bool:
        """Whether a button copies it."""
        return self.is_open and self.field in COPIED


def facts(peserta: Peserta, *, opened: Field | None = None) -> list[Fact]:
    """Return the personal values of somebody, all masked but the one that has been revealed."""
    return [
        Fact(
            field=field,
            text=_open(peserta, field) if field is opened else _masked(peserta, field),
            is_open=opened is field,
        )
        for field in Field
    ]


def reveal(
    *, peserta: Peserta, field: Field, why: Why, relatives: Sequence[Relative], by: User, at: datetime | None = None
) -> int:
    """Record that somebody is about to see one value in full, and `relatives` masked; return the reveals of the hour.

    Raises `TooManyReveals`, which has been recorded. To be called before showing, outside a transaction.
    """
    return record_reveal(
        "peserta.revealed",
        by=by.as_actor(),
        refused="peserta.reveal_refused",
        about=Thing.of(peserta),
        subject=peserta.uuid,
        after={"field": field.value, **shown_uuids(relatives)},
        reason=why.value,
        at=at,
    )


def _open(peserta: Peserta, field: Field) -> str:
    match field:
        case Field.BORN:
            return f"{peserta.birth_place}, {date_format(peserta.birth_date, 'j F Y')}".removeprefix(", ")
        case Field.PHONE:
            return phone.show(peserta.phone or "")
        case Field.EMAIL:
            return peserta.email
        case _:
            return identifiers.show(getattr(peserta, field))


def _masked(peserta: Peserta, field: Field) -> str:
    match field:
        case Field.BORN:
            return HIDDEN
        case Field.PHONE:
            return phone.mask(peserta.phone or "")
        case Field.EMAIL:
            return email.mask(peserta.email)
        case _:
            return identifiers.mask(getattr(peserta, field))
