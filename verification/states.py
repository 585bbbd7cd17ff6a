"""The states of a request and the moves between them: the only place where they are written down.

Pure: no database and no Django but for the words. Buttons, permissions, the database trigger, the drawn diagram
and the tests read this table; nothing else decides what may follow what.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from jknoffice.refusal import Refusal


class Status(models.TextChoices):
    """Where a request stands."""

    AWAITING_CODE = "awaiting_code", _("Waiting for the code")
    QUEUED = "queued", _("In the queue")
    IN_REVIEW = "in_review", _("In review")
    NEEDS_INFO = "needs_info", _("Needs correction")
    SECOND_REVIEW = "second_review", _("Needs second approval")
    ON_HOLD = "on_hold", _("Approved, on hold")
    FROZEN = "frozen", _("Frozen")
    APPLIED = "applied", _("Applied")
    REJECTED = "rejected", _("Rejected")
    REVERSED = "reversed", _("Reversed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")
    UNMATCHED = "unmatched", _("Not matched")


OPEN = frozenset(
    {
        Status.AWAITING_CODE,
        Status.QUEUED,
        Status.IN_REVIEW,
        Status.NEEDS_INFO,
        Status.SECOND_REVIEW,
        Status.ON_HOLD,
        Status.FROZEN,
    }
)


class Role(StrEnum):
    """Who moves a request."""

    PARTICIPANT = "participant"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


class Verb(StrEnum):
    """What is done to a request. `EVENTS` says how the audit log calls it when it is done."""

    SUBMIT = "submit"
    CONFIRM = "confirm"
    EXPIRE = "expire"
    CANCEL = "cancel"
    CLAIM = "claim"
    RELEASE = "release"
    ASK = "ask"
    RESEND = "resend"
    REJECT = "reject"
    APPROVE = "approve"
    ENDORSE = "endorse"
    SEND_BACK = "send_back"
    ESCALATE = "escalate"
    SNOOZE = "snooze"
    RECALL = "recall"
    APPLY = "apply"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    REVERSE = "reverse"


EVENTS: Mapping[Verb, str] = {
    Verb.SUBMIT: "request.submitted",
    Verb.CONFIRM: "request.confirmed",
    Verb.EXPIRE: "request.expired",
    Verb.CANCEL: "request.cancelled",
    Verb.CLAIM: "request.claimed",
    Verb.RELEASE: "request.released",
    Verb.ASK: "request.correction_asked",
    Verb.RESEND: "request.corrected",
    Verb.REJECT: "request.rejected",
    Verb.APPROVE: "request.approved",
    Verb.ENDORSE: "request.endorsed",
    Verb.SEND_BACK: "request.sent_back",
    Verb.ESCALATE: "request.escalated",
    Verb.SNOOZE: "request.snoozed",
    Verb.RECALL: "request.recalled",
    Verb.APPLY: "request.applied",
    Verb.FREEZE: "request.frozen",
    Verb.UNFREEZE: "request.unfrozen",
    Verb.REVERSE: "request.reversed",
}


@dataclass(frozen=True, slots=True)
class Move:
    """One edge of the table. `source` is None for a request that does not exist yet."""

    verb: Verb
    source: Status | None
    target: Status
    roles: frozenset[Role]


def _move(verb: Verb, source: Status | None, target: Status, *roles: Role) -> Move:
    return Move(verb, source, target, frozenset(roles))


_DESK = (Role.OPERATOR, Role.SUPERVISOR)

MOVES: tuple[Move, ...] = (
    _move(Verb.SUBMIT, None, Status.AWAITING_CODE, Role.PARTICIPANT, Role.OPERATOR),
    _move(Verb.CONFIRM, Status.AWAITING_CODE, Status.QUEUED, Role.SYSTEM),
    _move(Verb.CONFIRM, Status.AWAITING_CODE, Status.APPLIED, Role.SYSTEM),
    _move(Verb.CONFIRM, Status.AWAITING_CODE, Status.UNMATCHED, Role.SYSTEM),
    _move(Verb.EXPIRE, Status.AWAITING_CODE, Status.EXPIRED, Role.SYSTEM),
    _move(Verb.EXPIRE, Status.NEEDS_INFO, Status.EXPIRED, Role.SYSTEM),
    _move(Verb.CANCEL, Status.AWAITING_CODE, Status.CANCELLED, Role.PARTICIPANT, Role.OPERATOR),
    _move(Verb.CANCEL, Status.QUEUED, Status.CANCELLED, Role.PARTICIPANT, Role.OPERATOR),
    _move(Verb.CANCEL, Status.NEEDS_INFO, Status.CANCELLED, Role.PARTICIPANT, Role.OPERATOR),
    _move(Verb.CANCEL, Status.ON_HOLD, Status.CANCELLED, Role.PARTICIPANT, Role.OPERATOR),
    _move(Verb.CLAIM, Status.QUEUED, Status.IN_REVIEW, *_DESK),
    _move(Verb.CLAIM, Status.SECOND_REVIEW, Status.SECOND_REVIEW, Role.SUPERVISOR),
    _move(Verb.RELEASE, Status.IN_REVIEW, Status.QUEUED, *_DESK, Role.SYSTEM),
    _move(Verb.RELEASE, Status.SECOND_REVIEW, Status.SECOND_REVIEW, Role.SUPERVISOR, Role.SYSTEM),
    _move(Verb.ASK, Status.IN_REVIEW, Status.NEEDS_INFO, *_DESK),
    _move(Verb.RESEND, Status.NEEDS_INFO, Status.QUEUED, Role.PARTICIPANT),
    _move(Verb.REJECT, Status.IN_REVIEW, Status.REJECTED, *_DESK),
    _move(Verb.REJECT, Status.SECOND_REVIEW, Status.REJECTED, Role.SUPERVISOR),
    _move(Verb.REJECT, Status.FROZEN, Status.REJECTED, Role.SUPERVISOR),
    _move(Verb.APPROVE, Status.IN_REVIEW, Status.SECOND_REVIEW, *_DESK),
    _move(Verb.APPROVE, Status.IN_REVIEW, Status.ON_HOLD, *_DESK),
    _move(Verb.APPROVE, Status.IN_REVIEW, Status.APPLIED, *_DESK),
    _move(Verb.ESCALATE, Status.IN_REVIEW, Status.SECOND_REVIEW, *_DESK),
    _move(Verb.SNOOZE, Status.IN_REVIEW, Status.QUEUED, *_DESK),
    _move(Verb.APPROVE, Status.SECOND_REVIEW, Status.SECOND_REVIEW, Role.SUPERVISOR),
    _move(Verb.APPROVE, Status.SECOND_REVIEW, Status.ON_HOLD, Role.SUPERVISOR),
    _move(Verb.APPROVE, Status.SECOND_REVIEW, Status.APPLIED, Role.SUPERVISOR),
    _move(Verb.ENDORSE, Status.SECOND_REVIEW, Status.ON_HOLD, Role.SUPERVISOR),
    _move(Verb.ENDORSE, Status.SECOND_REVIEW, Status.APPLIED, Role.SUPERVISOR),
    _move(Verb.SEND_BACK, Status.SECOND_REVIEW, Status.QUEUED, Role.SUPERVISOR),
    _move(Verb.RECALL, Status.ON_HOLD, Status.SECOND_REVIEW, Role.SYSTEM),
    _move(Verb.APPLY, Status.ON_HOLD, Status.APPLIED, Role.SYSTEM),
    _move(Verb.FREEZE, Status.ON_HOLD, Status.FROZEN, Role.PARTICIPANT),
    _move(Verb.UNFREEZE, Status.FROZEN, Status.ON_HOLD, Role.SUPERVISOR),
    _move(Verb.REVERSE, Status.APPLIED, Status.REVERSED, Role.SUPERVISOR),
)

EDGES: frozenset[tuple[Status | None, Status]] = frozenset((move.source, move.target) for move in MOVES)


class NotAllowed(Refusal):
    """The table has no such move for this role."""

    code = "not_allowed"
    sentence = _("This step is not possible from the request's present state. Reload the page to see where it stands.")


def check(*, verb: Verb, source: Status | None, target: Status, role: Role) -> None:
    """Raise `NotAllowed` unless the table lets `role` do `verb` from `source` to `target`."""
    if not any(
        move.verb is verb and move.source == source and move.target == target and role in move.roles for move in MOVES
    ):
        raise NotAllowed


def verbs_from(source: Status, role: Role) -> frozenset[Verb]:
    """Return what `role` may do to a request in state `source`: what buttons are drawn from."""
    return frozenset(move.verb for move in MOVES if move.source == source and role in move.roles)
