"""The first log-in: an authenticator or a passkey is set up, and recovery codes are handed out."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.models import Device

from jknoffice import clock, qr
from jknoffice.accounts.login import authenticator, factors, links, pending
from jknoffice.accounts.login.attempts import NotProved
from jknoffice.accounts.login.forms import CodeForm
from jknoffice.accounts.login.passkeys import keeping
from jknoffice.accounts.login.pending import Pending
from jknoffice.accounts.login.views import button
from jknoffice.accounts.login.views.page import (
    CODES,
    ENROL,
    JOIN,
    VERIFY,
    door,
    just_added,
    next_door,
    show,
    to_next_door,
)
from jknoffice.accounts.login.views.second import let_in
from jknoffice.audit.context import current_session


@never_cache
@door
@sensitive_post_parameters()
def enrolment(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Give a staff member without a second factor their first one: an authenticator or a passkey."""
    now = clock.now()
    waiting = pending.held(request, at=now)
    if waiting is None or next_door(waiting) != ENROL:
        return to_next_door(request, waiting)
    if not waiting.secret:
        waiting = pending.change(request, waiting, secret=authenticator.new_secret())
    answer, session = request.POST.get("made", ""), current_session()
    form, refusal = CodeForm(None if answer else request.POST or None), None
    try:
        if answer:
            added = keeping.enrol(user=waiting.user, answer=answer, session=session, link=waiting.link, at=now)
            return _hand_out(request, waiting, *added)
        if form.is_valid():
            typed = form.cleaned_data["code"]
            added = factors.enrol(user=waiting.user, secret=waiting.secret, typed=typed, link=waiting.link, at=now)
            return _hand_out(request, waiting, *added)
    except factors.HasSecondFactor:
        return redirect(VERIFY)
    except links.NeedsLink:  # a newer one was made meanwhile
        return redirect(JOIN)
    except factors.WrongCode as wrong:
        form.add_error("code", str(wrong))
    except NotProved as wrong:
        refusal = wrong
    name = button.name_here(request)
    shown: dict[str, Any] = {
        "title": _("Set up your second step"),
        "qr": qr.svg(authenticator.address(waiting.user, waiting.secret)),
        "secret": authenticator.grouped(waiting.secret),
        "passkey": button.to_make(keeping.begin_first(user=waiting.user, name=name, session=session, at=now)),
        "passkey_refusal": refusal,
    }
    return show(request, site, "accounts/enrol.html", form, **shown)


@never_cache
@door
def recovery_codes(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show the recovery codes until they are said to be kept (POST); that ends the first log-in."""
    waiting = pending.held(request, at=clock.now())
    device = just_added(waiting) if waiting else None
    if waiting is None or device is None:
        return to_next_door(request, waiting)
    if request.method == "POST":
        return let_in(request, waiting, device, factors.method_of(device))
    shown = {**site.each_context(request), "title": _("Your recovery codes"), "codes": waiting.codes}
    return render(request, "accounts/recovery_codes.html", shown)


def _hand_out(request: HttpRequest, waiting: Pending, device: Device, codes: list[str]) -> HttpResponse:
    pending.change(request, waiting, secret="", device_id=device.persistent_id, codes=tuple(codes))
    return redirect(CODES)
