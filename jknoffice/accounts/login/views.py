"""The pages of the door. Each view reads the form, makes one domain call, and shows what came of it."""

from typing import Any

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.admin import AdminSite
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as otp_login
from django_otp.models import Device

from jknoffice.accounts.address import client_address
from jknoffice.accounts.login import authenticator, factors, hints, password, pending, qr, recovery
from jknoffice.accounts.login.attempts import TooManyAttempts
from jknoffice.accounts.login.forms import CodeForm, PasswordForm, RecoveryForm
from jknoffice.accounts.login.pending import Pending
from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record_alone

BACKEND = settings.AUTHENTICATION_BACKENDS[0]

door = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@door
@sensitive_post_parameters()
def first_step(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Ask for user name and password. A right one leads to the second step, and to nothing else."""
    if site.has_permission(request):
        return redirect(_wanted(request))
    form, refusal = PasswordForm(request.POST or None), None
    if form.is_valid():
        now = timezone.now()
        try:
            user = password.check(**form.cleaned_data, address=client_address(request), at=now)
        except (password.LoginRefused, TooManyAttempts) as caught:
            refusal = caught
            form.add_error(None, str(refusal))
        else:
            return redirect(_door_of(pending.begin(request, user, next_page=_wanted(request), at=now)))
    wanted = request.POST.get("next", request.GET.get("next", ""))
    return _page(request, site, "accounts/login.html", form, refusal=refusal, title=_("Log in"), next=wanted)


@never_cache
@door
@sensitive_post_parameters()
def second_step(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Ask for a code of the authenticator, or for a recovery code (`?recovery=1`)."""
    now = timezone.now()
    waiting = pending.held(request, at=now)
    if waiting is None or _door_of(waiting) != "admin:login_verify":
        return _to_own_door(request, waiting)
    by_paper, refusal = "recovery" in request.GET, None
    form: Form = (RecoveryForm if by_paper else CodeForm)(request.POST or None)
    if form.is_valid():
        try:
            device, method = factors.verify(user=waiting.user, typed=form.cleaned_data["code"], at=now)
        except (factors.WrongCode, factors.UsedCode, TooManyAttempts) as caught:
            refusal = caught
            form.add_error("code", str(refusal))
        else:
            return _let_in(request, waiting, device, method)
    shown = {"title": _("Second step"), "recovery": by_paper}
    return _page(request, site, "accounts/verify.html", form, refusal=refusal, **shown)


@never_cache
@door
@sensitive_post_parameters()
def enrolment(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Give a staff member without a second factor their first one."""
    now = timezone.now()
    waiting = pending.held(request, at=now)
    if waiting is None or _door_of(waiting) != "admin:login_enrol":
        return _to_own_door(request, waiting)
    if not waiting.secret:
        waiting = pending.change(request, waiting, secret=authenticator.new_secret())
    form = CodeForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data["code"]
        try:
            device, codes = factors.enrol(user=waiting.user, secret=waiting.secret, typed=typed, at=now)
        except factors.HasSecondFactor:
            return redirect("admin:login_verify")
        except factors.WrongCode as refusal:
            form.add_error("code", str(refusal))
        else:
            pending.change(request, waiting, secret="", device_id=device.persistent_id, codes=tuple(codes))
            return redirect("admin:login_codes")
    address = authenticator.address(waiting.user, waiting.secret)
    shown = {
        "title": _("Set up your second step"),
        "qr": qr.svg(address),
        "secret": authenticator.grouped(waiting.secret),
    }
    return _page(request, site, "accounts/enrol.html", form, **shown)


@never_cache
@door
def recovery_codes(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show the recovery codes until they are said to be kept (POST); that ends the first log-in."""
    waiting = pending.held(request, at=timezone.now())
    device = _just_added(waiting) if waiting else None
    if waiting is None or device is None:
        return _to_own_door(request, waiting)
    if request.method == "POST":
        return _let_in(request, waiting, device, factors.TOTP)
    shown = {**site.each_context(request), "title": _("Your recovery codes"), "codes": waiting.codes}
    return render(request, "accounts/recovery_codes.html", shown)


@never_cache
@require_http_methods(["POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Log out, and go to the door."""
    user = request.user
    if isinstance(user, User):
        record_alone("account.logout", by=user.as_actor(), about=Thing.of(user))
    auth.logout(request)
    messages.success(request, _("You are logged out."))
    return redirect("admin:login")


def _door_of(waiting: Pending) -> str:
    """Return the page that somebody on the way in has to pass next."""
    if _just_added(waiting):
        return "admin:login_codes"
    return "admin:login_verify" if factors.has_second_factor(waiting.user) else "admin:login_enrol"


def _just_added(waiting: Pending) -> Device | None:
    """Return the authenticator that was set up on this way in, if it still counts."""
    return next(
        (each for each in authenticator.confirmed(waiting.user) if each.persistent_id == waiting.device_id), None
    )


def _to_own_door(request: HttpRequest, waiting: Pending | None) -> HttpResponse:
    if waiting:
        return redirect(_door_of(waiting))
    if not request.user.is_authenticated:
        messages.info(
            request, _("Begin with your user name and password. The second step has to follow in 10 minutes.")
        )
    return redirect("admin:login")


def _let_in(request: HttpRequest, waiting: Pending, device: Device, method: str) -> HttpResponse:
    """Log in; Django gives the session another new key, which the log then names."""
    user = waiting.user
    pending.drop(request)
    auth.login(request, user, backend=BACKEND)
    otp_login(request, device)
    record_alone("account.login", by=user.as_actor(), about=Thing.of(user), after={"method": method})
    if method == factors.RECOVERY:
        left = recovery.left(user)
        said = ngettext("You have %(n)s recovery code left.", "You have %(n)s recovery codes left.", left) % {"n": left}
        messages.warning(request, said)
    return redirect(waiting.next_page)


def _wanted(request: HttpRequest) -> str:
    """Return the page that was asked for, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and not wanted.startswith(reverse("admin:login")) else reverse("admin:index")


def _page(
    request: HttpRequest, site: AdminSite, template: str, form: Form, *, refusal: object = None, **context: Any
) -> HttpResponse:
    shown = {**site.each_context(request), "form": form, "hints": hints.rendered(request), **context}
    return render(request, template, shown, status=429 if isinstance(refusal, TooManyAttempts) else 200)
