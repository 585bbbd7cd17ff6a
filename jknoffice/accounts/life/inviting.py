"""Inviting somebody, and the links that let them in."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.life import letters, proposals, rules
from jknoffice.accounts.login import links
from jknoffice.accounts.models import Branch, Proposal, User
from jknoffice.accounts.models.user import State
from jknoffice.accounts.roles import Role
from jknoffice.accounts.staff import create_staff
from jknoffice.refusal import Refusal


class NoLinkNeeded(Refusal):
    """Whoever has password and second step logs in with them."""

    code = "no_link_needed"
    sentence = _("This person needs no link: they log in with password and second step.")


class NoLink(Refusal):
    """There is none that works."""

    code = "no_link"
    sentence = _("This person has no link that works.")


@transaction.atomic
def invite(
    *,
    username: str,
    full_name: str,
    nik: str,
    role: Role,
    branch: Branch | None,
    by: User,
    email: str = "",
    at: datetime | None = None,
) -> tuple[User, str]:
    """Create an account without a password; return it, and the one-time link to hand over.

    The link also goes to `email` by mail. For a staff administrator there is no link yet ("") and the account lets
    nobody in: a second administrator confirms first (`proposing.confirm()`). Raises `rules.NoRight`, and
    `staff.StaffRefused` with everything that is wrong.
    """
    at = at or clock.now()
    me = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not me.has_perm(rules.MANAGE):
        raise rules.NoRight
    waits = role is Role.ADMIN
    user = create_staff(
        username=username,
        full_name=full_name,
        role=role,
        branch=branch,
        nik=nik,
        password=None,
        email=email,
        is_active=not waits,
        by=me.as_actor(),
        at=at,
    )
    if user.person_id == me.person_id:
        raise rules.Yourself
    if waits:
        proposals.open_one(kind=Proposal.Kind.ACCOUNT, row=user, why="", by=me, at=at)
        return user, ""
    return user, _link(user, me, at)


@transaction.atomic
def invite_again(*, user: User, by: User, at: datetime | None = None) -> str:
    """Make a new one-time link for who needs one, and return it; an earlier one is dead.

    Who has never logged in sets the password anew with it. Raises what `rules.both()` raises, `rules.NotInThisState`,
    `rules.HandedPassword`, `rules.ConfirmersLink` and `NoLinkNeeded`.
    """
    at = at or clock.now()
    row, me = rules.both(user=user, by=by)
    rules.demand_state(row, State.INVITED, State.ACTIVE)
    if not row.needs_link:
        raise NoLinkNeeded
    if row.state is State.ACTIVE:  # after a reset: it is handed over in person, and the password is still asked for
        rules.demand_other_hand(row, me)
        return links.issue(user=row, by=me.as_actor(), made_by=me, at=at)
    if not rules.may_hand_invitation(user=row, by=me):
        raise rules.ConfirmersLink
    row.set_unusable_password()
    row.save(update_fields=["password"])
    return _link(row, me, at)


@transaction.atomic
def revoke_link(*, user: User, by: User, at: datetime | None = None) -> None:
    """Let the link of somebody work no more. Raises what `rules.both()` raises, and `NoLink`."""
    at = at or clock.now()
    row, me = rules.both(user=user, by=by)
    if not links.revoke(user=row, by=me.as_actor(), at=at):
        raise NoLink


def _link(user: User, by: User, at: datetime) -> str:
    link = links.issue(user=user, by=by.as_actor(), made_by=by, at=at)
    letters.invite(user=user, link=link, at=at)
    return link
