"""Inviting somebody, and a new link for who needs one. A link is shown in the answer to the POST, and never again."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from jknoffice.accounts.life import inviting
from jknoffice.accounts.life.forms import InviteForm
from jknoffice.accounts.life.views.pages import PERSON, link_page, managing, page, refuse, staff_of, user_of
from jknoffice.accounts.login.views.again import ask_again
from jknoffice.accounts.staff import StaffRefused
from jknoffice.refusal import Refusal


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@managing
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account, and show its link."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if asked := ask_again(request, _("Invite somebody"), *_about(form.cleaned_data)):
            return asked
        try:
            user, link = inviting.invite(**form.cleaned_data, by=user_of(request))
        except StaffRefused as refusal:
            for problem in refusal.problems:
                form.add_error(None, str(problem))
        except Refusal as refusal:
            refuse(request, refusal, user_of(request))
            return redirect("admin:accounts_user_changelist")
        else:
            if link:
                return link_page(request, user, link)
            messages.success(request, _("The account waits for a second staff administrator, for 24 hours."))
            return redirect(PERSON, user.pk)
    return page(request, "staff_invite", title=_("Invite somebody"), form=form)


@never_cache
@require_POST
@managing
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new link for somebody, and show it."""
    owner = staff_of(pk)
    if asked := ask_again(request, _("Make a new one-time link"), owner.full_name, owner.username):
        return asked
    try:
        made = inviting.invite_again(user=owner, by=user_of(request))
    except Refusal as refusal:
        refuse(request, refusal, owner)
        return redirect(PERSON, pk)
    return link_page(request, owner, made)


def _about(given: Mapping[str, Any]) -> list[str]:
    """Return what the account will be, in words."""
    return [given["full_name"], given["username"], given["email"], str(given["role"].label), str(given["branch"] or "")]
