"""Who may do a step: the reach of staff, and the rule of two people.

Persons are compared, not accounts: two accounts of one human being count as one (`User.person_id`).
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from jknoffice.accounts import roles
from jknoffice.accounts.identity import person_id
from jknoffice.accounts.models import User
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog
from jknoffice.refusal import Refusal
from verification.models import PhoneChangeRequest
from verification.moments import written
from verification.states import EVENTS, Role, Verb

_APPROVALS = (EVENTS[Verb.APPROVE], EVENTS[Verb.ENDORSE])


class OutOfReach(Refusal):
    """The case belongs to another branch, or the account may not work cases."""

    code = "out_of_reach"
    sentence = _("This case belongs to another branch.")


def participant(request: PhoneChangeRequest) -> Actor:
    """Return who acts when the participant does: named by the channel, and by the partner it came through."""
    return Actor.participant(f"{request.channel}:{request.partner.client_id}" if request.partner else request.channel)


class Involved(Refusal):
    """Somebody who is part of the case may not decide it."""

    code = "involved"


class AboutYourself(Involved):
    """The case is about the person who wants to decide it."""

    sentence = _("This case is about yourself. A colleague has to decide it.")


class EnteredByYou(Involved):
    """Whoever enters a case does not decide it."""

    sentence = _("You entered this case. A colleague has to decide it.")


class DecidedByYou(Involved):
    """The second look is somebody else's."""

    sentence = _("You already decided this case once. A colleague has to look at it now.")


class ClaimedByOther(Refusal):
    """Another person works on the case."""

    code = "claimed_by_other"

    def __init__(self, who: User, at: datetime) -> None:
        super().__init__(
            _("%(name)s has worked on this case since %(time)s. Take another one, or ask them to release it.")
            % {"name": who.full_name, "time": written(at)}
        )


class NotClaimed(Refusal):
    """A decision needs a claim first."""

    code = "not_claimed"
    sentence = _("Claim the case first.")


class AlreadyDecided(Refusal):
    """Another person was faster."""

    code = "already_decided"

    def __init__(self, who: User, at: datetime) -> None:
        super().__init__(
            _("%(name)s already decided this case, on %(time)s.") % {"name": who.full_name, "time": written(at)}
        )


def role_of(user: User, request: PhoneChangeRequest) -> Role:
    """Return the role in which a member of staff acts on a case; raise `OutOfReach` when they may not."""
    if not user.has_perm("verification.work_phonechangerequest"):
        raise OutOfReach
    if not user.answers_for(request.branch_id):
        raise OutOfReach
    return {roles.Role.OPERATOR: Role.OPERATOR, roles.Role.SUPERVISOR: Role.SUPERVISOR}[roles.Role(user.role)]


def at_work(user: User) -> User:
    """Return the account as it is now, locked until the transaction ends, for somebody who takes a case.

    Nobody gets one who is being moved or suspended at this moment: that gives back what they hold by then. Lock the
    account before the case.
    """
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def demand_claim(request: PhoneChangeRequest, by: User) -> None:
    """Raise unless `by` holds the claim of the locked case: `AlreadyDecided`, `ClaimedByOther` or `NotClaimed`."""
    if request.claimed_by_id == by.pk:
        return
    if request.claimed_by and request.claimed_at:
        raise ClaimedByOther(request.claimed_by, request.claimed_at)
    if request.reviewed_by and request.reviewed_at and request.reviewed_by_id != by.pk:
        raise AlreadyDecided(request.reviewed_by, request.reviewed_at)
    raise NotClaimed


def demand_not_own(request: PhoneChangeRequest, by: User) -> None:
    """Raise `AboutYourself` when `by` is the participant of the case."""
    if request.peserta and person_id(request.peserta.nik) == by.person_id:
        raise AboutYourself


def demand_apart(request: PhoneChangeRequest, by: User) -> None:
    """Raise `Involved` when `by` entered the case, is its participant, or already decided it."""
    demand_not_own(request, by)
    if request.entered_by and request.entered_by.person_id == by.person_id:
        raise EnteredByYou
    if _has_approved(request, by):
        raise DecidedByYou


def _has_approved(request: PhoneChangeRequest, by: User) -> bool:
    """Return whether this person ever approved the case. The log knows; the row only has the last who did."""
    about = Thing.of(request)
    approvals = AuditLog.objects.filter(object_type=about.type, object_id=about.id, action__in=_APPROVALS)
    return approvals.filter(person=by.person_id).exists()
