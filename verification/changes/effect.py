"""The moment at which a decided request takes effect."""

from datetime import datetime
from typing import Any

from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing
from participants import registry
from verification import notices
from verification.changes import step
from verification.models import PhoneChangeRequest
from verification.states import Role, Status, Verb


def take(request: PhoneChangeRequest, *, verb: Verb, role: Role, by: Actor, at: datetime, **columns: Any) -> None:
    """Move a locked request into `applied` and write its new number to the register, in the caller's transaction."""
    step.move(
        request, verb=verb, target=Status.APPLIED, role=role, by=by, at=at, applied_at=at, hold_until=None, **columns
    )
    if request.peserta_id is None:
        raise AssertionError("the table lets no request without a participant get here")
    registry.set_phone(peserta_id=request.peserta_id, phone=request.new_phone, by=by, cause=Thing.of(request), at=at)
    notices.applied(request=request, at=at)
