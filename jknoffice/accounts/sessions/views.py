"""The pages about sessions: one's own, and for staff administrators a colleague's."""

from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import CharField, ChoiceField, Form, PasswordInput
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from jknoffice import clock
from jknoffice.accounts.login.attempts import TooManyAttempts
from jknoffice.accounts.login.password import WrongPresentPassword
from jknoffice.accounts.models import User
from jknoffice.accounts.passwords.validators import LONGEST
from jknoffice.accounts.sessions import ending
from jknoffice.accounts.sessions.listing import open_sessions
from jknoffice.audit.context import current_session


class PasswordAgainForm(Form):
    """The password once more."""

    password = CharField(
        label=gettext_lazy("Your password"),
        max_length=LONGEST,
        strip=False,
        widget=PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class WhyForm(Form):
    """Why a colleague's sessions are ended."""

    why = ChoiceField(label=gettext_lazy("Reason"), choices=[("", "---------"), *ending.Why.choices])


def addresses(site: admin.AdminSite) -> list[URLPattern]:
    """Return the pages behind the two-step log-in of `site`."""
    return [
        path("sessions/", site.admin_view(own), name="sessions"),
        path("sessions/left/", site.admin_view(left), name="sessions_left"),
        path("sessions/end/", site.admin_view(end), name="sessions_end"),
        path("sessions/of/<int:pk>/", site.admin_view(colleagues), name="sessions_of"),
    ]


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Show somebody where they are logged in."""
    now = clock.now()
    shown = open_sessions(_user(request), this=current_session(), at=now)
    return _page(request, "sessions", title=_("My sessions"), sessions=shown)


@require_http_methods(["GET", "HEAD", "POST"])
def left(request: HttpRequest) -> HttpResponse:
    """Return how many seconds this session has left, to its page; POST keeps it (`admin_view` has noted the use)."""
    return JsonResponse({"seconds": request.session.get_expiry_age()})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions (`?session=` and its reference), or all but this one, with the password."""
    now, this, reference = clock.now(), current_session(), request.GET.get("session", "")
    form = PasswordAgainForm(request.POST if request.method == "POST" else None)
    try:
        if form.is_valid():
            typed = form.cleaned_data["password"]
            _say(request, ending.end_own(user=_user(request), typed=typed, this=this, reference=reference, at=now))
            return redirect("admin:sessions")
    except ending.NoSuchSession:
        pass  # it is not found below either
    except (WrongPresentPassword, TooManyAttempts) as refusal:
        form.add_error("password", str(refusal))
    shown = open_sessions(_user(request), this=this, at=now)
    chosen = [each for each in shown if not each.is_this and reference in {"", each.reference}]
    if not chosen:
        messages.info(request, str(ending.NoSuchSession.sentence))
        return redirect("admin:sessions")
    return _page(request, "sessions_end", title=_("End sessions"), sessions=chosen, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def colleagues(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how many sessions of a colleague are open, and end them all. Where and with what they are is not shown."""
    try:
        ending.demand_right(by=_user(request))
    except ending.MayNotEnd as refusal:
        raise PermissionDenied from refusal
    owner, now = get_object_or_404(User.objects.exclude(role=""), pk=pk), clock.now()
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        why = ending.Why(form.cleaned_data["why"])
        _say(request, ending.end_colleagues(owner=owner, by=_user(request), why=why, at=now))
        return redirect("admin:sessions_of", pk)
    title, found = _("Sessions of a staff member"), open_sessions(owner, at=now)
    return _page(request, "sessions_of", title=title, owner=owner, sessions=found, form=form)


def _say(request: HttpRequest, number: int) -> None:
    said = ngettext("%(n)s session has been ended.", "%(n)s sessions have been ended.", number) % {"n": number}
    messages.success(request, said)


def _page(request: HttpRequest, template: str, **shown: object) -> HttpResponse:
    return render(request, f"admin/accounts/{template}.html", {**admin.site.each_context(request), **shown})


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)  # `admin_view` lets nobody else in
