"""A supervisor takes cases back, or hands them to somebody, many at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.refusal import Refusal
from verification.changes import people, step, work
from verification.models import PhoneChangeRequest
from verification.states import Role, Status, Verb


class OneOfThem(Refusal):
    """One case could not be taken back or handed over, so none was. `why` is the refusal of that one."""

    code = "one_of_them"

    def __init__(self, case: PhoneChangeRequest, why: Refusal) -> None:
        self.why = why
        super().__init__(_("Nothing was done. %(case)s: %(why)s") % {"case": case, "why": why})


@transaction.atomic
def assign(
    *, requests: Sequence[PhoneChangeRequest], by: User, to: User | None = None, at: datetime | None = None
) -> None:
    """Take cases back from whoever holds them, and hand them to `to`; None leaves them in the queue.

    All of them or none: raises `OneOfThem`, which names the case and carries `people.OutOfReach` (also for an operator
    as `by`), `people.Involved`, `people.NotClaimed` or `states.NotAllowed`.
    """
    at = at or clock.now()
    to = people.at_work(to) if to else None
    for request in sorted(requests, key=lambda one: one.pk):  # in one order, so that two who do this wait, not die
        row = step.locked(request)
        try:
            _assign_one(row, by=by, to=to, at=at)
        except Refusal as refusal:
            raise OneOfThem(row, refusal) from refusal


def _assign_one(row: PhoneChangeRequest, *, by: User, to: User | None, at: datetime) -> None:
    if people.role_of(by, row) is not Role.SUPERVISOR:
        raise people.OutOfReach
    if row.claimed_by:
        work.let_go(row, role=Role.SUPERVISOR, by=by.as_actor(), at=at)
    elif to is None:
        raise people.NotClaimed
    if to is None:
        return
    role = people.role_of(to, row)
    people.demand_apart(row, to)
    target = Status.SECOND_REVIEW if row.status == Status.SECOND_REVIEW else Status.IN_REVIEW
    step.move(
        row,
        verb=Verb.CLAIM,
        target=target,
        role=role,
        by=by.as_actor(),
        at=at,
        detail={"held_by": to.username},
        claimed_by=to,
        claimed_at=at,
    )
