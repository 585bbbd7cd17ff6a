"""The register in the admin: no list or form of Django's own, but a search; and the imports, to be looked at."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern

from jknoffice.lookups import DeclaredLookups
from participants.models import ImportBatch, Peserta
from participants.views.addresses import addresses, upload_addresses

if TYPE_CHECKING:
    _PesertaAdmin = admin.ModelAdmin[Peserta]
else:
    _PesertaAdmin = admin.ModelAdmin


@admin.register(Peserta)
class PesertaAdmin(_PesertaAdmin):
    """People are searched for one by one; nothing lists, adds, changes or deletes them here."""

    def get_urls(self) -> list[URLPattern]:
        """Return our pages in the place of Django's."""
        return addresses(self.admin_site)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Peserta | None = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Peserta | None = None) -> bool:
        """Return False."""
        return False


@admin.register(ImportBatch)
class ImportBatchAdmin(DeclaredLookups):
    """What imports did; no role may change it (`jknoffice/accounts/roles.py`). Files are uploaded beside it."""

    change_list_template = "admin/participants/imports.html"
    change_form_template = "admin/participants/import.html"
    list_display = ("imported_at", "file_name", "imported_by", "rows", "created", "updated", "unchanged", "refused")
    list_select_related = ("imported_by",)
    date_hierarchy = "imported_at"

    def get_urls(self) -> list[URLPattern]:
        """Put the pages of uploaded files before Django's."""
        return [*upload_addresses(self.admin_site), *super().get_urls()]
