"""Notes on a case, for the next colleague."""

from datetime import datetime

from django.db import transaction

from jknoffice import clock
from jknoffice.accounts.models import User
from verification.changes import people, step
from verification.models import CaseNote, PhoneChangeRequest


@transaction.atomic
def write_note(*, request: PhoneChangeRequest, by: User, note: str, at: datetime | None = None) -> None:
    """Leave a note (free text, at most 500 characters) on a case within reach of `by`. Raises `people.OutOfReach`.

    The time of a claim that `by` holds begins anew. The row's version stays: a note changes nothing that a decision
    rests on.
    """
    at = at or clock.now()
    row = step.locked(request)
    people.role_of(by, row)
    keep(row, by=by, note=note, at=at)
    if row.claimed_by_id == by.pk:
        step.touch(row, at=at)
    step.note(row, "request.noted", by=by.as_actor(), at=at, pii={"note": note}, counts=False)


def keep(row: PhoneChangeRequest, *, by: User, note: str, at: datetime) -> None:
    """Keep the note that goes with a step of a locked case; none when it is empty."""
    if note:
        CaseNote.objects.create(request=row, text=note, written_by=by, written_at=at)
