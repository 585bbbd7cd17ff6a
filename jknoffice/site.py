"""The admin site: Django's, behind two steps."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.login.views import enrol, first, join, second
from jknoffice.accounts.login.views import own as own_step
from jknoffice.accounts.sessions import current


class JknAdminSite(AdminSite):
    """The admin of JKN Office. Nothing in it answers before the second step of the log-in."""

    site_header = _("JKN Office")
    site_title = _("JKN Office")
    index_title = _("Start")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether this is active staff whose second factor has been verified in this session."""
        user = request.user
        verified = bool(getattr(user, "is_verified", bool)())
        return user.is_active and user.is_staff and verified and current.is_staffs(request.session)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Put the pages that an app has beside its models (`get_site_urls()` of a ModelAdmin) before Django's."""
        own: list[URLPattern] = [
            path("login/verify/", second.second_step, {"site": self}, name="login_verify"),
            path("login/enrol/", enrol.enrolment, {"site": self}, name="login_enrol"),
            path("login/codes/", enrol.recovery_codes, {"site": self}, name="login_codes"),
            path("login/link/", join.join, {"site": self}, name="login_join"),
            path("login/link/<str:secret>", join.link, {"site": self}, name="login_link"),
            *own_step.addresses(self),
        ]
        for model_admin in self._registry.values():
            own += getattr(model_admin, "get_site_urls", list)()
        # No row has a page outside the admin: Django's address for them would only tell which rows there are.
        return [*own, *(each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site")]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Answer after the second step only. What was sent too late leads to the door, and after it to the start."""
        answer: Callable[..., HttpResponseBase] = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if self.has_permission(request):
                current.note_use(request, at=clock.now())
            elif request.method == "POST":
                messages.warning(request, _("You are not logged in: what you sent was not saved. Please log in."))
                return redirect("admin:login")
            elif current.has_ended(request):
                messages.info(request, _("Your log-in has ended. Please log in again."))
            return answer(request, *args, **kwargs)

        return update_wrapper(inner, answer)

    def app_index(  # type: ignore[override]  # Django says that it is always a template
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the start page, which is by role: there is none by app."""
        return redirect("admin:index")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the first step of the log-in, in the place of Django's only one."""
        return first.first_step(request, self)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        """Log out and go to the door."""
        return second.leave(request)

    def password_change(  # type: ignore[override]  # Django says that it is always a template
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Change one's own password, with an entry in the log."""
        return first.own_password(request, self)
