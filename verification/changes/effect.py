"""The moment at which a decided request takes effect."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from jknoffice.audit.actor import Actor
from jknoffice.audit.entry import Plain
from jknoffice.audit.log import Thing
from participants import registry
from verification import notices
from verification.changes import step
from verification.models import PhoneChangeRequest
from verification.states import Role, Status, Verb


def take(
    request: PhoneChangeRequest,
    *,
    verb: Verb,
    role: Role,
    by: Actor,
    at: datetime,
    detail: Mapping[str, Plain] | None = None,
    **columns: Any,
) -> None:
    """Move a locked request into `applied` and write its new number to the register, in the caller's transaction.

    `detail` goes into the log, `columns` into the row. `old_phone` becomes the number that is replaced now, which may
    be another one than when the request came in.
    """
    columns |= {"applied_at": at, "hold_until": None, "old_phone": present_phone(request)}
    step.move(request, verb=verb, target=Status.APPLIED, role=role, by=by, at=at, detail=detail, **columns)
    if request.peserta_id is None:
        raise AssertionError("the table lets no request without a participant get here")
    registry.set_phone(peserta_id=request.peserta_id, phone=request.new_phone, by=by, cause=Thing.of(request), at=at)
    notices.applied(request=request, at=at)


def hold(
    request: PhoneChangeRequest,
    *,
    verb: Verb,
    role: Role,
    by: Actor,
    at: datetime,
    detail: Mapping[str, Plain] | None = None,
    **columns: Any,
) -> None:
    """Move a locked request into `on_hold`: its new number takes effect when the hold is over, not before."""
    until = at + settings.HOLD
    step.move(
        request,
        verb=verb,
        target=Status.ON_HOLD,
        role=role,
        by=by,
        at=at,
        detail={**(detail or {}), "hold_until": until.isoformat()},
        hold_until=until,
        **columns,
    )


def present_phone(request: PhoneChangeRequest) -> str:
    """Return the number that is registered now, "" for none, and keep others from changing it meanwhile."""
    return (registry.locked(peserta_id=request.peserta_id).phone or "") if request.peserta_id else ""
