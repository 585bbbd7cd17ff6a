"""The first page, and the way out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jknoffice.headers import forgetting
from verification.portal import draft as drafts
from verification.portal import grant
from verification.portal.account import signed_in
from verification.portal.pages import page


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Say what can be done here, and what is needed for it."""
    return render(request, "portal/start.html")


@page
def leave(request: HttpRequest) -> HttpResponse:
    """Forget in this browser what was typed and which request was opened: for a phone or computer that is shared."""
    if request.method == "POST":
        drafts.clear(request.session)
        grant.drop(request.session)
        signed_in.end(request)
        messages.success(request, _("Your entries have been removed from this device."))
        return forgetting(redirect("portal:start"))
    return redirect("portal:start")
