"""The list of staff, and the page of one account."""

from collections.abc import Mapping

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jknoffice import clock, kept
from jknoffice.accounts.life import proposals, rules
from jknoffice.accounts.life.forms import ListForm
from jknoffice.accounts.life.listing import page_of
from jknoffice.accounts.life.views.pages import managing, number_in, page, staff_of, user_of
from jknoffice.accounts.login import factors, links
from jknoffice.accounts.models import User
from jknoffice.accounts.models.user import State
from jknoffice.audit.log import Thing
from jknoffice.audit.trail import trail_of

_SHELF = "accounts.named"
SHOWN = 10
"""Steps of the history that the page shows; the log has the rest."""


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def people(request: HttpRequest) -> HttpResponse:
    """List the staff, or those that the address asks for; by POST, go to the address that asks.

    A name stands in no address: what was typed is kept in the session, and the address has an id for it (`named`).
    """
    query = request.GET.copy()
    for gone in ("after", "q"):
        query.pop(gone, None)
    if request.method == "POST":
        form = ListForm(request.POST)
        if form.is_valid():
            return redirect(_address(_asked(request, form)))
    else:
        named = request.GET.get("named", "")
        text = kept.recall(request.session, _SHELF, named) if named else ""
        if text is None:
            messages.info(request, _("The search for a name is over after 15 minutes. Type the name again."))
            del query["named"]
            return redirect(_address(query))
        form = ListForm({**query.dict(), "q": text})
    found = page_of(form.wanted(), after=number_in(request.GET.get("after", "")))
    return page(request, "staff", title=_("Staff"), form=form, page=found, query=query.urlencode())


def _asked(request: HttpRequest, form: ListForm) -> QueryDict:
    """Return what a list is narrowed by as its address says it."""
    query = QueryDict(mutable=True)
    for name in form.fields:
        if name != "q" and (typed := request.POST.get(name)):
            query[name] = typed
    if text := form.cleaned_data["q"]:
        query["named"] = kept.keep(request.session, _SHELF, text)
    return query


def _address(query: QueryDict) -> str:
    return f"{reverse('admin:accounts_user_changelist')}?{query.urlencode()}".rstrip("?")


@require_safe
@managing
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one account, and what can be done with it."""
    return person_page(request, staff_of(pk), {})


def person_page(request: HttpRequest, owner: User, given: Mapping[str, Form]) -> HttpResponse:
    """Return the page of an account; `given` are forms by step that were sent and are not valid."""
    from jknoffice.accounts.life.views.steps import STEPS  # it shows this page

    now, me = clock.now(), user_of(request)
    state = owner.state
    own = owner.person_id == me.person_id
    has_factor = factors.has_second_factor(owner)
    living = links.living(now).filter(user=owner).first()
    waits = proposals.waiting(now).filter(user=owner).first()
    possible = (
        []
        if own
        else [name for name, step in STEPS.items() if step.is_for(owner, living, waits, has_factor=has_factor)]
    )
    return page(
        request,
        "staff_person",
        title=_("Account of a staff member"),
        owner=owner,
        state=state,
        own=own,
        has_factor=has_factor,
        link=living,
        may_link=not own and owner.needs_link and state in {State.INVITED, State.ACTIVE},
        confirmers_link=not rules.may_hand_invitation(user=owner, by=me),
        waits=waits,
        forms=[
            (name, STEPS[name].words, given.get(name) or STEPS[name].form(owner=owner), name in given)
            for name in possible
        ],
        trail=trail_of(about=Thing.of(owner))[:SHOWN],
    )
