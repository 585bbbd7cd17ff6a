"""The first step, and one's own password afterwards."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from jknoffice import clock
from jknoffice.accounts.address import client_address
from jknoffice.accounts.login import known, password, pending
from jknoffice.accounts.login.attempts import TooManyAttempts
from jknoffice.accounts.login.forms import OwnPasswordForm, PasswordForm
from jknoffice.accounts.login.views.page import door, next_door, show


@never_cache
@door
@sensitive_post_parameters()
def first_step(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Ask for user name and password. A right one leads to the second step, and to nothing else."""
    if site.has_permission(request):
        return redirect(_wanted(request))
    form, refusal = PasswordForm(request.POST or None), None
    if form.is_valid():
        now = clock.now()
        try:
            address, browser = client_address(request), known.browser_of(request)
            user = password.check(**form.cleaned_data, address=address, browser=browser, at=now)
        except (password.LoginRefused, TooManyAttempts) as caught:
            refusal = caught
            form.add_error(None, str(refusal))
        else:
            return redirect(next_door(pending.begin(request, user, next_page=_wanted(request), at=now)))
    wanted = request.POST.get("next", request.GET.get("next", ""))
    return show(request, site, "accounts/login.html", form, refusal=refusal, title=_("Log in"), next=wanted)


def own_password(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """Let somebody who is logged in change their password; their other sessions end by that."""
    view = PasswordChangeView.as_view(
        form_class=OwnPasswordForm,
        success_url=reverse_lazy("admin:password_change_done"),
        extra_context=site.each_context(request),
    )
    return view(request)


def _wanted(request: HttpRequest) -> str:
    """Return the page that was asked for, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours and not wanted.startswith(reverse("admin:login")) else reverse("admin:index")
