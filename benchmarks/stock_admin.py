"""The peer of search and desk: Django's own lists and forms of participants and requests, under /stock/."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path

from participants.models import Peserta
from verification.models import PhoneChangeRequest

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Peserta]
    _RequestAdmin = admin.ModelAdmin[PhoneChangeRequest]
else:
    _Admin = _RequestAdmin = admin.ModelAdmin


class StockPesertaAdmin(_Admin):
    """What most projects would write."""

    list_display = ("name", "nik", "phone", "branch", "status")
    search_fields = ("nik", "card_number", "kk_number", "phone", "name")


class StockRequestForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form with the decision as one more choice."""

    decision = forms.ChoiceField(choices=[("", "---"), ("approve", "Approve"), ("reject", "Reject")], required=False)


class StockRequestAdmin(_RequestAdmin):
    """A list to choose from and a form to change, for everybody who has logged in. What is saved goes nowhere."""

    form = StockRequestForm
    list_display = ("reference", "status", "channel", "branch", "submitted_at")
    list_filter = ("status", "channel")
    search_fields = ("reference",)
    raw_id_fields = ("peserta", "entered_by", "claimed_by", "reviewed_by", "second_by", "reversal_by", "reversed_by")
    readonly_fields = ("status",)

    def save_model(self, request: HttpRequest, obj: PhoneChangeRequest, form: object, change: bool) -> None:
        """Leave the case as it is: only the way to the button is measured."""

    def log_change(self, request: HttpRequest, obj: PhoneChangeRequest, message: object) -> None:  # type: ignore[override]
        """Leave Django's own log alone, which the web's role may not write."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Return True: what roles may do is not what is measured."""
        return True

    def has_view_permission(self, request: HttpRequest, obj: PhoneChangeRequest | None = None) -> bool:
        """Return True."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: PhoneChangeRequest | None = None) -> bool:
        """Return True."""
        return True


class StockSite(admin.AdminSite):
    """Django's own site under our header, which links to pages that only our site has."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return Django's addresses, and those of the links."""
        ours = [path(f"{name}/", self.index, name=name) for name in ("sessions", "sessions_left", "second_step")]
        return [*ours, *super().get_urls()]


site = StockSite(name="stock")
site.register(Peserta, StockPesertaAdmin)
site.register(PhoneChangeRequest, StockRequestAdmin)

urlpatterns = [path("stock/", site.urls), path("", include("jknoffice.urls"))]
