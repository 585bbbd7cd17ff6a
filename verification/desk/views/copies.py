"""The same photo in several cases."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from verification.desk.access import Permission, case_for, worker
from verification.desk.copies import copies
from verification.desk.views.case import record_look


@require_GET
def same_photos(request: HttpRequest, reference: str) -> HttpResponse:
    """Show photos of a case within reach beside their copies elsewhere; each picture records its own look as well."""
    user = worker(request, Permission.VIEW)
    case = case_for(user, reference)
    found = copies(case=case, by=user)
    record_look("request.copies_viewed", case, by=user, after={"copies": len(found)})
    context = {
        **admin.site.each_context(request),
        "title": _("Same photos: case %(reference)s") % {"reference": case},
        "case": case,
        "copies": found,
    }
    return render(request, "admin/verification/copies.html", context)
