"""The pages about one's own second step, for who is logged in."""

from typing import cast

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django_otp import login as otp_login

from jknoffice import qr
from jknoffice.accounts.login import authenticator, factors, recovery, replacing
from jknoffice.accounts.login.attempts import TooManyAttempts
from jknoffice.accounts.login.forms import ProofForm, ReplaceForm
from jknoffice.accounts.models import User
from jknoffice.audit.context import current_session

NOT_YET = "jkn_new_authenticator"
"""Where the session keeps the secret of an authenticator that is not confirmed yet."""


def addresses(site: admin.AdminSite) -> list[URLPattern]:
    """Return the pages behind the two-step log-in of `site`."""
    return [
        path("second-step/", site.admin_view(own), name="second_step"),
        path("second-step/replace/", site.admin_view(replace), name="second_step_replace"),
        path("second-step/codes/", site.admin_view(codes), name="second_step_codes"),
    ]


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Show what somebody logs in with besides the password."""
    user = _user(request)
    return _page(
        request,
        "second_step",
        title=_("My second step"),
        devices=authenticator.confirmed(user),
        left=recovery.left(user),
        most=recovery.HOW_MANY,
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest) -> HttpResponse:
    """Set up another authenticator in the place of the present one."""
    secret = request.session.setdefault(NOT_YET, authenticator.new_secret())
    form, user = ReplaceForm(request.POST if request.method == "POST" else None), _user(request)
    status = 200
    if form.is_valid():
        typed, proof, now = form.cleaned_data["code"], form.cleaned_data["proof"], timezone.now()
        try:
            device = replacing.replace(
                user=user, secret=secret, typed=typed, proof=proof, this=current_session(), at=now
            )
        except replacing.WrongNewCode as refusal:
            form.add_error("code", str(refusal))
        except (factors.WrongCode, factors.UsedCode, TooManyAttempts) as refusal:
            form.add_error("proof", str(refusal))
            status = 429 if isinstance(refusal, TooManyAttempts) else 200
        else:
            del request.session[NOT_YET]
            otp_login(request, device)
            messages.success(request, _("Your new authenticator counts from now on. The old one does not any more."))
            return redirect("admin:second_step")
    return _page(
        request,
        "second_step_replace",
        title=_("Another authenticator"),
        status=status,
        qr=qr.svg(authenticator.address(user, secret)),
        secret=authenticator.grouped(secret),
        form=form,
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Make ten new recovery codes, and show them this once."""
    form, made, status = ProofForm(request.POST if request.method == "POST" else None), list[str](), 200
    if form.is_valid():
        try:
            made = replacing.new_codes(user=_user(request), proof=form.cleaned_data["proof"], at=timezone.now())
        except (factors.WrongCode, factors.UsedCode, TooManyAttempts) as refusal:
            form.add_error("proof", str(refusal))
            status = 429 if isinstance(refusal, TooManyAttempts) else 200
    return _page(request, "second_step_codes", title=_("New recovery codes"), status=status, form=form, codes=made)


def _page(request: HttpRequest, template: str, *, status: int = 200, **shown: object) -> HttpResponse:
    context = {**admin.site.each_context(request), **shown}
    return render(request, f"admin/accounts/{template}.html", context, status=status)


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)  # `admin_view` lets nobody else in
