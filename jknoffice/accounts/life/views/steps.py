"""The steps of an account: each is a POST of its own, to an address of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jknoffice.accounts.life import inviting, moving, passwords, proposing
from jknoffice.accounts.life.forms import AboutForm, LeaveForm, LiftForm, MoveForm, ResetForm, SuspendForm, VoidForm
from jknoffice.accounts.life.views.pages import PERSON, link_page, managing, refuse, staff_of, user_of
from jknoffice.accounts.life.views.people import person_page
from jknoffice.accounts.login.views.again import ask_again
from jknoffice.accounts.models import Proposal, StaffLink, User
from jknoffice.accounts.models.user import State
from jknoffice.refusal import Refusal

_ASKED = _("A second staff administrator has to confirm it within 24 hours.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the page says of a step: its name, what it does, the button; and whether it takes something away."""

    name: str | Promise
    does: str | Promise
    button: str | Promise
    is_bad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step: its form, the domain call, what is said when it is done, and in which states its form is shown.

    A call that returns a text has made a one-time link: it is shown, this once.
    """

    form: type[AboutForm]
    do: Callable[..., Proposal | str | None]
    done: str | Promise
    words: Words
    states: frozenset[State]
    needs_link: bool = False
    needs_factor: bool = False

    def is_for(self, owner: User, link: StaffLink | None, waits: Proposal | None, *, has_factor: bool) -> bool:
        """Return whether the page offers the step; the domain judges again."""
        asks = self.do in {proposing.ask_account, proposing.ask_reset}
        lacks = (self.needs_link and link is None) or (self.needs_factor and not has_factor)
        return owner.state in self.states and not lacks and not (asks and waits)


STEPS: dict[str, Step] = {
    "move": Step(
        form=MoveForm,
        do=moving.move,
        done=_("The person works in the new place now. They are logged out, and their cases are given back."),
        words=Words(
            name=_("Move"),
            does=_("Ends the sessions and gives claimed cases back. A second person confirms a new administrator."),
            button=_("Move"),
        ),
        states=frozenset({State.INVITED, State.ACTIVE, State.SUSPENDED}),
    ),
    "void": Step(
        form=VoidForm,
        do=passwords.void,
        done="",
        words=Words(
            name=_("Forgotten password"),
            does=_(
                "Only for whom you know or see in person. The password does not work any more, all sessions end, and"
                " you get a one-time link to hand over: with it the person chooses a new password. Their second step"
                " is asked for as ever."
            ),
            button=_("Make the password void"),
            is_bad=True,
        ),
        states=frozenset({State.ACTIVE}),
        needs_factor=True,
    ),
    "reset": Step(
        form=ResetForm,
        do=proposing.ask_reset,
        done=_ASKED,
        words=Words(
            name=_("Reset the second step"),
            does=_(
                "Only for whom you know or see in person. A second staff administrator confirms it and gets a one-time"
                " link to hand over; authenticators and recovery codes are deleted, and the person is told by e-mail."
            ),
            button=_("Ask for the reset"),
        ),
        states=frozenset({State.ACTIVE}),
    ),
    "release": Step(
        form=AboutForm,
        do=proposing.ask_account,
        done=_ASKED,
        words=Words(
            name=_("Ask anew"),
            does=_("A second staff administrator has to release this account before anybody can log in with it."),
            button=_("Ask for the release"),
        ),
        states=frozenset({State.WAITING}),
    ),
    "unlink": Step(
        form=AboutForm,
        do=inviting.revoke_link,
        done=_("The link does not work any more."),
        words=Words(
            name=_("Revoke the link"),
            does=_("The link does not let anybody in any more. You can make a new one."),
            button=_("Revoke the link"),
            is_bad=True,
        ),
        states=frozenset({State.INVITED, State.ACTIVE}),
        needs_link=True,
    ),
    "suspend": Step(
        form=SuspendForm,
        do=moving.suspend,
        done=_("The account is suspended. The person is logged out, and their cases are given back."),
        words=Words(
            name=_("Suspend"),
            does=_("Nobody logs in until it is lifted. Ends the sessions and gives claimed cases back."),
            button=_("Suspend"),
            is_bad=True,
        ),
        states=frozenset({State.INVITED, State.ACTIVE}),
    ),
    "lift": Step(
        form=LiftForm,
        do=moving.lift,
        done=_("The suspension is lifted. The person logs in as before."),
        words=Words(
            name=_("Lift the suspension"),
            does=_("The person logs in with password and second step as before."),
            button=_("Lift the suspension"),
        ),
        states=frozenset({State.SUSPENDED}),
    ),
    "leave": Step(
        form=LeaveForm,
        do=moving.leave,
        done=_("The account is closed for good. The cases are given back."),
        words=Words(
            name=_("Left"),
            does=_("For good: nothing brings the account back, and the user name is not given away again."),
            button=_("Close the account for good"),
            is_bad=True,
        ),
        states=frozenset(State) - {State.LEFT},
    ),
}


def view_of(name: str) -> Callable[..., HttpResponse]:
    """Return the view of a step."""
    step = STEPS[name]

    @never_cache
    @require_POST
    @managing
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        owner = staff_of(pk)
        form = step.form(request.POST, owner=owner)
        if not form.is_valid():
            return person_page(request, owner, {name: form})
        if asked := ask_again(request, step.words.name, owner.full_name, owner.username):
            return asked
        try:
            made = step.do(user=owner, by=user_of(request), **_given(form))
        except Refusal as refusal:
            refuse(request, refusal, owner)
        else:
            if isinstance(made, str):
                return link_page(request, owner, made)
            messages.success(request, str(_ASKED if made else step.done))
        return redirect(PERSON, pk)

    return view


def _given(form: AboutForm) -> dict[str, Any]:
    return form.cleaned_data
