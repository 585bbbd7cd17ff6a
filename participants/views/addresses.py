"""Where the pages of the register answer, within the admin."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path

from participants.views import uploads
from participants.views.kin import family, number
from participants.views.person import copied, reveal, view
from participants.views.search import more, results, search


def addresses(site: AdminSite) -> list[URLPattern]:
    """Return the pages behind the two-step log-in of `site`, with the names `admin:participants_peserta_…`."""
    return [
        path("", site.admin_view(search), name="participants_peserta_changelist"),
        path("results/<str:search_id>/", site.admin_view(results), name="participants_peserta_results"),
        path("results/<str:search_id>/more/", site.admin_view(more), name="participants_peserta_more"),
        path("<uuid:subject>/", site.admin_view(view), name="participants_peserta_person"),
        path("<uuid:subject>/reveal/", site.admin_view(reveal), name="participants_peserta_reveal"),
        path("<uuid:subject>/copied/", site.admin_view(copied), name="participants_peserta_copied"),
        path("<uuid:subject>/family/", site.admin_view(family), name="participants_peserta_family"),
        path("<uuid:subject>/number/", site.admin_view(number), name="participants_peserta_number"),
    ]


def upload_addresses(site: AdminSite) -> list[URLPattern]:
    """Return the pages of uploaded files, with the names `admin:participants_upload…`."""
    return [
        path("upload/", site.admin_view(uploads.start), name="participants_upload"),
        path("upload/<uuid:upload>/", site.admin_view(uploads.show), name="participants_upload_show"),
        path("upload/<uuid:upload>/columns/", site.admin_view(uploads.columns), name="participants_upload_columns"),
        path("upload/<uuid:upload>/confirm/", site.admin_view(uploads.confirm), name="participants_upload_confirm"),
        path("upload/<uuid:upload>/discard/", site.admin_view(uploads.discard), name="participants_upload_discard"),
        path("upload/<uuid:upload>/<str:name>.csv", site.admin_view(uploads.report), name="participants_upload_report"),
    ]
