"""The pages about one's own passkeys, for who is logged in: added, called otherwise, and removed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as otp_login

from jknoffice import clock
from jknoffice.accounts.login.attempts import NotProved, TooManyAttempts
from jknoffice.accounts.login.forms import NamedForm, ProofForm
from jknoffice.accounts.login.passkeys import keeping
from jknoffice.accounts.login.views import button
from jknoffice.accounts.login.views.own_page import form_for, page, person
from jknoffice.accounts.models import Passkey
from jknoffice.audit.context import current_session
from jknoffice.refusal import Refusal


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a passkey: first a name and a proof, then the browser makes it (`made`)."""
    if request.method == "POST" and request.POST.get("made"):
        return _keep(request, request.POST["made"])
    form, refusal, made = form_for(NamedForm, request, name=button.name_here(request)), None, None
    if form.is_valid():
        given = {"name": form.cleaned_data["name"], "proof": form.shown(), "session": current_session()}
        try:
            made = button.to_make(keeping.begin(user=person(request), at=clock.now(), **given))
        except (NotProved, TooManyAttempts) as caught:
            refusal = caught
            form.refuse(caught)
        except keeping.TooManyPasskeys as caught:
            return _say(request, caught)
    title = _("Add a passkey")
    return page(request, "passkey_add", title=title, form=None if made else form, made=made, refusal=refusal)


def _keep(request: HttpRequest, answer: str) -> HttpResponse:
    """Keep what the browser has made."""
    try:
        keeping.add(user=person(request), answer=answer, session=current_session(), at=clock.now())
    except Refusal as refusal:
        return _say(request, refusal)
    messages.success(request, _("Your passkey counts from now on. All your other sessions have ended."))
    return redirect("admin:second_step")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Call one of one's own passkeys otherwise."""
    passkey = get_object_or_404(Passkey, user=person(request), pk=pk)
    form, refusal = form_for(NamedForm, request, name=passkey.name), None
    if form.is_valid():
        given = {"name": form.cleaned_data["name"], "proof": form.shown(), "session": current_session()}
        try:
            keeping.rename(user=person(request), passkey_id=pk, at=clock.now(), **given)
        except (NotProved, TooManyAttempts) as caught:
            refusal = caught
            form.refuse(caught)
        except keeping.NoSuchPasskey as caught:
            return _say(request, caught)
        else:
            messages.success(request, _("Your passkey has its new name."))
            return redirect("admin:second_step")
    title = _("Rename a passkey")
    return page(request, "passkey_rename", title=title, form=form, device=passkey, refusal=refusal)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of one's own passkeys; the present session goes on, vouched for by another factor."""
    passkey = get_object_or_404(Passkey, user=person(request), pk=pk)
    form, refusal = form_for(ProofForm, request), None
    if form.is_valid():
        proof, session = form.shown(), current_session()
        try:
            left = keeping.remove(user=person(request), passkey_id=pk, proof=proof, session=session, at=clock.now())
        except (NotProved, TooManyAttempts) as caught:
            refusal = caught
            form.refuse(caught)
        except (keeping.NoSuchPasskey, keeping.LastFactor) as caught:
            return _say(request, caught)
        else:
            otp_login(request, left)
            messages.success(request, _("Your passkey is removed. All your other sessions have ended."))
            return redirect("admin:second_step")
    title = _("Remove a passkey")
    return page(request, "passkey_remove", title=title, form=form, device=passkey, refusal=refusal)


def _say(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    messages.error(request, str(refusal))
    return redirect("admin:second_step")
