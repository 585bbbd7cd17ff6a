"""Django's own addresses of the model, leading to the desk."""

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from verification.desk.access import Permission, demand_reach, worker
from verification.models import PhoneChangeRequest


@require_safe
def to_queue(request: HttpRequest) -> HttpResponseRedirect:
    """Lead from the model's list to the queue."""
    worker(request, Permission.VIEW)
    return redirect("admin:verification_queue")


@require_safe
def to_case(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Lead from the model's form to the review page of a case within reach."""
    user = worker(request, Permission.VIEW)
    case = PhoneChangeRequest.objects.filter(pk=pk).first()
    if case is None:
        raise Http404
    demand_reach(user, case, to_read=True)
    return redirect("admin:verification_case", case.reference)
