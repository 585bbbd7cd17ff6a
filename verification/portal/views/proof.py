"""What opens a request fully: the private link from our SMS, or a fresh code to the new number."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jknoffice import clock
from jknoffice.accounts.address import client_address
from jknoffice.refusal import Refusal
from participants import phone
from verification import changes
from verification.changes.proof import NothingToProve
from verification.codes import Outcome
from verification.portal import access, grant
from verification.portal.forms import CodeForm
from verification.portal.pages import look_up_again, page, private_page
from verification.portal.views.code import told


@private_page
def private(request: HttpRequest, *, secret: str) -> HttpResponse:
    """Open the request that the link is about, at an address without the secret."""
    try:
        found = access.find_by_link(secret=secret, address=client_address(request), at=clock.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("portal:status")
    grant.give(request.session, found, proved=True)
    return redirect("portal:case")


@page
def proof(request: HttpRequest) -> HttpResponse:
    """Send a code to the new number, then ask for it."""
    case = grant.held(request.session)
    if case is None:
        return look_up_again(request)
    if grant.is_proved(request.session, case):
        return redirect("portal:case")
    form = CodeForm(request.POST if "code" in request.POST else None)
    if form.is_valid():
        try:
            answer = changes.prove(request=case, typed=form.cleaned_data["code"])
        except NothingToProve:
            return redirect("portal:case")
        if answer.outcome is Outcome.CONFIRMED:
            grant.give(request.session, case, proved=True)
            messages.success(request, _("Thank you. You can now change this request."))
            return redirect("portal:case")
        form.add_error("code", told(answer))
    return render(request, "portal/proof.html", {"form": form, "number": phone.mask(case.new_phone)})


@page
def send(request: HttpRequest) -> HttpResponse:
    """Send the code."""
    case = grant.held(request.session)
    if case is None:
        return look_up_again(request)
    if request.method == "POST":
        try:
            changes.send_proof(request=case)
        except Refusal as refusal:
            access.record_no_code(case, refusal)
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("A new code is on its way. Earlier codes no longer work."))
    return redirect("portal:proof")
