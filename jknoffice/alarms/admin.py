"""Alarms in the admin: our pages in the place of Django's."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path

from jknoffice.alarms import views
from jknoffice.alarms.models import Alarm

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Alarm]
else:
    _ModelAdmin = admin.ModelAdmin


@admin.register(Alarm)
class AlarmAdmin(_ModelAdmin):
    """Alarms are raised by the worker; people see and handle them."""

    def get_urls(self) -> list[URLPattern]:
        """Return our pages behind the two-step log-in."""
        site = self.admin_site
        return [
            path("", site.admin_view(views.alarms), name="alarms_alarm_changelist"),
            path("<int:pk>/", site.admin_view(views.alarm), name="alarms_alarm_change"),
            path("<int:pk>/seen/", site.admin_view(views.seen), name="alarms_alarm_seen"),
            path("<int:pk>/handled/", site.admin_view(views.handled), name="alarms_alarm_handled"),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Alarm | None = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Alarm | None = None) -> bool:
        """Return False."""
        return False
