"""Where gateways tell what became of a message. No log-in and no CSRF token: the signature proves who asks."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from jknoffice import clock
from jknoffice.accounts.address import client_address
from jknoffice.accounts.limits import Limit, count
from verification import deliveries
from verification.sms import receipts

FORGED = Limit(name="sms receipt refused", most=60, window=timedelta(minutes=1))
SIGNED = Limit(name="sms receipt", most=6000, window=timedelta(minutes=1))


@csrf_exempt
@never_cache
@require_POST
def receipt(request: HttpRequest, gateway: str) -> HttpResponse:
    """Take one receipt of `gateway`: 204 when it is written down or says nothing new.

    400 when it cannot be read, 403 for a wrong signature, 404 for an unknown message (ask again later) or where no
    key is set, 413 when it is too long, 429 for too many.
    """
    if not settings.SMS_RECEIPT_KEY:
        return HttpResponse(status=404)
    body = request.read(receipts.MOST_BYTES + 1)
    if len(body) > receipts.MOST_BYTES:
        return HttpResponse(status=413)
    at = clock.now()
    try:
        receipts.check(
            key=settings.SMS_RECEIPT_KEY,
            timestamp=request.headers.get("X-JKN-Timestamp", ""),
            signed=request.headers.get("X-JKN-Signature", ""),
            body=body,
            at=at,
        )
    except receipts.Forged:
        return HttpResponse(status=403 if count(FORGED, client_address(request), at=at) else 429)
    if not count(SIGNED, gateway, at=at):
        return HttpResponse(status=429)
    return HttpResponse(status=_write_down(gateway, body))


def _write_down(gateway: str, body: bytes) -> int:
    """Return the status of the answer."""
    try:
        said = receipts.read(body)
        if said.delivery:
            deliveries.note(gateway=gateway, reference=said.reference, delivery=said.delivery, at=clock.now())
    except receipts.Malformed:
        return 400
    except deliveries.UnknownMessage:
        return 404
    return 204
