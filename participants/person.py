"""One person on the screen: masked (`revealing.py` opens one value for a reason)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models import User
from jknoffice.audit.actor import Kind
from jknoffice.audit.entry import Plain
from jknoffice.audit.log import Thing, record_alone
from jknoffice.audit.models import AuditLog
from jknoffice.audit.pages import page_of
from jknoffice.audit.trail import Step, step_of
from participants import phone
from participants.models import Peserta

RELATIVES = 20


class Why(models.TextChoices):
    """Why staff open personal data."""

    AT_THE_COUNTER = "at_the_counter", _("The participant stands at the counter")
    ON_THE_LINE = "on_the_line", _("The participant calls or writes")
    COMPARE = "compare_documents", _("Compare with KTP, card or family card")
    CORRECTION = "correct_register", _("Correct the register")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Somebody on the same family card; `name` and `phone` are masked."""

    peserta: Peserta
    name: str
    phone: str


def record_view(*, peserta: Peserta, relatives: Sequence[Relative], by: User) -> None:
    """Record that somebody looks at a person and at relatives, all masked; called before, outside a transaction."""
    record_alone(
        "peserta.viewed",
        by=by.as_actor(),
        about=Thing.of(peserta),
        subject=peserta.uuid,
        after=shown_uuids(relatives),
    )


def shown_uuids(relatives: Sequence[Relative]) -> dict[str, Plain]:
    """Return what an entry says of relatives who are shown beside somebody: nothing where there are none."""
    return {"shown": sorted(str(relative.peserta.uuid) for relative in relatives)} if relatives else {}


def record_copy(*, peserta: Peserta, field: str, by: User) -> None:
    """Record that somebody copies a value, of those in `revealing.COPIED`; called before, outside a transaction."""
    record_alone(
        "peserta.value_copied",
        by=by.as_actor(),
        about=Thing.of(peserta),
        subject=peserta.uuid,
        after={"field": field},
    )


def family(peserta: Peserta) -> list[Relative]:
    """Return the others on the person's family card, masked, the eldest first; at most 20."""
    if not peserta.kk_number:
        return []
    others = Peserta.objects.filter(kk_number=peserta.kk_number).exclude(pk=peserta.pk).order_by("birth_date", "pk")
    return [
        Relative(peserta=other, name=masked_name(other.name), phone=phone.mask(other.phone or ""))
        for other in others[:RELATIVES]
    ]


def number_history(*, peserta: Peserta, reader: User) -> list[Step]:
    """Return when, by whom and by what the person's number was changed, newest first, as the audit log has it.

    Of an entry that the reader may not read in the log (`jknoffice/audit/scope.py`) the moment and the branch remain.
    """
    entries = page_of(AuditLog.objects.filter(subject=peserta.uuid, action="peserta.phone_changed")).entries
    readable = AuditLog.objects.for_user(reader).filter(pk__in=[entry.pk for entry in entries])
    in_full = set(readable.values_list("pk", flat=True))
    return [step_of(entry) if entry.pk in in_full else _outline(entry) for entry in entries]


def _outline(entry: AuditLog) -> Step:
    step = step_of(entry)
    who = gettext("staff") if entry.kind == Kind.STAFF else step.who
    return replace(step, who=who, thing="", reason="", changes=(), hidden=())


def masked_name(name: str) -> str:
    """Return the first letter of each word of a name."""
    return re.sub(r"\B\w", "•", name)
