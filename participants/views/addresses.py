"""Where the pages of the register answer, within the admin."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from participants.views.person import reveal, view
from participants.views.search import results, search


def addresses(site: AdminSite) -> list[URLPattern]:
    """Return the pages behind the two-step log-in of `site`, with the names `admin:participants_peserta_…`."""
    return [
        path("", site.admin_view(search), name="participants_peserta_changelist"),
        path("results/<str:search_id>/", site.admin_view(results), name="participants_peserta_results"),
        path("<uuid:subject>/", site.admin_view(view), name="participants_peserta_person"),
        path("<uuid:subject>/reveal/", site.admin_view(reveal), name="participants_peserta_reveal"),
    ]
