"""Proof that whoever looks at a request has its new number in hand: a fresh code, before anything is changed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.audit.actor import Actor
from jknoffice.refusal import Refusal
from verification import codes
from verification.changes import step
from verification.codes import Answer, Outcome
from verification.models import PhoneChangeRequest
from verification.states import Role, Status, verbs_from


class NothingToProve(Refusal):
    """Nothing can be done about the request that would need a proof."""

    code = "nothing_to_prove"
    sentence = _("Nothing can be changed about this request now. Look at its status page.")


@transaction.atomic
def send_proof(*, request: PhoneChangeRequest, at: datetime | None = None) -> None:
    """Send a code to the confirmed new number. Raises `NothingToProve` and `codes.TooManyCodes`."""
    at = at or clock.now()
    row = _provable(request)
    codes.issue(request=row, at=at)
    step.note(row, "request.code_asked", by=Actor.participant(row.channel), at=at, counts=False)


@transaction.atomic
def prove(*, request: PhoneChangeRequest, typed: str, at: datetime | None = None) -> Answer:
    """Judge a typed code; wrong ones are an answer, not an error. Raises `NothingToProve`."""
    at = at or clock.now()
    row = _provable(request)
    answer = codes.judge(request=row, typed=typed, at=at)
    right = answer.outcome is Outcome.CONFIRMED
    step.note(
        row,
        "request.proved" if right else "request.code_refused",
        by=Actor.participant(row.channel),
        at=at,
        reason="" if right else answer.outcome.value,
        counts=False,
    )
    return answer


def _provable(request: PhoneChangeRequest) -> PhoneChangeRequest:
    row = step.locked(request)
    if row.confirmed_at is None or not verbs_from(Status(row.status), Role.PARTICIPANT):
        raise NothingToProve
    return row
