"""What all steps have in common: lock the row, move it by the table, record it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jknoffice.audit.actor import Actor
from jknoffice.audit.entry import Plain
from jknoffice.audit.log import Thing, record
from verification import states
from verification.models import PhoneChangeRequest
from verification.states import EVENTS, OPEN, Role, Status, Verb


def locked(request: PhoneChangeRequest) -> PhoneChangeRequest:
    """Return the row as it is now, locked until the transaction ends. What the caller holds may be stale."""
    # Not joined with other tables: whoever waits for the lock gets the newest row, but joined to what was there before.
    return PhoneChangeRequest.objects.select_for_update().get(pk=request.pk)


def move(
    request: PhoneChangeRequest,
    *,
    verb: Verb,
    target: Status,
    role: Role,
    by: Actor,
    at: datetime,
    reason: str = "",
    detail: Mapping[str, Plain] | None = None,
    pii: Mapping[str, str] | None = None,
    **columns: Any,
) -> None:
    """Move a locked request to `target`, setting `columns` with it, and record the step.

    `reason` is a code, `detail` adds facts that are not personal, `pii` personal ones. Raises `states.NotAllowed`.
    """
    source = Status(request.status)
    states.check(verb=verb, source=source, target=target, role=role)
    if verb is not Verb.CLAIM:
        columns = {"claimed_by": None, "claimed_at": None, **columns}
    columns = {"snoozed_until": None, **columns}
    for column, value in columns.items():
        setattr(request, column, value)
    request.status = target
    request.version += 1
    request.closed_at = None if target in OPEN else at
    request.save(update_fields=["status", "version", "closed_at", *columns])
    note(
        request,
        EVENTS[verb],
        by=by,
        at=at,
        before={"status": source.value},
        after={"status": target.value, **(detail or {})},
        reason=reason,
        pii=pii,
    )


def touch(request: PhoneChangeRequest, *, at: datetime) -> None:
    """Let the time of a locked request's claim begin anew: whoever holds it is at work."""
    request.claimed_at = at
    request.save(update_fields=["claimed_at"])


def note(
    request: PhoneChangeRequest,
    event: str,
    *,
    by: Actor,
    at: datetime,
    before: Mapping[str, Plain] | None = None,
    after: Mapping[str, Plain] | None = None,
    reason: str = "",
    pii: Mapping[str, str] | None = None,
    counts: bool = True,
) -> None:
    """Record what happened to a request, under its present version unless that does not count it."""
    record(
        event,
        by=by,
        about=Thing.of(request),
        version=request.version if counts else None,
        subject=request.peserta.uuid if request.peserta else None,
        before=before,
        after=after,
        reason=reason,
        pii=pii,
        at=at,
    )
