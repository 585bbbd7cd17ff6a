"""A new number or e-mail address: typed, then confirmed by the password, before any code goes out."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from jknoffice import clock
from jknoffice.accounts.address import UNKNOWN, client_address
from jknoffice.refusal import Refusal
from participants import phone as phones
from participants.account import login
from participants.models import ParticipantAccount
from verification.changes.intake import AlreadyOpen
from verification.portal import limits as portal_limits
from verification.portal.account import limits, pending
from verification.portal.account.forms import EmailForm, PasswordAgainForm, PhoneForm
from verification.portal.account.pages import language, order_email_code, own_page, record_refusal, show
from verification.portal.account.pending import Change
from verification.portal.limits import TooMany
from verification.self_service import phone as self_service
from verification.self_service.phone import Wish


@own_page
def phone(request: HttpRequest, account: ParticipantAccount) -> HttpResponse:
    """No. handphone: type the new number and save it."""
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _to_password(request, "phone", form.cleaned_data["new_phone"])
    shown = {"form": form, "number": phones.mask(account.peserta.phone or "")}
    return show(request, "phone", shown)


@own_page
def email(request: HttpRequest, account: ParticipantAccount) -> HttpResponse:
    """E-mail: type the new address and save it."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _to_password(request, "email", form.cleaned_data["email"])
    return show(request, "email", {"form": form})


def _to_password(request: HttpRequest, what: str, value: str) -> HttpResponse:
    pending.keep_change(request.session, Change(what=what, value=value, submission=str(uuid4())))
    return redirect("account:confirm")


@own_page
def confirm(request: HttpRequest, account: ParticipantAccount) -> HttpResponse:
    """Ask for the password again (OWASP ASVS 5.0, 7.5.1); then a code goes to the new number or address."""
    change = pending.change(request.session)
    if change is None:
        return _nothing_to_confirm(request, account)
    form, refusal = PasswordAgainForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            login.check(
                name=account.username,
                password=form.cleaned_data["password"],
                address=client_address(request),
                at=clock.now(),
            )
            return _begin(request, account, change)
        except login.LoginRefused:
            form.add_error("password", _("This is not your password."))
        except Refusal as error:
            refusal = error
    shown = {
        "form": form,
        "number": phones.show(change.value) if change.what == "phone" else "",
        "email": change.value if change.what == "email" else "",
        "back": f"account:{change.what}",
        "already_open": isinstance(refusal, AlreadyOpen),
    }
    return show(request, "confirm", shown, refusal=refusal)


def _nothing_to_confirm(request: HttpRequest, account: ParticipantAccount) -> HttpResponse:
    """Lead on who has nothing to confirm: to the code, who sends the password again because the answer got lost."""
    if request.method == "POST":
        if self_service.waiting(account):
            return redirect("account:phone_code")
        if pending.code(request.session):
            return redirect("account:code")
    return redirect("account:data")


def _begin(request: HttpRequest, account: ParticipantAccount, change: Change) -> HttpResponse:
    """Send the code; record a refusal, but not those by a limit, which record themselves."""
    try:
        portal_limits.demand(limits.CHANGE, str(account.pk), refusal=limits.REFUSED)
        if change.what == "email":
            order_email_code(request, account=account, email=change.value)
        else:
            address = client_address(request)
            self_service.begin(
                account=account,
                wish=Wish(new_phone=change.value, submission=UUID(change.submission)),
                language=language(),
                address="" if address == UNKNOWN else address,
            )
    except TooMany:
        raise
    except Refusal as refusal:
        record_refusal(account, refusal)
        raise
    pending.drop_change(request.session)
    return redirect("account:code" if change.what == "email" else "account:phone_code")
