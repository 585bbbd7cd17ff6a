"""Writes to the register that are not imports."""

from datetime import datetime

from django.db import transaction

from jknoffice import clock
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from participants.models import Peserta


def locked(*, peserta_id: int) -> Peserta:
    """Return a participant as they are now, whom nobody else changes until the caller's transaction ends.

    For those who decide by what the register says. Raises `Peserta.DoesNotExist`.
    """
    return Peserta.objects.select_for_update(of=("self",)).get(pk=peserta_id)


@transaction.atomic
def set_phone(*, peserta_id: int, phone: str | None, by: Actor, cause: Thing, at: datetime | None = None) -> None:
    """Replace a participant's registered number.

    `phone` is E.164, or None to register no number; `cause` is what led to it (a decided request). The row is locked,
    so that of two changes one waits for the other. Raises `Peserta.DoesNotExist`.
    """
    at = at or clock.now()
    peserta = locked(peserta_id=peserta_id)
    old = peserta.phone
    peserta.phone, peserta.phone_changed_at = phone, at
    peserta.save(update_fields=["phone", "phone_changed_at", "updated_at"])
    record(
        "peserta.phone_changed",
        by=by,
        about=Thing.of(peserta),
        subject=peserta.uuid,
        after={"cause": f"{cause.type}/{cause.id}"},
        pii={"old_phone": old or "", "new_phone": phone or ""},
        at=at,
    )


@transaction.atomic
def set_email(*, peserta_id: int, email: str, by: Actor, cause: Thing, at: datetime | None = None) -> None:
    """Replace a participant's registered e-mail address; takes and raises what `set_phone()` does."""
    at = at or clock.now()
    peserta = locked(peserta_id=peserta_id)
    old = peserta.email
    peserta.email, peserta.email_changed_at = email, at
    peserta.save(update_fields=["email", "email_changed_at", "updated_at"])
    record(
        "peserta.email_changed",
        by=by,
        about=Thing.of(peserta),
        subject=peserta.uuid,
        after={"cause": f"{cause.type}/{cause.id}"},
        pii={"old_email": old, "new_email": email},
        at=at,
    )
