"""Staff and branches in the admin. Staff have pages of their own, in the place of Django's (`life.views`)."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from jknoffice.accounts.life.views import addresses as life_addresses
from jknoffice.accounts.life.views import people
from jknoffice.accounts.life.views.pages import number_in
from jknoffice.accounts.models import Branch, User
from jknoffice.accounts.sessions.views import addresses
from jknoffice.lookups import DeclaredLookups


@admin.register(User)
class UserAdmin(DeclaredLookups):
    """Who works here."""

    def get_site_urls(self) -> list[URLPattern]:
        """Return the pages about sessions and about the life of an account, for `JknAdminSite`."""
        return [*addresses(self.admin_site), *life_addresses(self.admin_site)]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show our list."""
        return people.people(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show our page of an account."""
        if request.method == "POST":
            raise PermissionDenied
        return people.person(request, number_in(object_id))


@admin.register(Branch)
class BranchAdmin(DeclaredLookups):
    """The branch offices."""

    list_display = ("code", "name", "region", "time_zone")
    list_filter = ("region",)
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("code", "name")
