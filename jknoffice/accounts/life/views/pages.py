"""What the pages share: who may see them, and how a refusal is said and recorded."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeAlias, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from jknoffice.accounts.life import rules
from jknoffice.accounts.login import factors
from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing, record_alone
from jknoffice.refusal import Refusal

PERSON = "admin:accounts_user_change"

P = ParamSpec("P")
View: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponse]


def managing(view: View[P]) -> View[P]:
    """Let staff administrators in, and record who else comes."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not user_of(request).has_perm(rules.MANAGE):
            record_alone(rules.REFUSED, by=user_of(request).as_actor(), reason=rules.NoRight.code)
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def user_of(request: HttpRequest) -> User:
    """Return who asks."""
    return cast("User", request.user)  # `admin_view` lets nobody else in


def staff_of(pk: int) -> User:
    """Return a staff member, or raise Http404."""
    return get_object_or_404(User.objects.exclude(role="").select_related("branch"), pk=pk)


def number_in(text: str) -> int:
    """Return the number of a row that an address names, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def refuse(request: HttpRequest, refusal: Refusal, about: User) -> None:
    """Say why a step was not taken, and record it; after the step's transaction."""
    record_alone(rules.REFUSED, by=user_of(request).as_actor(), about=Thing.of(about), reason=refusal.code)
    messages.error(request, str(refusal))


def page(request: HttpRequest, template: str, **shown: object) -> HttpResponse:
    """Return a page of the admin."""
    return render(request, f"admin/accounts/{template}.html", {**admin.site.each_context(request), **shown})


def link_page(request: HttpRequest, owner: User, link: str) -> HttpResponse:
    """Show a one-time link, this once; `link` is an address."""
    owner.refresh_from_db()  # the step has changed it
    has_factor = factors.has_second_factor(owner)
    return page(request, "staff_link", title=_("One-time link"), owner=owner, link=link, has_factor=has_factor)
