"""What leaves the desk on paper: the participant's receipt, and the sheet of a case for the branch's file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jknoffice import clock
from verification.desk.access import Permission, case_for, worker
from verification.desk.casefile import open_file, sees_clear
from verification.desk.views.case import record_look
from verification.receipt import receipt_of


@require_GET
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the receipt of a case within reach, to print and hand over; that is recorded first."""
    user = worker(request, Permission.VIEW)
    case = case_for(user, reference)
    record_look("request.receipt_printed", case, by=user)
    shown = {
        "title": _("Receipt %(reference)s") % {"reference": case},
        "case": case,
        "receipt": receipt_of(case, absolute=request.build_absolute_uri),
    }
    return render(request, "admin/verification/receipt.html", shown)


@require_GET
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case within reach on one sheet: in full to who holds it, masked to the others. Recorded first."""
    user = worker(request, Permission.VIEW)
    case = case_for(user, reference)
    record_look("request.printed", case, by=user, after={"clear": sees_clear(case, user), "status": case.status})
    now = clock.now()
    shown = {
        "title": _("Case %(reference)s") % {"reference": case},
        "case": case,
        "file": open_file(case=case, by=user, at=now),
        "printed_at": now,
        "printed_by": user,
    }
    return render(request, "admin/verification/sheet.html", shown)
