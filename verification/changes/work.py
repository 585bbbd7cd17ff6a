"""Taking a case and giving it back."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.actor import Actor
from verification.changes import people, step
from verification.models import PhoneChangeRequest
from verification.models.request import RequestQuerySet
from verification.states import Role, Status, Verb

CANDIDATES = 50
DOUBLE_CLICK = timedelta(seconds=3)


@transaction.atomic
def claim(*, request: PhoneChangeRequest, by: User, at: datetime | None = None) -> PhoneChangeRequest:
    """Take a waiting case, or one that needs a second approval, for oneself. Returns the case as it is now.

    Taking again what one already holds renews the claim's time. Raises `people.OutOfReach`, `people.Involved`,
    `people.ClaimedByOther` and `states.NotAllowed`.
    """
    at = at or clock.now()
    by = people.at_work(by)
    row = step.locked(request)
    role = people.role_of(by, row)
    people.demand_apart(row, by)
    if row.claimed_by_id == by.pk:
        _keep(row, by=by, at=at)
        return row
    if row.claimed_by and row.claimed_at:
        raise people.ClaimedByOther(row.claimed_by, row.claimed_at)
    target = Status.SECOND_REVIEW if row.status == Status.SECOND_REVIEW else Status.IN_REVIEW
    step.move(row, verb=Verb.CLAIM, target=target, role=role, by=by.as_actor(), at=at, claimed_by=by, claimed_at=at)
    return row


@transaction.atomic
def take_next(
    *, by: User, after: PhoneChangeRequest | None = None, at: datetime | None = None
) -> PhoneChangeRequest | None:
    """Claim the case that is due first, among those that `by` may decide; None when there is none.

    `after` is the case that `by` has just finished with, and does not want back. Second approvals come first, for those
    who may give them. Then what came in first: all have the same service time, so that is what is over its time, or
    nearly so. Cases that a colleague is just taking are stepped over, so that two who ask at once get two
    cases; one person who clicks twice gets one.
    """
    at = at or clock.now()
    by = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    just_taken = PhoneChangeRequest.objects.filter(claimed_by=by, claimed_at__gt=at - DOUBLE_CLICK).first()
    if just_taken:
        return just_taken
    # The branches by number: from a subquery PostgreSQL would read all requests of a branch, closed ones as well.
    within = PhoneChangeRequest.objects.filter(branch__in=[*by.branches().values_list("pk", flat=True)])
    if after:
        within = within.exclude(pk=after.pk)
    if by.has_perm("verification.supervise_phonechangerequest"):
        taken = _take_first(within.filter(status=Status.SECOND_REVIEW, claimed_by=None), by, at)
        if taken:
            return taken
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=at)
    return _take_first(within.filter(awake, status=Status.QUEUED), by, at)


def _take_first(waiting: RequestQuerySet, by: User, at: datetime) -> PhoneChangeRequest | None:
    apart = waiting.filter(Q(entered_by=None) | ~Q(entered_by__person_id=by.person_id))
    for pk in apart.order_by("submitted_at", "pk").values_list("pk", flat=True)[:CANDIDATES]:
        # One at a time: a lock on all candidates would leave nothing to a colleague who asks at the same moment.
        row = waiting.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
        if row:
            with suppress(people.Involved):
                return claim(request=row, by=by, at=at)
    return None


@transaction.atomic
def keep_claim(*, request: PhoneChangeRequest, by: User, at: datetime | None = None) -> PhoneChangeRequest:
    """Begin the time of a claim that `by` holds anew, so that the case does not go back to the queue.

    Returns the case as it is now; its version stays, for nothing has changed that a decision rests on. Raises
    `people.OutOfReach`, `people.ClaimedByOther`, `people.AlreadyDecided` and `people.NotClaimed`.
    """
    at = at or clock.now()
    row = step.locked(request)
    people.role_of(by, row)
    people.demand_claim(row, by)
    _keep(row, by=by, at=at)
    return row


def _keep(row: PhoneChangeRequest, *, by: User, at: datetime) -> None:
    step.touch(row, at=at)
    step.note(row, "request.claim_kept", by=by.as_actor(), at=at, counts=False)


@transaction.atomic
def release(*, request: PhoneChangeRequest, by: User, at: datetime | None = None) -> None:
    """Give a claimed case back. A supervisor may take back what somebody else holds.

    Raises `people.OutOfReach`, `people.ClaimedByOther`, `people.NotClaimed` and `states.NotAllowed`.
    """
    at = at or clock.now()
    row = step.locked(request)
    role = people.role_of(by, row)
    if role is not Role.SUPERVISOR or not row.claimed_by:
        people.demand_claim(row, by)
    let_go(row, role=role, by=by.as_actor(), at=at)


@transaction.atomic
def release_held(*, user: User, by: Actor, at: datetime | None = None) -> int:
    """Give back every case that `user` holds, because they are moved, suspended or leave; return how many."""
    held = list(PhoneChangeRequest.objects.select_for_update().filter(claimed_by=user).order_by("pk"))
    for row in held:
        let_go(row, role=Role.SYSTEM, by=by, at=at or clock.now())
    return len(held)


def let_go(row: PhoneChangeRequest, *, role: Role, by: Actor, at: datetime) -> None:
    """End the claim of a locked case."""
    target = Status.SECOND_REVIEW if row.status == Status.SECOND_REVIEW else Status.QUEUED
    held_by = row.claimed_by.username if row.claimed_by else ""
    step.move(row, verb=Verb.RELEASE, target=target, role=role, by=by, at=at, detail={"held_by": held_by})
