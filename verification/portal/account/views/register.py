"""A new account: who it is for, then user name, e-mail and password. The code stands between the two."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from jknoffice import clock
from jknoffice.refusal import Refusal
from participants.account import creating, login
from participants.models import ParticipantAccount
from verification.models.account_code import Purpose
from verification.portal import trap
from verification.portal.account import limits, pending, signed_in
from verification.portal.account.forms import ChooseForm, ProofForm
from verification.portal.account.pages import order_code, order_email_code, record_refusal, show, without_code
from verification.portal.pages import page
from verification.self_service import account as self_service
from verification.self_service import codes
from verification.self_service.codes import NoProof


@page
def proof(request: HttpRequest) -> HttpResponse:
    """Ask for NIK or card number, date of birth and the registered number; then a code goes out, or none.

    The answer is the same in both cases, and says the same about the other way: lost access.
    """
    form = ProofForm(request.POST if request.method == "POST" else None)
    refusal: Refusal | None = trap.sprung(request, refusal=limits.REFUSED)
    if not refusal and form.is_valid():
        typed = form.cleaned_data
        given = {**typed, "birth_date": typed["birth_date"].isoformat()}
        try:
            order_code(request, purpose=Purpose.REGISTER, given=given, who=typed["identifier"])
        except Refusal as error:
            refusal = error
        else:
            return redirect("account:code")
    return show(request, "register", {"form": form}, refusal=refusal)


@page
@sensitive_post_parameters()
def choose(request: HttpRequest) -> HttpResponse:
    """Ask for user name, e-mail and password, once the code was right; then log in."""
    ordered = pending.code(request.session)
    if ordered is None or ordered.purpose is not Purpose.REGISTER:
        return _nothing_to_choose_for(request)
    peserta = codes.proved(code_id=ordered.code_id)
    if peserta is None:
        return redirect("account:code")
    try:
        creating.demand_none(peserta)
    except creating.HasAccount as has:
        messages.warning(request, str(has))
        return redirect("account:login")
    form, refusal = ChooseForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        typed, now = form.cleaned_data, clock.now()
        try:
            account = self_service.register(
                code_id=ordered.code_id, username=typed["username"], password=typed["new_password"], at=now
            )
        except creating.UsernameTaken as taken:
            form.add_error("username", str(taken))
        except (creating.HasAccount, NoProof) as error:
            refusal = error
        else:
            signed_in.begin(request, account)
            login.enter(account=account, at=now)
            messages.success(request, _("Your account is ready, and you are logged in."))
            return _ask_for_email_code(request, account, typed["email"]) if typed["email"] else _done()
    return show(request, "choose", {"form": form}, refusal=refusal)


def _nothing_to_choose_for(request: HttpRequest) -> HttpResponse:
    return redirect("account:menu") if signed_in.held(request) else without_code(request, "account:register")


def _done() -> HttpResponse:
    return redirect("account:menu")


def _ask_for_email_code(request: HttpRequest, account: ParticipantAccount, email: str) -> HttpResponse:
    """Send a code to the address; the account stands without it."""
    try:
        order_email_code(request, account=account, email=email)
    except Refusal as refusal:
        record_refusal(account, refusal)
        messages.warning(request, str(refusal))
        return _done()
    return redirect("account:code")
