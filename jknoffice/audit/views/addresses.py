"""Where the pages of the log answer, within the admin."""

from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from jknoffice.audit.asking import OnlyAuditors
from jknoffice.audit.views.entries import entries, entry, proof, reveal
from jknoffice.audit.views.exporting import export
from jknoffice.audit.views.lookers import lookers
from jknoffice.audit.views.questions import change_question, delete_question, save_question
from jknoffice.audit.views.start import search, start
from jknoffice.audit.views.trail import trail


def addresses(site: AdminSite) -> list[URLPattern]:
    """Return the pages behind the two-step log-in of `site`; what is refused inside answers 403."""

    def page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
        return path(route, site.admin_view(_forbidding(view)), name=name)

    return [
        page("", start, "audit_auditlog_changelist"),
        page("entries/", entries, "audit_entries"),
        page("export/", export, "audit_export"),
        page("questions/save/", save_question, "audit_question_save"),
        page("questions/<int:pk>/", change_question, "audit_question"),
        page("questions/<int:pk>/delete/", delete_question, "audit_question_delete"),
        page("search/", search, "audit_search"),
        page("trail/<uuid:subject>/", trail, "audit_trail"),
        page("lookers/<uuid:subject>/", lookers, "audit_lookers"),
        page("<int:pk>/change/", entry, "audit_auditlog_change"),
        page("<int:pk>/reveal/", reveal, "audit_reveal"),
        page("<int:pk>/proof/", proof, "audit_proof"),
    ]


def _forbidding(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except OnlyAuditors as refusal:
            raise PermissionDenied from refusal

    return answer
