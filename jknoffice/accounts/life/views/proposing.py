"""What waits for a second staff administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jknoffice import clock
from jknoffice.accounts.life import proposals, proposing
from jknoffice.accounts.life.views.pages import link_page, managing, page, refuse, user_of
from jknoffice.accounts.login.views.again import ask_again
from jknoffice.accounts.models import Proposal
from jknoffice.refusal import Refusal

LIST = "admin:staff_waiting"


@require_safe
@managing
def waiting(request: HttpRequest) -> HttpResponse:
    """List what waits, the oldest first."""
    me = user_of(request)
    waits = proposals.waiting(clock.now())
    rows = waits.select_related("user__branch", "asked_by", "branch").order_by("asked_at", "pk")
    shown = [(row, row.asked_by.person_id == me.person_id, row.user.person_id == me.person_id) for row in rows]
    return page(request, "staff_waiting", title=_("Waits for a second administrator"), rows=shown)


@never_cache
@require_POST
@managing
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm as the second person, and show the link where there is one."""
    proposal = get_object_or_404(Proposal.objects.select_related("user"), pk=pk)
    if asked := ask_again(request, proposal.get_kind_display(), proposal.user.full_name, proposal.user.username):
        return asked
    try:
        link = proposing.confirm(proposal=proposal, by=user_of(request))
    except Refusal as refusal:
        refuse(request, refusal, proposal.user)
        return redirect(LIST)
    if link:
        proposal.user.refresh_from_db()
        return link_page(request, proposal.user, link)
    messages.success(request, _("It is confirmed and done."))
    return redirect(LIST)


@require_POST
@managing
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal back."""
    proposal = get_object_or_404(Proposal.objects.select_related("user"), pk=pk)
    try:
        proposing.withdraw(proposal=proposal, by=user_of(request))
    except Refusal as refusal:
        refuse(request, refusal, proposal.user)
    else:
        messages.success(request, _("It is withdrawn."))
    return redirect(LIST)
