"""What the pages about one's own second step share."""

from typing import TypeVar, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jknoffice import clock
from jknoffice.accounts.login import authenticator
from jknoffice.accounts.login.forms import ProofForm
from jknoffice.accounts.login.views import button
from jknoffice.accounts.models import User
from jknoffice.errors import told
from jknoffice.refusal import Refusal

FormOf = TypeVar("FormOf", bound=ProofForm)


def person(request: HttpRequest) -> User:
    """Return who is logged in."""
    return cast("User", request.user)  # `admin_view` lets nobody else in


def form_for(kind: type[FormOf], request: HttpRequest, *, name: str = "", sent: bool | None = None) -> FormOf:
    """Return a form of that kind, with what was sent if something was; `name` stands in it at first.

    `sent` says whether it was this form, where others are sent to the same address.
    """
    has_authenticator = bool(authenticator.confirmed(person(request)))
    if sent is None:
        sent = request.method == "POST"
    return kind(request.POST if sent else None, has_authenticator=has_authenticator, initial={"name": name})


def page(
    request: HttpRequest,
    template: str,
    *,
    form: ProofForm | None = None,
    refusal: Refusal | None = None,
    **shown: object,
) -> HttpResponse:
    """Return a page. Beside a form stands the button for a passkey, to somebody who has one.

    The status is 429 when `refusal` says that there were too many attempts.
    """
    context = {**admin.site.each_context(request), "form": form, **shown}
    if form is not None:
        context["passkey"] = button.to_prove(person(request), at=clock.now())
    return told(render(request, f"admin/accounts/{template}.html", context), refusal)
