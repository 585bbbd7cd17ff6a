"""Copying one value of a case: the record that it leaves before the browser copies."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from verification.desk.access import NO_PERMISSION, Permission, case_for, record_refusal, worker
from verification.desk.casefile import sees_clear
from verification.desk.views.case import record_look

FIELDS = frozenset({"nik", "card_number", "old_phone", "new_phone"})


@require_POST
def copied(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that somebody who sees a case in full copies one of its numbers; answer with nothing (204)."""
    user = worker(request, Permission.VIEW)
    case = case_for(user, reference, to_read=True)
    field = request.POST.get("field", "")
    if field not in FIELDS:
        raise BadRequest("no such field")
    if not sees_clear(case, user):
        record_refusal(by=user, code=NO_PERMISSION, case=case, step="copy")
        raise PermissionDenied
    record_look("request.value_copied", case, by=user, after={"field": field})
    return HttpResponse(status=204)
