"""Which steps the review page offers: read from the state table, narrowed by the claim and the rule of two people.

The domain checks all of it again; this only spares people buttons that would be refused.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.functional import Promise

from jknoffice.accounts.models import User
from jknoffice.refusal import Refusal
from verification.changes import dispute, objection, people
from verification.models import PhoneChangeRequest
from verification.states import Role, Status, Verb, verbs_from

DECIDING = frozenset({Verb.ASK, Verb.REJECT, Verb.APPROVE, Verb.ENDORSE, Verb.SEND_BACK, Verb.ESCALATE, Verb.SNOOZE})
APART = DECIDING | {Verb.CLAIM, Verb.UNFREEZE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """The names of the steps to draw buttons for, and a sentence that says why there are fewer, where there are."""

    verbs: frozenset[Verb]
    asks_reversal: bool = False
    closes_dispute: bool = False
    obstacle: str | Promise = ""

    @property
    def can_claim(self) -> bool:
        """Whether the case can be claimed."""
        return Verb.CLAIM in self.verbs


def offers(*, case: PhoneChangeRequest, by: User, at: datetime) -> Offers:
    """Return what `by` may do with a case within their reach at a moment. Raises `people.OutOfReach`."""
    role = people.role_of(by, case)
    found = _undoing(case, by, role, at) if case.status == Status.APPLIED else _moving(case, by, role)
    return replace(found, closes_dispute=_closes_dispute(case, by))


def _closes_dispute(case: PhoneChangeRequest, by: User) -> bool:
    try:
        dispute.demand_closable(case, by)
    except Refusal:
        return False
    return True


def _moving(case: PhoneChangeRequest, by: User, role: Role) -> Offers:
    verbs = _fitting_claim(verbs_from(Status(case.status), role), case, by, role)
    try:
        people.demand_apart(case, by)
    except people.Involved as refusal:
        return Offers(verbs=verbs - APART, obstacle=refusal.sentence if verbs & APART else "")
    return Offers(verbs=verbs)


def _fitting_claim(verbs: frozenset[Verb], case: PhoneChangeRequest, by: User, role: Role) -> frozenset[Verb]:
    """Deciding is for who holds the case (nobody holds a frozen one), claiming for a case that is free."""
    if case.status == Status.SECOND_REVIEW:
        verbs -= {Verb.APPROVE if case.reviewed_by_id else Verb.ENDORSE}
    if case.claimed_by_id == by.pk:
        return verbs - {Verb.CLAIM}
    unfit = set() if case.status == Status.FROZEN else set(DECIDING)
    if case.claimed_by_id:
        unfit.add(Verb.CLAIM)
    if not case.claimed_by_id or role is not Role.SUPERVISOR:
        unfit.add(Verb.RELEASE)
    return verbs - unfit


def _undoing(case: PhoneChangeRequest, by: User, role: Role, at: datetime) -> Offers:
    """Two people undo a change: any who works the case asks, another one, a supervisor, carries it out."""
    verbs = verbs_from(Status.APPLIED, role)
    try:
        people.demand_not_own(case, by)
        objection.demand_reversible(case, at)
    except Refusal as refusal:
        return Offers(verbs=frozenset(), obstacle=refusal.sentence)
    if case.reversal_by is None:
        return Offers(verbs=verbs - {Verb.REVERSE}, asks_reversal=True)
    if case.reversal_by.person_id == by.person_id:
        return Offers(verbs=verbs - {Verb.REVERSE}, obstacle=objection.AskedByYou.sentence)
    return Offers(verbs=verbs)
