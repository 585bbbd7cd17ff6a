"""Everything that was read or written about one participant."""

from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jknoffice.audit import asking
from jknoffice.audit.forms import EntryFilter
from jknoffice.audit.pages import page_of
from jknoffice.audit.scope import Scope
from jknoffice.audit.trail import steps_of
from jknoffice.audit.views.reader import reader_of


@require_safe
def trail(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Show the trail of one subject as far as the reader may see it; the reading is an entry itself."""
    reader, form = reader_of(request), EntryFilter(request.GET)
    older_than = form.cleaned_data.get("older") if form.is_valid() else None
    page = page_of(asking.read_trail(subject=subject, by=reader), older_than=older_than)
    context = {
        **admin.site.each_context(request),
        "title": _("Trail of a participant"),
        "subject": subject,
        "may_ask": reader.audit_scope is Scope.ALL,
        "steps": steps_of(page.entries),
        "older_than": page.older_than,
        "is_first_page": older_than is None,
    }
    return render(request, "admin/audit/trail.html", context)
