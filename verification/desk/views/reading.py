"""Correcting what the machine read."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jknoffice.refusal import Refusal
from verification.annotation.correcting import correct
from verification.desk.access import Permission, case_for, record_refusal, worker
from verification.desk.forms import CorrectionForm


@require_POST
def correct_reading(request: HttpRequest, reference: str) -> HttpResponseRedirect:
    """Keep what stands in a field of a photo, and lead back to the case."""
    user = worker(request, Permission.WORK)
    case = case_for(user, reference)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was kept: choose the field, and write what stands there."))
        return redirect("admin:verification_case", reference)
    try:
        correct(request=case, by=user, **form.cleaned_data)
    except Refusal as refusal:
        record_refusal(by=user, code=refusal.code, case=case, step="correct")
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you: your correction stands beside the reading."))
    return redirect("admin:verification_case", reference)
