"""When "not me" was a mistake a supervisor closes the dispute; otherwise `objection.reverse` undoes the change."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.entry import Plain
from jknoffice.refusal import Refusal
from verification import notices
from verification.changes import notes, people, step
from verification.models import PhoneChangeRequest
from verification.models.choices import Finding
from verification.states import NotAllowed, Role, Status


class NotDisputed(Refusal):
    """Nobody objects, or a colleague has closed the dispute already."""

    code = "not_disputed"
    sentence = _("Nobody objects to this change, or a colleague has closed the dispute already.")


@transaction.atomic
def close_dispute(
    *, request: PhoneChangeRequest, by: User, finding: Finding, note: str, at: datetime | None = None
) -> None:
    """Let a disputed change stand: `finding` says what a call brought, `note` (free text) whom it was with.

    For a supervisor who neither entered nor approved the case. A reversal that was asked for is off with it. The
    number and the e-mail that may have objected are told; another link of theirs opens the dispute anew. Raises
    `people.OutOfReach`, `people.Involved`, `states.NotAllowed` and `NotDisputed`.
    """
    at = at or clock.now()
    row = step.locked(request)
    demand_closable(row, by)
    before: dict[str, Plain] = {
        "disputed_at": row.disputed_at.isoformat() if row.disputed_at else "",
        "reversal_asked": row.reversal_by is not None,
    }
    row.disputed_at = row.reversal_by = row.reversal_at = None
    row.version += 1
    row.save(update_fields=["disputed_at", "reversal_by", "reversal_at", "version"])
    notes.keep(row, by=by, note=note, at=at)
    step.note(
        row, "request.dispute_closed", by=by.as_actor(), at=at, before=before, reason=finding.value, pii={"note": note}
    )
    notices.stands(request=row, at=at)


def demand_closable(row: PhoneChangeRequest, by: User) -> None:
    """Raise what `close_dispute()` raises unless `by` may close the dispute of the case."""
    if row.disputed_at is None:
        raise NotDisputed
    if people.role_of(by, row) is not Role.SUPERVISOR or row.status != Status.APPLIED:
        raise NotAllowed
    people.demand_apart(row, by)
