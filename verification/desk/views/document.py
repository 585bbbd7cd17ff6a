"""One photo."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jknoffice.crypto import Unreadable
from verification.changes.people import OutOfReach
from verification.desk.access import Permission, record_refusal, worker
from verification.documents import vault, viewing
from verification.models import Document

logger = logging.getLogger(__name__)


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a photo of a case within reach; in place of one that is lost or damaged, a picture that says so."""
    user = worker(request, Permission.VIEW)
    try:
        response = HttpResponse(viewing.view(document_id=pk, by=user), content_type="image/jpeg")
    except Document.DoesNotExist as error:
        row = Document.objects.select_related("request__peserta").filter(pk=pk).first()
        if row:
            record_refusal(by=user, code=OutOfReach.code, case=row.request)
        raise Http404 from error
    except (vault.Lost, Unreadable):
        logger.exception("document %s cannot be read", pk)
        response = render(request, "admin/verification/unreadable.svg", content_type="image/svg+xml", status=404)
    response["Cache-Control"] = "no-store, private"
    response["Content-Disposition"] = "inline"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
