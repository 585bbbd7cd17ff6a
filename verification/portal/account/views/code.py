"""The code that stands for a person, and what it leads to."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jknoffice import clock
from jknoffice.refusal import Refusal
from participants import phone
from participants.account import changing
from verification.codes import Outcome
from verification.models.account_code import Purpose
from verification.portal.account import pending, signed_in
from verification.portal.account.forms import MailedCodeForm
from verification.portal.account.pages import language, order_code, record_refusal, show
from verification.portal.account.pending import Ordered
from verification.portal.forms import CodeForm
from verification.portal.pages import page
from verification.portal.views.code import full_minute, told
from verification.self_service import account as self_service
from verification.self_service import codes

_BEGINNINGS = {
    Purpose.REGISTER: "account:register",
    Purpose.PASSWORD: "account:forgotten",
    Purpose.EMAIL: "account:email",
}


@page
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code."""
    ordered, now = pending.code(request.session), clock.now()
    if ordered is None:
        return _gone(request)
    kind = MailedCodeForm if ordered.purpose is Purpose.EMAIL else CodeForm
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = codes.confirm(code_id=ordered.code_id, typed=form.cleaned_data["code"], at=now)
        if answer.outcome is Outcome.CONFIRMED:
            return _next(request, ordered)
        form.add_error("code", told(answer))
    next_at = codes.next_at(code_id=ordered.code_id, at=now)
    shown = {
        "form": form,
        "number": phone.mask(ordered.given.get("phone", "")),
        "email": ordered.given.get("email", ""),
        "minutes": int(settings.CODE_LIFETIME.total_seconds()) // 60,
        "again_from": full_minute(next_at) if next_at > now else "",
        "again": reverse("account:code_again"),
        "back": reverse(_BEGINNINGS[ordered.purpose]),
        "offers_lost_access": ordered.purpose is not Purpose.EMAIL,
    }
    return show(request, "code", shown)


@page
def again(request: HttpRequest) -> HttpResponse:
    """Send another code to whom the first one went, if to anybody."""
    ordered = pending.code(request.session)
    if ordered is None:
        return _gone(request)
    if request.method == "POST":
        who = ordered.given.get("identifier") or ordered.given.get("account") or ordered.given["name"].strip().lower()
        try:
            order_code(request, purpose=ordered.purpose, given=ordered.given, who=who)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("A new code is on its way. Earlier codes no longer work."))
    return redirect("account:code")


def _next(request: HttpRequest, ordered: Ordered) -> HttpResponse:
    if ordered.purpose is Purpose.REGISTER:
        return redirect("account:choose")
    if ordered.purpose is Purpose.PASSWORD:
        return redirect("account:new_password")
    pending.drop_code(request.session)
    account = signed_in.held(request)
    if account is None:
        return redirect("account:login")
    try:
        self_service.confirm_email(
            code_id=ordered.code_id,
            account=account,
            email=ordered.given["email"],
            language=language(),
            at=clock.now(),
        )
    except (changing.EmailTaken, codes.NoProof) as refusal:
        record_refusal(account, refusal)
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Your e-mail address has been saved. You can log in with it from now on."))
    return redirect("account:data")


def _gone(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and signed_in.held(request):
        # An answer may have been lost: the page says what is registered now, whether the first one worked or not.
        messages.info(request, _("This code has been used already, or its time is over. See here what is registered."))
        return redirect("account:data")
    messages.warning(request, _("We no longer have your entries: they are kept for half an hour. Please begin again."))
    return redirect("account:menu" if signed_in.held(request) else "account:login")
