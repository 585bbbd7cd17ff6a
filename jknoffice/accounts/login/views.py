"""The pages of the door. Each view reads the form, makes one domain call, and shows what came of it."""

import base64
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.admin import AdminSite
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as otp_login
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice

from jknoffice.accounts.address import client_address
from jknoffice.accounts.login import factors, hints, password, pending, qr
from jknoffice.accounts.login.factors import Outcome
from jknoffice.accounts.login.forms import CodeForm, PasswordForm, RecoveryForm
from jknoffice.accounts.login.pending import Pending
from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record_alone

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
SENTENCES = {
    Outcome.WRONG: gettext_lazy("The code is wrong. Compare it with your authenticator and type it again."),
    Outcome.REUSED: gettext_lazy("This code has been used already. Wait for the next code, then type that one."),
    Outcome.TOO_MANY: gettext_lazy("Too many attempts. Wait 15 minutes, then try again."),
}

door = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@door
@sensitive_post_parameters()
def first_step(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Ask for user name and password."""
    if site.has_permission(request):
        return redirect(_wanted(request))
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        now = timezone.now()
        try:
            user = password.check(**form.cleaned_data, address=client_address(request), at=now)
        except password.LoginRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            pending.begin(request, user, next_page=_wanted(request), at=now)
            return redirect("admin:login_verify" if factors.has_second_factor(user) else "admin:login_enrol")
    return _page(request, site, "accounts/login.html", form, title=_("Log in"), next=request.GET.get("next", ""))


@never_cache
@door
@sensitive_post_parameters()
def second_step(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Ask for a code of the authenticator, or for a recovery code (`?recovery=1`)."""
    now = timezone.now()
    on_the_way = pending.held(request, at=now)
    if on_the_way is None or not factors.has_second_factor(on_the_way.user):
        return redirect("admin:login")
    recovery = "recovery" in request.GET
    form: Form = (RecoveryForm if recovery else CodeForm)(request.POST or None)
    if form.is_valid():
        verdict = factors.verify(user=on_the_way.user, typed=form.cleaned_data["code"], at=now)
        if verdict.outcome is Outcome.ACCEPTED and verdict.device:
            _let_in(request, on_the_way.user, verdict.device)
            return redirect(on_the_way.next_page)
        form.add_error("code", str(SENTENCES[verdict.outcome]))
    return _page(request, site, "accounts/verify.html", form, title=_("Second step"), recovery=recovery)


@never_cache
@door
@sensitive_post_parameters()
def enrolment(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Give a staff member without a second factor their first one; then show the recovery codes, once."""
    now = timezone.now()
    on_the_way = pending.held(request, at=now)
    if on_the_way is None:
        return redirect("admin:login")
    if factors.has_second_factor(on_the_way.user):
        return redirect("admin:login_verify")
    secret = on_the_way.secret or factors.new_secret()
    pending.keep_secret(request, secret)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data["code"]
        enrolled = factors.enrol(user=on_the_way.user, secret=secret, typed=typed, at=now)
        if enrolled:
            device, codes = enrolled
            _let_in(request, on_the_way.user, device)
            return _codes_page(request, site, on_the_way, codes)
        form.add_error("code", str(SENTENCES[Outcome.WRONG]))
    device = TOTPDevice(user=on_the_way.user, key=secret)
    shown = base64.b32encode(bytes.fromhex(secret)).decode()
    groups = " ".join(shown[start : start + 4] for start in range(0, len(shown), 4))
    title = _("Set up your second step")
    return _page(request, site, "accounts/enrol.html", form, title=title, qr=qr.svg(device.config_url), secret=groups)


@never_cache
@door
def leave(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Log out (by POST), and go to the door."""
    user = request.user
    if request.method == "POST":
        if isinstance(user, User) and site.has_permission(request):
            record_alone("account.logout", by=user.as_actor(), about=Thing.of(user))
        auth.logout(request)
    return redirect("admin:login")


def _let_in(request: HttpRequest, user: User, device: Device) -> None:
    """Log in; Django changes the session's key once more."""
    pending.drop(request)
    auth.login(request, user, backend=BACKEND)
    otp_login(request, device)


def _wanted(request: HttpRequest) -> str:
    """Return the page that was asked for, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and wanted != reverse("admin:login") else reverse("admin:index")


def _page(request: HttpRequest, site: AdminSite, template: str, form: Form, **context: Any) -> HttpResponse:
    shown = {**site.each_context(request), "form": form, "hints": hints.rendered(request), **context}
    return render(request, template, shown)


def _codes_page(request: HttpRequest, site: AdminSite, on_the_way: Pending, codes: list[str]) -> HttpResponse:
    shown = {
        **site.each_context(request),
        "title": _("Your recovery codes"),
        "codes": codes,
        "next_page": on_the_way.next_page,
    }
    return render(request, "accounts/recovery_codes.html", shown)
