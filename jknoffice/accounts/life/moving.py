"""Moving to another branch or role, suspension and its end, and leaving for good."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.life import proposals, rules
from jknoffice.accounts.life.handing_back import hand_back
from jknoffice.accounts.life.rules import Why
from jknoffice.accounts.login import links
from jknoffice.accounts.models import Branch, Proposal, User
from jknoffice.accounts.models.user import State
from jknoffice.accounts.roles import Role, rights_of
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal

MOVED, SUSPENDED, LIFTED, LEFT = "account.moved", "account.suspended", "account.lifted", "account.left"


class NothingChanges(Refusal):
    """Role and branch are those that the person has."""

    code = "nothing_changes"
    sentence = _("The person has this role at this branch already.")


@transaction.atomic
def move(
    *, user: User, role: Role, branch: Branch | None, why: Why, by: User, at: datetime | None = None
) -> Proposal | None:
    """Give somebody another role, another branch or both. Their sessions end, and what they hold goes back.

    Who is to become a staff administrator is not moved yet: the proposal is returned that a second one confirms.
    Raises what `rules.both()` raises, `rules.NotInThisState`, `rules.NeedsBranch`, `rules.LastAdmin`,
    `NothingChanges`, and for a staff administrator `rules.NeverLoggedIn`, `rules.YouLetThemIn` and
    `proposals.AlreadyAsked`.
    """
    at = at or clock.now()
    row, me = rules.both(user=user, by=by)
    rules.demand_state(row, State.INVITED, State.ACTIVE, State.SUSPENDED)
    if rights_of(role).needs_branch and branch is None:
        raise rules.NeedsBranch
    if (row.role, row.branch) == (role, branch):
        raise NothingChanges
    if role is Role.ADMIN and row.role != Role.ADMIN:
        rules.demand_entered(row)
        rules.demand_let_in_by_another(row, me)
        return proposals.open_one(kind=Proposal.Kind.ROLE, row=row, why=why.value, by=me, branch=branch, at=at)
    if role is not Role.ADMIN:
        rules.demand_another_admin(row)
    put(row, role=role, branch=branch, why=why.value, by=me, at=at)
    return None


def put(row: User, *, role: Role, branch: Branch | None, why: str, by: User, at: datetime) -> None:
    """Write the new place of a locked account, and record it."""
    before = _place(row)
    row.role, row.branch = role, branch
    row.save(update_fields=["role", "branch"])
    after = _place(row) | {"handed_back": hand_back(user=row, by=by.as_actor(), at=at)}
    record(MOVED, by=by.as_actor(), about=Thing.of(row), before=before, after=after, reason=why, at=at)


@transaction.atomic
def suspend(*, user: User, why: Why, by: User, at: datetime | None = None) -> None:
    """Shut somebody out until it is lifted. Sessions and a living link end, and what they hold goes back.

    Raises what `rules.both()` raises, `rules.NotInThisState` and `rules.LastAdmin`.
    """
    at = at or clock.now()
    row, me = rules.both(user=user, by=by)
    rules.demand_state(row, State.INVITED, State.ACTIVE)
    _stop(row, SUSPENDED, why, me, at, suspended_by=me, suspended_at=at)


@transaction.atomic
def lift(*, user: User, why: Why, by: User, at: datetime | None = None) -> None:
    """Let somebody who was suspended log in again. Raises what `rules.both()` raises, and `rules.NotInThisState`."""
    at = at or clock.now()
    row, me = rules.both(user=user, by=by)
    rules.demand_state(row, State.SUSPENDED)
    row.is_active, row.suspended_by, row.suspended_at = True, None, None
    row.save(update_fields=["is_active", "suspended_by", "suspended_at"])
    record(LIFTED, by=me.as_actor(), about=Thing.of(row), reason=why.value, at=at)


@transaction.atomic
def leave(*, user: User, why: Why, by: User, at: datetime | None = None) -> None:
    """Close an account for good. Its row and its user name stay taken, and nothing brings it back.

    Raises what `rules.both()` raises, `rules.NotInThisState` for who has left already, and `rules.LastAdmin`.
    """
    at = at or clock.now()
    row, me = rules.both(user=user, by=by)
    rules.demand_state(row, *(state for state in State if state is not State.LEFT))
    _stop(row, LEFT, why, me, at, suspended_by=None, suspended_at=None, left_by=me, left_at=at)


def _stop(row: User, action: str, why: Why, by: User, at: datetime, **columns: object) -> None:
    rules.demand_another_admin(row)
    columns["is_active"] = False
    for column, value in columns.items():
        setattr(row, column, value)
    row.save(update_fields=[*columns])
    links.revoke(user=row, by=by.as_actor(), at=at)
    proposals.close_all(row, by=by, at=at)
    handed_back = hand_back(user=row, by=by.as_actor(), at=at)
    after = {"handed_back": handed_back}
    record(action, by=by.as_actor(), about=Thing.of(row), after=after, reason=why.value, at=at)


def _place(row: User) -> dict[str, str | int]:
    return {"role": row.role, "branch": row.branch.code if row.branch else ""}
