"""Staff and branches in the admin, to be looked at: no role may change them here. `manage.py create_staff` does."""

from django.contrib import admin
from django.urls import URLPattern

from jknoffice.accounts.models import Branch, User
from jknoffice.accounts.sessions.views import addresses
from jknoffice.lookups import DeclaredLookups


@admin.register(User)
class UserAdmin(DeclaredLookups):
    """Who works here."""

    list_display = ("username", "full_name", "role", "branch", "is_active", "last_login")
    list_filter = ("role", "is_active", "branch__region")
    search_fields = ("username", "full_name")
    list_select_related = ("branch",)
    show_facets = admin.ShowFacets.NEVER
    fields = ("username", "full_name", "email", "role", "branch", "is_active", "joined_at", "last_login")

    def get_site_urls(self) -> list[URLPattern]:
        """Return the pages about sessions, for `JknAdminSite`."""
        return addresses(self.admin_site)


@admin.register(Branch)
class BranchAdmin(DeclaredLookups):
    """The branch offices."""

    list_display = ("code", "name", "region", "time_zone")
    list_filter = ("region",)
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("code", "name")
