"""The peer of the search: Django's own change list of participants with `search_fields`, under /stock/."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.urls import include, path

from participants.models import Peserta

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Peserta]
else:
    _Admin = admin.ModelAdmin


class StockPesertaAdmin(_Admin):
    """What most projects would write."""

    list_display = ("name", "nik", "phone", "branch", "status")
    search_fields = ("nik", "card_number", "kk_number", "phone", "name")


site = admin.AdminSite(name="stock")
site.register(Peserta, StockPesertaAdmin)

urlpatterns = [path("stock/", site.urls), path("", include("jknoffice.urls"))]
