"""Logging in and out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from jknoffice import clock
from jknoffice.accounts.address import client_address
from jknoffice.headers import forgetting
from jknoffice.refusal import Refusal
from participants.account import login
from verification.portal.account import signed_in
from verification.portal.account.forms import LoginForm
from verification.portal.account.pages import show
from verification.portal.pages import page


@page
@sensitive_post_parameters()
def log_in(request: HttpRequest) -> HttpResponse:
    """Ask for user name or e-mail, and password."""
    if request.method != "POST" and signed_in.held(request):
        return redirect("account:menu")
    form, refusal = LoginForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        now = clock.now()
        try:
            account = login.check(**form.cleaned_data, address=client_address(request), at=now)
        except Refusal as error:
            refusal = error
        else:
            signed_in.begin(request, account)
            login.enter(account=account, at=now)
            return redirect("account:menu")
    return show(request, "login", {"form": form}, refusal=refusal)


@page
def log_out(request: HttpRequest) -> HttpResponse:
    """End the participant's session."""
    account = signed_in.held(request) if request.method == "POST" else None
    if account:
        login.leave(account=account)
        signed_in.end(request)
        messages.success(request, _("You are logged out."))
        return forgetting(redirect("account:login"))
    return redirect("account:login")
