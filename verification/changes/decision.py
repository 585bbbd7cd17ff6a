"""What an operator decides after comparing, and what a second person says to it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.refusal import Refusal
from verification import notices, signals
from verification.changes import effect, notes, people, step
from verification.models import PhoneChangeRequest
from verification.models.choices import Channel, DocumentKind, Fault, RejectReason
from verification.signals import Sign
from verification.states import NotAllowed, Role, Status, Verb

EVIDENCE = frozenset({DocumentKind.KTP, DocumentKind.CARD})


class EvidenceMissing(Refusal):
    """Nobody may approve without the photos."""

    code = "evidence_missing"
    sentence = _("A photo of the KTP or of the BPJS card is missing. Ask for it before you approve.")


class NotCompared(Refusal):
    """Nobody may approve without saying that they compared."""

    code = "not_compared"
    sentence = _("Confirm first that you compared photo, name and numbers with the register.")


def outcome(*, request: PhoneChangeRequest, signs: Iterable[Sign]) -> Status:
    """Return the state to which an approval of a case in review, or its second approval, leads.

    `signs` are those of the moment. A case that was escalated has had no approval yet.
    """
    is_first = request.status == Status.IN_REVIEW or request.reviewed_by_id is None
    if is_first and signals.needs_second(signs):
        return Status.SECOND_REVIEW
    return Status.APPLIED if request.channel == Channel.COUNTER else Status.ON_HOLD


@transaction.atomic
def approve(*, request: PhoneChangeRequest, by: User, compared: bool, at: datetime | None = None) -> PhoneChangeRequest:
    """Approve a case that `by` holds. Returns the case as it is now; its status says what follows.

    `compared` is the person's word that photo, name and numbers were compared with the register. A risky case goes to
    a second person, one that came in remotely is held, one from the counter is applied. Raises `NotCompared`,
    `EvidenceMissing`, `states.NotAllowed` and what `people` raises.
    """
    at = at or clock.now()
    row, role = _held(request, by)
    if row.status == Status.SECOND_REVIEW and row.reviewed_by_id:
        raise NotAllowed
    _settle(row, verb=Verb.APPROVE, role=role, by=by, at=at, compared=compared, reviewed_by=by, reviewed_at=at)
    return row


@transaction.atomic
def endorse(*, request: PhoneChangeRequest, by: User, compared: bool, at: datetime | None = None) -> PhoneChangeRequest:
    """Give the second approval to a case that `by` holds. Returns the case. Takes and raises what `approve()` does."""
    at = at or clock.now()
    row, role = _held(request, by)
    if row.reviewed_by_id is None:
        raise NotAllowed
    _settle(row, verb=Verb.ENDORSE, role=role, by=by, at=at, compared=compared, second_by=by, second_at=at)
    return row


@transaction.atomic
def send_back(*, request: PhoneChangeRequest, by: User, note: str = "", at: datetime | None = None) -> None:
    """Send a case to the queue again because the second opinion differs; it never returns to the first person.

    `note` is free text for the next operator, in the log personal. Raises what `approve()` raises.
    """
    at = at or clock.now()
    row, role = _held(request, by)
    pii = {"note": note} if note else None
    notes.keep(row, by=by, note=note, at=at)
    step.move(row, verb=Verb.SEND_BACK, target=Status.QUEUED, role=role, by=by.as_actor(), at=at, pii=pii)


@transaction.atomic
def reject(*, request: PhoneChangeRequest, by: User, reason: RejectReason, at: datetime | None = None) -> None:
    """Reject a case that `by` holds (a frozen one needs no claim). Raises what `approve()` raises."""
    at = at or clock.now()
    row, role = _held(request, by)
    step.move(
        row,
        verb=Verb.REJECT,
        target=Status.REJECTED,
        role=role,
        by=by.as_actor(),
        at=at,
        reason=reason,
        decision_reason=reason,
        **_signature(row, by, at),
    )
    notices.rejected(request=row, at=at)


@transaction.atomic
def ask(
    *, request: PhoneChangeRequest, by: User, document: DocumentKind, fault: Fault, at: datetime | None = None
) -> None:
    """Ask the participant for a better photo of `document`, because of `fault`. Raises what `approve()` raises."""
    at = at or clock.now()
    row, role = _held(request, by)
    step.move(
        row,
        verb=Verb.ASK,
        target=Status.NEEDS_INFO,
        role=role,
        by=by.as_actor(),
        at=at,
        reason=fault,
        detail={"document": document.value},
        asked_document=document,
        asked_fault=fault,
        asked_at=at,
    )
    notices.correction(request=row, at=at)


def _held(request: PhoneChangeRequest, by: User) -> tuple[PhoneChangeRequest, Role]:
    """Return the locked case and the role of `by`, who is apart from it and holds it (nobody holds a frozen one)."""
    row = step.locked(request)
    role = people.role_of(by, row)
    people.demand_apart(row, by)
    if row.status != Status.FROZEN:
        people.demand_claim(row, by)
    return row, role


def _signature(row: PhoneChangeRequest, by: User, at: datetime) -> dict[str, Any]:
    """Return the columns that name who decided: the first person's, or the second's when there was a first."""
    if row.reviewed_by_id and row.status in {Status.SECOND_REVIEW, Status.FROZEN}:
        return {"second_by": by, "second_at": at}
    return {"reviewed_by": by, "reviewed_at": at}


def _settle(
    row: PhoneChangeRequest, *, verb: Verb, role: Role, by: User, at: datetime, compared: bool, **columns: Any
) -> None:
    """Move an approved case to where its channel and the signs of this moment lead, and keep these signs with it."""
    if not compared:
        raise NotCompared
    if not set(row.documents.values_list("kind", flat=True)) >= EVIDENCE:
        raise EvidenceMissing
    signs = signals.look(request=row, at=at)
    target = outcome(request=row, signs=signs)
    columns |= {"signals": signals.stored(signs)}
    how: dict[str, Any] = {"verb": verb, "role": role, "by": by.as_actor(), "at": at, **columns}
    detail = {"signals": [sign.code for sign in signs]}
    if target is Status.SECOND_REVIEW:
        step.move(row, target=target, detail=detail, **how)
    elif target is Status.APPLIED:
        effect.take(row, detail=detail, **how)
    else:
        phone = effect.present_phone(row)
        effect.hold(row, detail=detail, old_phone=phone, **how)
        notices.held(request=row, at=at)
