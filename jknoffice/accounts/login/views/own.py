"""The pages about one's own second step, for who is logged in."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django_otp import login as otp_login

from jknoffice import clock, qr
from jknoffice.accounts.login import authenticator, recovery, replacing
from jknoffice.accounts.login.attempts import NotProved, TooManyAttempts
from jknoffice.accounts.login.forms import ProofForm, ReplaceForm
from jknoffice.accounts.login.passkeys import proving
from jknoffice.accounts.login.views import passkeys
from jknoffice.accounts.login.views.own_page import form_for, page, person
from jknoffice.audit.context import current_session

NOT_YET = "jkn_new_authenticator"
"""Where the session keeps the secret of an authenticator that is not confirmed yet."""


def addresses(site: admin.AdminSite) -> list[URLPattern]:
    """Return the pages behind the two-step log-in of `site`."""
    return [
        path("second-step/", site.admin_view(own), name="second_step"),
        path("second-step/replace/", site.admin_view(replace), name="second_step_replace"),
        path("second-step/codes/", site.admin_view(codes), name="second_step_codes"),
        path("second-step/passkeys/add/", site.admin_view(passkeys.add), name="passkey_add"),
        path("second-step/passkeys/<int:pk>/rename/", site.admin_view(passkeys.rename), name="passkey_rename"),
        path("second-step/passkeys/<int:pk>/remove/", site.admin_view(passkeys.remove), name="passkey_remove"),
    ]


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Show what somebody logs in with besides the password."""
    user = person(request)
    return page(
        request,
        "second_step",
        title=_("My second step"),
        devices=authenticator.confirmed(user),
        passkeys=proving.all_of(user),
        left=recovery.left(user),
        most=recovery.HOW_MANY,
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest) -> HttpResponse:
    """Set up another authenticator in the place of the present one, or beside passkeys."""
    secret = request.session.setdefault(NOT_YET, authenticator.new_secret())
    form, refusal, user = form_for(ReplaceForm, request), None, person(request)
    if form.is_valid():
        typed, proof, now = form.cleaned_data["code"], form.shown(), clock.now()
        try:
            device = replacing.replace(
                user=user, secret=secret, typed=typed, proof=proof, this=current_session(), at=now
            )
        except replacing.WrongNewCode as wrong:
            form.add_error("code", str(wrong))
        except (NotProved, TooManyAttempts) as caught:
            refusal = caught
            form.refuse(caught)
        else:
            del request.session[NOT_YET]
            otp_login(request, device)
            messages.success(request, _("Your new authenticator counts from now on. The old one does not any more."))
            return redirect("admin:second_step")
    has_authenticator = bool(authenticator.confirmed(user))
    return page(
        request,
        "second_step_replace",
        title=_("Another authenticator") if has_authenticator else _("Set up an authenticator"),
        qr=qr.svg(authenticator.address(user, secret)),
        secret=authenticator.grouped(secret),
        has_authenticator=has_authenticator,
        form=form,
        refusal=refusal,
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """Make ten new recovery codes, and show them this once."""
    form, made, refusal = form_for(ProofForm, request), list[str](), None
    if form.is_valid():
        try:
            made = replacing.new_codes(user=person(request), proof=form.shown(), this=current_session(), at=clock.now())
        except (NotProved, TooManyAttempts) as caught:
            refusal = caught
            form.refuse(caught)
    title = _("New recovery codes")
    return page(request, "second_step_codes", title=title, form=None if made else form, codes=made, refusal=refusal)
