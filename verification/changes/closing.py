"""Ends that come by themselves or by a change of mind: cancelled, expired, and the hold that is over."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.actor import Actor
from jknoffice.refusal import Refusal
from verification import signals
from verification.changes import effect, people, step, work
from verification.models import PhoneChangeRequest
from verification.states import Role, Status, Verb

BATCH = 200

logger = logging.getLogger(__name__)

WORKER = Actor.system("worker")


@transaction.atomic
def cancel(*, request: PhoneChangeRequest, by: User | None = None, at: datetime | None = None) -> None:
    """End a request that the participant no longer wants; `by` is the operator who was told so, if one was.

    Raises `states.NotAllowed` once an operator works on it or it has ended, and `people.OutOfReach`.
    """
    at = at or clock.now()
    row = step.locked(request)
    role = people.role_of(by, row) if by else Role.PARTICIPANT
    actor = by.as_actor() if by else people.participant(row)
    step.move(row, verb=Verb.CANCEL, target=Status.CANCELLED, role=role, by=actor, at=at)


def apply_due(*, at: datetime | None = None) -> int:
    """Write to the register what has been held long enough; return how many cases were settled.

    Where signs have come up that whoever approved had not seen, and that ask for a second person, a supervisor looks.
    """
    at = at or clock.now()
    due = Q(status=Status.ON_HOLD, hold_until__lte=at)

    def settle(row: PhoneChangeRequest) -> None:
        signs = signals.look(request=row, at=at)
        how: dict[str, Any] = {"role": Role.SYSTEM, "by": WORKER, "at": at}
        new = {sign.code for sign in signs} - {sign.code for sign in signals.kept(row)}
        if new and signals.needs_second(signs):
            how |= {"signals": signals.stored(signs), "hold_until": None}
            step.move(row, verb=Verb.RECALL, target=Status.SECOND_REVIEW, detail={"signals": sorted(new)}, **how)
        else:
            effect.take(row, verb=Verb.APPLY, **how)

    return _each(due, settle)


def expire_due(*, at: datetime | None = None) -> int:
    """End requests whose code or better photo never came; return how many."""
    at = at or clock.now()
    unconfirmed = Q(status=Status.AWAITING_CODE, submitted_at__lte=at - settings.UNCONFIRMED_LIFETIME)
    uncorrected = Q(status=Status.NEEDS_INFO, asked_at__lte=at - settings.CORRECTION_LIFETIME)

    def expire(row: PhoneChangeRequest) -> None:
        step.move(row, verb=Verb.EXPIRE, target=Status.EXPIRED, role=Role.SYSTEM, by=WORKER, at=at)

    return _each(unconfirmed | uncorrected, expire)


def release_stale(*, at: datetime | None = None) -> int:
    """Give back cases that somebody claimed and left lying; return how many."""
    at = at or clock.now()
    stale = Q(claimed_at__lte=at - settings.CLAIM_LIFETIME, status__in=[Status.IN_REVIEW, Status.SECOND_REVIEW])
    return _each(stale, lambda row: work.let_go(row, role=Role.SYSTEM, by=WORKER, at=at))


def _each(which: Q, do: Callable[[PhoneChangeRequest], None]) -> int:
    """Do something to each matching request, in a transaction of its own, and return to how many.

    What another process holds is left to it; one that fails is logged, and does not hold up the others.
    """
    done = 0
    for pk in PhoneChangeRequest.objects.filter(which).order_by("pk").values_list("pk", flat=True)[:BATCH]:
        try:
            with transaction.atomic():
                free = PhoneChangeRequest.objects.select_for_update(skip_locked=True).filter(which, pk=pk)
                if free.exists():
                    do(step.locked(PhoneChangeRequest(pk=pk)))
                    done += 1
        except (Refusal, DatabaseError) as error:
            # Not the error's own words: PostgreSQL quotes values of the row in them.
            logger.error("request %s: %s", pk, type(error).__name__)  # noqa: TRY400
    return done
