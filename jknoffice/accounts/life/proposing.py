"""Steps that take two: one staff administrator asks, another person who is one confirms within a day."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts import notices
from jknoffice.accounts.life import letters, moving, proposals, rules
from jknoffice.accounts.life.rules import ResetWhy
from jknoffice.accounts.login import links
from jknoffice.accounts.login.forgetting import forget_all
from jknoffice.accounts.models import Proposal, User
from jknoffice.accounts.models.user import State
from jknoffice.accounts.roles import Role
from jknoffice.accounts.sessions import ending
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal

CONFIRMED = "account.proposal_confirmed"
FACTORS_RESET = "account.second_factor_reset"


class NotOpen(Refusal):
    """It was confirmed or withdrawn, or its day is over."""

    code = "not_open"
    sentence = _("This does not wait any more: it was confirmed or withdrawn, or 24 hours are over. Ask anew.")


class AskedByYou(Refusal):
    """The second person is another one."""

    code = "asked_by_you"
    sentence = _("You asked for this yourself. Another staff administrator has to confirm it.")


class NoPassword(Refusal):
    """A reset's link counts beside the password only; where there is none it would let in whoever holds it."""

    code = "no_password"
    sentence = _(
        "This person has no password now. They choose one with their one-time link first; then the second step can be"
        " reset."
    )


class AskerGone(Refusal):
    """Whoever asked is no active administrator any more."""

    code = "asker_gone"
    sentence = _("Whoever asked for this is no staff administrator any more. Withdraw it, and ask anew.")


@transaction.atomic
def ask_account(*, user: User, by: User, at: datetime | None = None) -> Proposal:
    """Ask once more for the release of a new administrator's account.

    Raises what `rules.both()` raises, `rules.NotInThisState` and `proposals.AlreadyAsked`.
    """
    at = at or clock.now()
    row, me = rules.both(user=user, by=by)
    rules.demand_state(row, State.WAITING)
    return proposals.open_one(kind=Proposal.Kind.ACCOUNT, row=row, why="", by=me, at=at)


@transaction.atomic
def ask_reset(*, user: User, why: ResetWhy, by: User, at: datetime | None = None) -> Proposal:
    """Ask that somebody's second step be reset.

    Raises what `rules.both()` raises, `rules.NotInThisState`, `NoPassword` and `proposals.AlreadyAsked`.
    """
    at = at or clock.now()
    row, me = rules.both(user=user, by=by)
    _demand_password(row)
    return proposals.open_one(kind=Proposal.Kind.RESET, row=row, why=why.value, by=me, at=at)


@transaction.atomic
def confirm(*, proposal: Proposal, by: User, at: datetime | None = None) -> str:
    """Do what was proposed, as the second person; return the one-time link to hand over, "" where there is none.

    A reset deletes every second factor and ends every session; the person is told by e-mail, and the link has to be
    handed over in person. Raises what `rules.both()` raises, `rules.NotInThisState`, `NotOpen`, `AskedByYou`,
    `AskerGone`, for a role `rules.NeverLoggedIn`, and for a reset `NoPassword` and `rules.HandedPassword`.
    """
    at = at or clock.now()
    row, me = rules.both(user=proposal.user, by=by)
    asked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not asked.is_open or asked.expires_at < at:
        raise NotOpen
    if asked.asked_by.person_id == me.person_id:
        raise AskedByYou
    if not asked.asked_by.has_perm(rules.MANAGE):
        raise AskerGone
    asked.confirmed_by, asked.confirmed_at = me, at
    asked.save(update_fields=["confirmed_by", "confirmed_at"])
    after = {"kind": asked.kind, "asked_by": asked.asked_by.username}
    record(CONFIRMED, by=me.as_actor(), about=Thing.of(row), after=after, reason=asked.why, at=at)
    match Proposal.Kind(asked.kind):
        case Proposal.Kind.ACCOUNT:
            return _release(row, me, at)
        case Proposal.Kind.ROLE:
            rules.demand_state(row, State.ACTIVE, State.SUSPENDED)
            rules.demand_entered(row)
            moving.put(row, role=Role.ADMIN, branch=asked.branch, why=asked.why, by=me, at=at)
            return ""
        case Proposal.Kind.RESET:
            return _reset(row, asked.why, me, at)


@transaction.atomic
def withdraw(*, proposal: Proposal, by: User, at: datetime | None = None) -> None:
    """Take a proposal back, as any staff administrator whom it is not about.

    Raises what `rules.both()` raises, and `NotOpen`.
    """
    at = at or clock.now()
    row, me = rules.both(user=proposal.user, by=by)
    asked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not asked.is_open:
        raise NotOpen
    proposals.close(asked, row, by=me, at=at)


def _release(row: User, by: User, at: datetime) -> str:
    rules.demand_state(row, State.WAITING)
    row.is_active = True
    row.save(update_fields=["is_active"])
    link = links.issue(user=row, by=by.as_actor(), made_by=by, at=at)
    letters.invite(user=row, link=link, at=at)
    return link


def _demand_password(row: User) -> None:
    rules.demand_state(row, State.ACTIVE)
    if not row.has_usable_password():
        raise NoPassword


def _reset(row: User, why: str, by: User, at: datetime) -> str:
    _demand_password(row)
    rules.demand_other_hand(row, by)
    forgotten = forget_all(user=row)
    row.needs_link = True
    row.save(update_fields=["needs_link"])
    record(
        FACTORS_RESET, by=by.as_actor(), about=Thing.of(row), after={"factors": forgotten.factors}, reason=why, at=at
    )
    ending.end_all(owner=row, by=by.as_actor(), reason=why, at=at)
    notices.order(user=row, event=notices.Event.RESET, at=at)
    return links.issue(user=row, by=by.as_actor(), made_by=by, at=at)
