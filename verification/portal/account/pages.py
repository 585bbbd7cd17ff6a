"""What the pages of an account have in common."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from jknoffice import clock
from jknoffice.accounts.address import client_address
from jknoffice.accounts.limits import Limit
from jknoffice.audit.log import Thing, record_alone
from jknoffice.errors import told
from jknoffice.refusal import Refusal
from participants.account import SELF
from participants.models import ParticipantAccount
from verification.models.account_code import Purpose
from verification.portal import limits as portal_limits
from verification.portal.account import limits, pending, signed_in
from verification.portal.pages import View, page
from verification.self_service import codes

OwnView = Callable[[HttpRequest, ParticipantAccount], HttpResponse]


def own_page(view: OwnView) -> View:
    """Decorate a view for whoever is logged in; others are led to the log-in."""

    @page
    @sensitive_post_parameters()
    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        account = signed_in.held(request)
        if account is None:
            messages.info(request, _("Please log in first. For your safety a log-in ends after 30 minutes of rest."))
            return redirect("account:login")
        return view(request, account)

    return inner


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, refusal: Refusal | None = None
) -> HttpResponse:
    """Return a page of the account; the status is 429 (RFC 6585) when a limit is used up."""
    return told(render(request, f"portal/account/{template}.html", {**context, "refusal": refusal}), refusal)


def language() -> str:
    """Return the language of the page, as messages are kept in it."""
    return (get_language() or "id")[:2]


def without_code(request: HttpRequest, beginning: str) -> HttpResponse:
    """Lead to the `beginning` (the name of a page) who comes without a code.

    A form that is sent may have worked the first time, and the answer been lost on the way: it leads to the log-in.
    """
    if request.method != "POST":
        return redirect(beginning)
    messages.info(
        request, _("It may have worked the first time already: try to log in. If you cannot, please begin again.")
    )
    return redirect("account:login")


def order_code(request: HttpRequest, *, purpose: Purpose, given: Mapping[str, str], who: str) -> None:
    """Ask for a code, and let this browser's page wait for it. `who` is counted, beside the address.

    Raises `TooMany` and `codes.TooManyCodes`.
    """
    counted: tuple[tuple[Limit, str], ...] = (
        (limits.ORDER_HERE, client_address(request)),
        (limits.ORDER_FOR_ONE, f"{purpose} {who}"),
    )
    for limit, subject in counted:
        portal_limits.demand(limit, subject, refusal=limits.REFUSED)
    row = codes.order(purpose=purpose, given=given, language=language(), at=clock.now())
    pending.keep_code(request.session, pending.Ordered(code_id=row.pk, purpose=purpose, given=given))


def order_email_code(request: HttpRequest, *, account: ParticipantAccount, email: str) -> None:
    """Ask for a code to a new address of `account`. Raises what `order_code()` raises."""
    who = str(account.pk)
    order_code(request, purpose=Purpose.EMAIL, given={"account": who, "email": email}, who=who)


def record_refusal(account: ParticipantAccount, refusal: Refusal) -> None:
    """Record that somebody was refused a change of their own data; to be called outside a transaction."""
    record_alone(limits.REFUSED, by=SELF, about=Thing.of(account), subject=account.peserta.uuid, reason=refusal.code)
