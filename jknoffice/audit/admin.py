"""The log in the admin: read-only for everybody."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern

from jknoffice.audit.models import AuditLog
from jknoffice.audit.scope import AuditLogQuerySet
from jknoffice.audit.views.addresses import addresses
from jknoffice.audit.views.reader import reader_of

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[AuditLog]
else:
    _ModelAdmin = admin.ModelAdmin


@admin.register(AuditLog)
class AuditLogAdmin(_ModelAdmin):
    """Entries are looked at, never added, changed or deleted here."""

    def get_urls(self) -> list[URLPattern]:
        """Put our pages before Django's. Its writing pages stay, and refuse; its history page has nothing to tell."""
        theirs = [page for page in super().get_urls() if page.name != "audit_auditlog_history"]
        return [*addresses(self.admin_site), *theirs]

    def get_queryset(self, request: HttpRequest) -> AuditLogQuerySet:
        """Return the entries that this reader may see."""
        return AuditLog.objects.for_user(reader_of(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditLog | None = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditLog | None = None) -> bool:
        """Return False."""
        return False
