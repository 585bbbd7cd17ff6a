"""Who saw this person's data."""

from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jknoffice.audit.looks import MOST_LOOKERS, who_saw
from jknoffice.audit.views.reader import reader_of


@require_safe
def lookers(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Show who looked at the data of one subject, when, how often and where; the question is an entry itself."""
    found = who_saw(subject=subject, by=reader_of(request))
    context = {
        **admin.site.each_context(request),
        "title": _("Who saw this person's data"),
        "subject": subject,
        "lookers": found,
        "most": MOST_LOOKERS if len(found) == MOST_LOOKERS else 0,
    }
    return render(request, "admin/audit/lookers.html", context)
