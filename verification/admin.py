"""The number changes in the admin: no list or form of Django's own, but the desk."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern

from verification.desk import urls
from verification.models import PhoneChangeRequest

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[PhoneChangeRequest]
else:
    _ModelAdmin = admin.ModelAdmin


@admin.register(PhoneChangeRequest)
class PhoneChangeRequestAdmin(_ModelAdmin):
    """Requests are moved by the steps of the desk; nothing adds, changes or deletes them here."""

    def get_site_urls(self) -> list[URLPattern]:
        """Return the pages of the desk, for `JknAdminSite`."""
        return urls.addresses(self.admin_site)

    def get_urls(self) -> list[URLPattern]:
        """Lead from Django's addresses of the model to the desk."""
        return urls.detours(self.admin_site)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: PhoneChangeRequest | None = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PhoneChangeRequest | None = None) -> bool:
        """Return False."""
        return False
