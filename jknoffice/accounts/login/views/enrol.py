"""The first log-in: an authenticator is set up, and recovery codes are handed out."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from jknoffice import qr
from jknoffice.accounts.login import authenticator, factors, links, pending
from jknoffice.accounts.login.forms import CodeForm
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


@never_cache
@door
@sensitive_post_parameters()
def enrolment(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Give a staff member without a second factor their first one, once they have typed a code of it."""
    now = timezone.now()
    waiting = pending.held(request, at=now)
    if waiting is None or next_door(waiting) != ENROL:
        return to_next_door(request, waiting)
    if not waiting.secret:
        waiting = pending.change(request, waiting, secret=authenticator.new_secret())
    form = CodeForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data["code"]
        try:
            device, codes = factors.enrol(
                user=waiting.user, secret=waiting.secret, typed=typed, link=waiting.link, at=now
            )
        except factors.HasSecondFactor:
            return redirect(VERIFY)
        except links.NeedsLink:  # a newer one was made meanwhile
            return redirect(JOIN)
        except factors.WrongCode as refusal:
            form.add_error("code", str(refusal))
        else:
            pending.change(request, waiting, secret="", device_id=device.persistent_id, codes=tuple(codes))
            return redirect(CODES)
    shown: dict[str, Any] = {
        "title": _("Set up your second step"),
        "qr": qr.svg(authenticator.address(waiting.user, waiting.secret)),
        "secret": authenticator.grouped(waiting.secret),
    }
    return show(request, site, "accounts/enrol.html", form, **shown)


@never_cache
@door
def recovery_codes(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show the recovery codes until they are said to be kept (POST); that ends the first log-in."""
    waiting = pending.held(request, at=timezone.now())
    device = just_added(waiting) if waiting else None
    if waiting is None or device is None:
        return to_next_door(request, waiting)
    if request.method == "POST":
        return let_in(request, waiting, device, factors.TOTP)
    shown = {**site.each_context(request), "title": _("Your recovery codes"), "codes": waiting.codes}
    return render(request, "accounts/recovery_codes.html", shown)
