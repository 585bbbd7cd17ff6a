"""Passing a case on undecided: to a later moment, or to a supervisor."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.refusal import Refusal
from verification.changes import notes, people, step
from verification.models import PhoneChangeRequest
from verification.states import Role, Status, Verb


class TooLong(Refusal):
    """A case may be put off by two days at most: its service time runs on."""

    code = "too_long"
    sentence = _("Choose a moment within the next 48 hours.")


@transaction.atomic
def snooze(
    *, request: PhoneChangeRequest, by: User, until: datetime, note: str = "", at: datetime | None = None
) -> None:
    """Put off a case in review that `by` holds: it is offered again from `until` on, at its old place.

    `note` is free text for whoever takes it then. Raises `TooLong`, `people.OutOfReach`, `people.ClaimedByOther`,
    `people.NotClaimed` and `states.NotAllowed`.
    """
    at = at or clock.now()
    if not at < until <= at + settings.SNOOZE_MOST:
        raise TooLong
    row, role = _held(request, by=by, note=note, at=at)
    step.move(
        row,
        verb=Verb.SNOOZE,
        target=Status.QUEUED,
        role=role,
        by=by.as_actor(),
        at=at,
        detail={"snoozed_until": until.isoformat()},
        pii={"note": note} if note else None,
        snoozed_until=until,
    )


@transaction.atomic
def escalate(*, request: PhoneChangeRequest, by: User, note: str, at: datetime | None = None) -> None:
    """Hand a case in review that `by` holds to a supervisor, undecided; `note` says why, as free text.

    Raises `people.OutOfReach`, `people.ClaimedByOther`, `people.NotClaimed` and `states.NotAllowed`.
    """
    at = at or clock.now()
    row, role = _held(request, by=by, note=note, at=at)
    step.move(
        row,
        verb=Verb.ESCALATE,
        target=Status.SECOND_REVIEW,
        role=role,
        by=by.as_actor(),
        at=at,
        pii={"note": note},
        # What somebody thought of it before counts for nothing now.
        reviewed_by=None,
        reviewed_at=None,
    )


def _held(request: PhoneChangeRequest, *, by: User, note: str, at: datetime) -> tuple[PhoneChangeRequest, Role]:
    """Return the case, locked and held by `by`, and their role, with the note kept that goes along."""
    row = step.locked(request)
    role = people.role_of(by, row)
    people.demand_claim(row, by)
    notes.keep(row, by=by, note=note, at=at)
    return row, role
