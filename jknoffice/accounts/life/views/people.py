"""The list of staff, and the page of one account."""

from collections.abc import Mapping

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jknoffice import clock
from jknoffice.accounts.life.forms import ListForm
from jknoffice.accounts.life.listing import page_of
from jknoffice.accounts.life.views.pages import managing, number_in, page, staff_of, user_of
from jknoffice.accounts.login import factors
from jknoffice.accounts.models import Proposal, StaffLink, User
from jknoffice.accounts.models.user import State
from jknoffice.audit.log import Thing
from jknoffice.audit.trail import trail_of

SHOWN = 10
"""Steps of the history that the page shows; the log has the rest."""


@require_safe
@managing
def people(request: HttpRequest) -> HttpResponse:
    """List the staff, or those that the address asks for."""
    form = ListForm(request.GET)
    found = page_of(form.wanted(), after=number_in(request.GET.get("after", "")))
    query = request.GET.copy()
    query.pop("after", None)
    return page(request, "staff", title=_("Staff"), form=form, page=found, query=query.urlencode())


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
    living = StaffLink.objects.filter(user=owner, used_at=None, revoked_at=None, expires_at__gt=now).first()
    waits = Proposal.objects.filter(user=owner, confirmed_at=None, withdrawn_at=None, expires_at__gte=now).first()
    possible = (
        []
        if own
        else [name for name, step in STEPS.items() if step.is_for(owner, living, waits, has_factor=has_factor)]
    )
    return page(
        request,
        "staff_person",
        title=owner.full_name,
        owner=owner,
        state=state,
        own=own,
        has_factor=has_factor,
        link=living,
        may_link=not own and owner.needs_link and state in {State.INVITED, State.ACTIVE},
        waits=waits,
        forms=[
            (name, STEPS[name].words, given.get(name) or STEPS[name].form(owner=owner), name in given)
            for name in possible
        ],
        trail=trail_of(about=Thing.of(owner))[:SHOWN],
    )
