"""A forgotten password, and a new one for who knows the old one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from jknoffice import clock
from jknoffice.accounts.address import client_address
from jknoffice.refusal import Refusal
from participants.account import login
from participants.models import ParticipantAccount
from verification.models.account_code import Purpose
from verification.portal import trap
from verification.portal.account import limits, pending, signed_in
from verification.portal.account.forms import ForgottenForm, NewPasswordForm, OwnPasswordForm
from verification.portal.account.pages import language, order_code, own_page, show, without_code
from verification.portal.pages import page
from verification.self_service import account as self_service
from verification.self_service import codes
from verification.self_service.codes import NoProof


@page
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for user name or e-mail; a code goes to the registered number, if there is such an account."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    refusal: Refusal | None = trap.sprung(request, refusal=limits.REFUSED)
    if not refusal and form.is_valid():
        name = form.cleaned_data["name"].strip().lower()
        try:
            order_code(request, purpose=Purpose.PASSWORD, given={"name": name}, who=name)
        except Refusal as error:
            refusal = error
        else:
            return redirect("account:code")
    return show(request, "forgotten", {"form": form}, refusal=refusal)


@page
@sensitive_post_parameters()
def new(request: HttpRequest) -> HttpResponse:
    """Take a new password from whom a code has proved."""
    ordered = pending.code(request.session)
    if ordered is None or ordered.purpose is not Purpose.PASSWORD:
        return without_code(request, "account:forgotten")
    account = ParticipantAccount.objects.filter(peserta=codes.proved(code_id=ordered.code_id)).first()
    if account is None:
        return redirect("account:code")
    form = NewPasswordForm(request.POST if request.method == "POST" else None, account=account)
    if form.is_valid():
        try:
            self_service.reset_password(
                code_id=ordered.code_id, new=form.cleaned_data["new_password"], language=language(), at=clock.now()
            )
        except NoProof:
            return redirect("account:code")
        pending.drop_code(request.session)
        messages.success(request, _("Your new password is saved. Log in with it now."))
        return redirect("account:login")
    return show(request, "new_password", {"form": form})


@own_page
def own(request: HttpRequest, account: ParticipantAccount) -> HttpResponse:
    """Change the password of who is logged in; other sessions of the account end by that."""
    form, refusal = OwnPasswordForm(request.POST if request.method == "POST" else None, account=account), None
    if form.is_valid():
        now = clock.now()
        try:
            login.check(
                name=account.username,
                password=form.cleaned_data["old_password"],
                address=client_address(request),
                at=now,
            )
        except login.LoginRefused:
            form.add_error("old_password", _("This is not your password."))
        except Refusal as error:
            refusal = error
        else:
            self_service.change_password(
                account=account, new=form.cleaned_data["new_password"], language=language(), at=now
            )
            signed_in.begin(request, account)
            messages.success(request, _("Your password has been changed."))
            return redirect("account:menu")
    return show(request, "password", {"form": form}, refusal=refusal)
