"""What an operator decides after comparing, and what a second person says to it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.models import User
from jknoffice.refusal import Refusal
from verification import notices, risk
from verification.changes import effect, people, step
from verification.models import PhoneChangeRequest
from verification.models.choices import Channel, DocumentKind, Fault, RejectReason
from verification.states import Role, Status, Verb

EVIDENCE = frozenset({DocumentKind.KTP, DocumentKind.CARD})


class EvidenceMissing(Refusal):
    """Nobody may approve without the photos."""

    code = "evidence_missing"
    sentence = _("A photo of the KTP or of the BPJS card is missing. Ask for it before you approve.")


def outcome(*, request: PhoneChangeRequest, signals: list[str]) -> Status:
    """Return the state to which an approval of a case in review, or its second approval, leads."""
    if signals and request.status == Status.IN_REVIEW:
        return Status.SECOND_REVIEW
    return Status.APPLIED if request.channel == Channel.COUNTER else Status.ON_HOLD


@transaction.atomic
def approve(*, request: PhoneChangeRequest, by: User, at: datetime | None = None) -> PhoneChangeRequest:
    """Approve a case that `by` holds. Returns the case as it is now; its status says what follows.

    A risky case goes to a second person, one that came in remotely is held, one from the counter is applied.
    Raises `EvidenceMissing`, `states.NotAllowed` and what `people` raises.
    """
    at = at or timezone.now()
    row, role = _held(request, by)
    if not set(row.documents.values_list("kind", flat=True)) >= EVIDENCE:
        raise EvidenceMissing
    row.signals = risk.signals(request=row, at=at)
    settle: dict[str, Any] = {"reviewed_by": by, "reviewed_at": at, "signals": row.signals}
    if outcome(request=row, signals=row.signals) is Status.SECOND_REVIEW:
        detail = {"signals": row.signals}
        step.move(
            row,
            verb=Verb.APPROVE,
            target=Status.SECOND_REVIEW,
            role=role,
            by=by.as_actor(),
            at=at,
            detail=detail,
            **settle,
        )
    else:
        _hold_or_apply(row, verb=Verb.APPROVE, role=role, by=by, at=at, **settle)
    return row


@transaction.atomic
def endorse(*, request: PhoneChangeRequest, by: User, at: datetime | None = None) -> PhoneChangeRequest:
    """Give the second approval to a case that `by` holds. Returns the case. Raises what `approve()` raises."""
    at = at or timezone.now()
    row, role = _held(request, by)
    _hold_or_apply(row, verb=Verb.ENDORSE, role=role, by=by, at=at, second_by=by, second_at=at)
    return row


@transaction.atomic
def send_back(*, request: PhoneChangeRequest, by: User, note: str = "", at: datetime | None = None) -> None:
    """Send a case to the queue again because the second opinion differs; it never returns to the first person.

    `note` is free text for the next operator, kept in the audit log as personal. Raises what `approve()` raises.
    """
    at = at or timezone.now()
    row, role = _held(request, by)
    pii = {"note": note} if note else None
    step.move(row, verb=Verb.SEND_BACK, target=Status.QUEUED, role=role, by=by.as_actor(), at=at, pii=pii)


@transaction.atomic
def reject(*, request: PhoneChangeRequest, by: User, reason: RejectReason, at: datetime | None = None) -> None:
    """Reject a case that `by` holds (a frozen one needs no claim). Raises what `approve()` raises."""
    at = at or timezone.now()
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
    at = at or timezone.now()
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


def _hold_or_apply(row: PhoneChangeRequest, *, verb: Verb, role: Role, by: User, at: datetime, **columns: Any) -> None:
    if outcome(request=row, signals=[]) is Status.APPLIED:
        effect.take(row, verb=verb, role=role, by=by.as_actor(), at=at, **columns)
    else:
        phone = effect.present_phone(row)
        effect.hold(row, verb=verb, role=role, by=by.as_actor(), at=at, old_phone=phone, **columns)
        notices.held(request=row, at=at)
