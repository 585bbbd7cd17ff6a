""" "Not me": the page behind the link in the notices to the old number and by e-mail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jknoffice.accounts.address import client_address
from jknoffice.audit.log import record_alone
from jknoffice.refusal import Refusal
from verification import changes
from verification.portal import limits
from verification.portal.limits import VISITOR, TooMany
from verification.portal.pages import private_page, show
from verification.states import Status

REFUSED = "request.objection_refused"
_KEY = "portal_objected"


@private_page
def confirm(request: HttpRequest, *, secret: str) -> HttpResponse:
    """Ask once, the same for every link; only the answer does anything."""
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            limits.demand(limits.NOT_ME, client_address(request), refusal=REFUSED)
            request.session[_KEY] = changes.not_me(secret=secret)
        except TooMany as error:
            refusal = error
        except Refusal as error:
            record_alone(REFUSED, by=VISITOR, reason=error.code)
            return render(request, "portal/not_me_over.html", status=404)
        else:
            return redirect("portal:objected")
    return show(request, "portal/not_me.html", {}, refusal=refusal)


@private_page
def done(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    if _KEY not in request.session:
        return redirect("portal:start")
    return render(request, "portal/objected.html", {"frozen": request.session[_KEY] == Status.FROZEN})
