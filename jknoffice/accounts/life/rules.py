"""What holds for every step: who may take it, about whom, and in which order the rows are locked."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.login import links
from jknoffice.accounts.models import Proposal, User
from jknoffice.accounts.models.user import State
from jknoffice.accounts.roles import Role
from jknoffice.refusal import Refusal

MANAGE = "accounts.manage_staff"
"""The permission, from `roles.py`."""
REFUSED = "account.staff_refused"
"""What the log calls it when a step or a look was refused."""


class Why(models.TextChoices):
    """Why somebody is moved, suspended or gone, or may come back."""

    TRANSFER = "transfer", _("Works elsewhere from now on")
    NEW_TASK = "new_task", _("Has got another task")
    ABSENCE = "absence", _("Is away for a long time")
    INQUIRY = "inquiry", _("An inquiry is under way")
    MISUSE = "misuse", _("The account may be misused")
    BACK = "back", _("Is back at work")
    CLEARED = "cleared", _("The inquiry has found nothing")
    LEFT = "end_of_work", _("The work has ended")
    MISTAKE = "entered_wrongly", _("The account was entered wrongly")


class ResetWhy(models.TextChoices):
    """Why a second step is reset."""

    LOST = "device_lost", _("A device is lost or stolen")
    BROKEN = "device_broken", _("The device does not work any more")
    SUSPICION = "suspicion", _("Somebody else may have used the account")


class VoidWhy(models.TextChoices):
    """Why a password is made void."""

    FORGOTTEN = "password_forgotten", _("The password is forgotten")
    SUSPICION = "suspicion", _("Somebody else may have used the account")


class NoRight(Refusal):
    """The role does not carry the permission, or does not any more."""

    code = "no_right"
    sentence = _("Your role may not do this.")


class Yourself(Refusal):
    """Nobody acts on an account of their own, nor confirms what is about themselves."""

    code = "yourself"
    sentence = _("This account is your own. Another staff administrator has to do it.")


class LastAdmin(Refusal):
    """Somebody has to be left who can do this."""

    code = "last_admin"
    sentence = _("This is the last active staff administrator. Make another one first.")


class NotInThisState(Refusal):
    """The account does not stand where the step begins, perhaps because a colleague was faster."""

    code = "not_in_this_state"

    def __init__(self, state: State) -> None:
        said = _("This is not possible now: the account is in the state “%(state)s”.")
        super().__init__(said % {"state": state.label})


class HandedPassword(Refusal):
    """The link to the password and the link to the second step come from two persons."""

    code = "handed_password"
    sentence = _(
        "You made the link with which the present password was chosen. Another staff administrator has to make this"
        " link: for a reset, ask for it yourself and let them confirm."
    )


class ConfirmersLink(Refusal):
    """The link that makes somebody a working administrator is handed over by whoever confirmed that they become one."""

    code = "confirmers_link"
    sentence = _(
        "Who confirmed this staff administrator makes their link, and nobody else. If that is not possible any more,"
        " close this account and invite the person anew under another user name."
    )


class NeverLoggedIn(Refusal):
    """Whoever holds the link or the first password of an account that nobody has entered would enter it."""

    code = "never_logged_in"
    sentence = _(
        "This person has never logged in. Let them log in first, or close this account and invite them as a staff"
        " administrator under another user name."
    )


class YouLetThemIn(Refusal):
    """Who handed the invitation over may be who came in with it, and would ask for a role of their own."""

    code = "you_let_them_in"
    sentence = _(
        "You made the link with which this person came in. Another staff administrator has to ask for it, and you can"
        " confirm."
    )


class NeedsBranch(Refusal):
    """Operators and supervisors work at a branch."""

    code = "needs_branch"
    sentence = _("This role works at a branch: name one.")


def both(*, user: User, by: User) -> tuple[User, User]:
    """Return the rows of `user` and of `by` as they are now, locked until the transaction ends.

    All administrators are locked with them, in the order of their numbers: two of them who take steps about each other
    wait and do not die, and one cannot be taken away behind the other's back. Cases may still be written meanwhile.
    Raises `NoRight` and `Yourself`.
    """
    wanted = Q(pk__in=[user.pk, by.pk]) | Q(role=Role.ADMIN)
    rows = {row.pk: row for row in User.objects.select_for_update(no_key=True).filter(wanted).order_by("pk")}
    row, me = rows[user.pk], rows[by.pk]
    if not me.has_perm(MANAGE):
        raise NoRight
    if me.person_id == row.person_id:
        raise Yourself
    return row, me


def demand_state(row: User, *states: State) -> None:
    """Raise `NotInThisState` unless the account is in one of these."""
    if row.state not in states:
        raise NotInThisState(row.state)


def demand_entered(row: User) -> None:
    """Raise `NeverLoggedIn` while nobody has entered an account: for every step to the role of an administrator."""
    if row.last_login is None:
        raise NeverLoggedIn


def demand_let_in_by_another(row: User, by: User) -> None:
    """Raise `YouLetThemIn` when `by` made the link with which an account was entered for the first time, by person."""
    first = links.first_used(user=row)
    if first is not None and first.made_by is not None and first.made_by.person_id == by.person_id:
        raise YouLetThemIn


def demand_other_hand(row: User, by: User) -> None:
    """Raise `HandedPassword` when `by` may know the password of this locked account: nobody holds both halves of it.

    For every step that makes a link to the second step of who has a password.
    """
    if links.handed_password(user=row, by=by):
        raise HandedPassword


def may_hand_invitation(*, user: User, by: User) -> bool:
    """Return whether `by` may hold the link with which an account is entered for the first time, by person.

    For an account of a staff administrator that is who confirmed it: who asked for it, or stood by, would else be two
    administrators with that link. Where somebody has entered it, there is no such link any more.
    """
    if user.role != Role.ADMIN or user.state is not State.INVITED:
        return True
    confirmed = Proposal.objects.filter(user=user, kind=Proposal.Kind.ACCOUNT, confirmed_by__person_id=by.person_id)
    return confirmed.exists()


def demand_another_admin(row: User) -> None:
    """Raise `LastAdmin` when no other administrator can work if this locked one does not; the database holds it too."""
    others = User.objects.filter(role=Role.ADMIN, is_active=True, needs_link=False).exclude(pk=row.pk)
    if row.role == Role.ADMIN and row.is_active and not others.exists():
        raise LastAdmin
