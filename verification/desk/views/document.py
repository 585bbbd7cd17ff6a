"""One photo."""

import logging

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jknoffice.crypto import Unreadable
from verification.changes.people import OutOfReach
from verification.desk.access import Permission, record_refusal, worker
from verification.documents import store, vault, viewing
from verification.models import Document

logger = logging.getLogger(__name__)

_ENDINGS = {"image/jpeg": "jpg", "image/svg+xml": "svg"}


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a photo of a case within reach; in place of one that cannot be shown, a picture that says why."""
    user = worker(request, Permission.VIEW)
    try:
        response = HttpResponse(viewing.view(document_id=pk, by=user), content_type="image/jpeg")
    except Document.DoesNotExist as error:
        row = Document.objects.select_related("request__peserta").filter(pk=pk).first()
        if row:
            record_refusal(by=user, code=OutOfReach.code, case=row.request)
        raise Http404 from error
    except viewing.NotHeld as refusal:
        record_refusal(by=user, code=refusal.code, case=refusal.case)
        raise PermissionDenied from refusal
    except vault.Shredded as gone:
        response = _instead(request, 410, shredded_at=gone.at)
    except (vault.Lost, Unreadable):
        logger.exception("document %s cannot be read", pk)
        response = _instead(request, 404)
    except store.Away:
        response = _instead(request, 503, away=True)
    response["Cache-Control"] = "no-store, private"
    response["Content-Disposition"] = f'inline; filename="jkn-{pk}.{_ENDINGS[response.headers["Content-Type"]]}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _instead(request: HttpRequest, status: int, **told: object) -> HttpResponse:
    return render(request, "admin/verification/unreadable.svg", told, content_type="image/svg+xml", status=status)
