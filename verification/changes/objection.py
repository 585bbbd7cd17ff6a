"""When somebody objects: a held change is frozen, an applied one can be undone by two people."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.models import User
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing
from jknoffice.refusal import Refusal
from participants import registry
from verification import notices
from verification.changes import effect, people, step
from verification.models import PhoneChangeRequest
from verification.states import NotAllowed, Role, Status, Verb


class TooLate(Refusal):
    """A change can be undone for 30 days."""

    code = "too_late"
    sentence = _("This change is older than 30 days and cannot be undone. Enter a new request instead.")


class ChangedSince(Refusal):
    """Undoing would overwrite a later change."""

    code = "changed_since"
    sentence = _("The number has been changed again since. Look at the later request instead.")


class AskedByYou(people.Involved):
    """Whoever asks for a reversal does not carry it out."""

    sentence = _("You asked for this reversal. Another supervisor has to carry it out.")


class ReversalNotAsked(Refusal):
    """A reversal takes two people: one asks, another does it."""

    code = "reversal_not_asked"
    sentence = _("A colleague has to ask for the reversal first; then another supervisor carries it out.")


@transaction.atomic
def freeze(*, request: PhoneChangeRequest, at: datetime | None = None) -> None:
    """Stop a held change because the holder of the old number says "not me". Raises `states.NotAllowed`."""
    at = at or clock.now()
    row = step.locked(request)
    actor = Actor.participant("old_number")
    step.move(row, verb=Verb.FREEZE, target=Status.FROZEN, role=Role.PARTICIPANT, by=actor, at=at)


@transaction.atomic
def unfreeze(*, request: PhoneChangeRequest, by: User, at: datetime | None = None) -> None:
    """Let a frozen change go on, after a call; its hold begins anew.

    Raises `people.OutOfReach`, `people.Involved` and `states.NotAllowed`.
    """
    at = at or clock.now()
    row = step.locked(request)
    role = people.role_of(by, row)
    people.demand_apart(row, by)
    effect.hold(row, verb=Verb.UNFREEZE, role=role, by=by.as_actor(), at=at)


@transaction.atomic
def ask_reversal(*, request: PhoneChangeRequest, by: User, at: datetime | None = None) -> None:
    """Ask for an applied change to be undone: the first of two people. Asking again changes nothing.

    Raises `people.OutOfReach`, `people.AboutYourself`, `states.NotAllowed`, `TooLate` and `ChangedSince`.
    """
    at = at or clock.now()
    row = step.locked(request)
    people.role_of(by, row)
    people.demand_not_own(row, by)
    demand_reversible(row, at)
    if row.reversal_by_id:
        return
    row.reversal_by, row.reversal_at = by, at
    row.version += 1
    row.save(update_fields=["reversal_by", "reversal_at", "version"])
    step.note(row, "request.reversal_asked", by=by.as_actor(), at=at)


@transaction.atomic
def reverse(*, request: PhoneChangeRequest, by: User, at: datetime | None = None) -> None:
    """Put the old number back into the register: the second person, a supervisor.

    Raises what `ask_reversal()` raises, `ReversalNotAsked` and `people.Involved`.
    """
    at = at or clock.now()
    row = step.locked(request)
    role = people.role_of(by, row)
    people.demand_not_own(row, by)
    if row.peserta_id:
        # A change under way ends first: the number that is compared here is the one that would be overwritten.
        row.peserta = registry.locked(peserta_id=row.peserta_id)
    demand_reversible(row, at)
    if row.reversal_by is None:
        raise ReversalNotAsked
    if row.reversal_by.person_id == by.person_id:
        raise AskedByYou
    step.move(
        row,
        verb=Verb.REVERSE,
        target=Status.REVERSED,
        role=role,
        by=by.as_actor(),
        at=at,
        reversed_by=by,
        reversed_at=at,
    )
    if row.peserta_id:
        registry.set_phone(
            peserta_id=row.peserta_id, phone=row.old_phone or None, by=by.as_actor(), cause=Thing.of(row), at=at
        )
    notices.undone(request=row, at=at)


def demand_reversible(row: PhoneChangeRequest, at: datetime) -> None:
    """Raise `states.NotAllowed`, `TooLate` or `ChangedSince` unless an applied change can still be undone."""
    if row.status != Status.APPLIED or row.applied_at is None or row.peserta is None:
        raise NotAllowed
    if row.applied_at < at - settings.UNDO_LIFETIME:
        raise TooLate
    if row.peserta.phone != row.new_phone:
        raise ChangedSince
