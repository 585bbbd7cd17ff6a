"""Delivery receipts as they come in: signed, fresh, and of a known form."""

import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from verification.models.outbox import Delivery

MOST_BYTES = 4096
FRESH = timedelta(minutes=5)
"""How far the time of a receipt may be from ours, either way."""
STATES = {
    "delivered": Delivery.DELIVERED,
    "undelivered": Delivery.UNDELIVERED,
    "failed": Delivery.UNDELIVERED,
    "rejected": Delivery.UNDELIVERED,
    "expired": Delivery.UNDELIVERED,
}
"""The last states by the words that gateways use; others ("queued", "sent") are on the way and say nothing."""


class Forged(Exception):
    """The receipt is not signed with our key, or too old or too new."""


class Malformed(Exception):
    """The receipt is signed, but not of the known form."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a gateway said about a message; `delivery` is None while it is on the way."""

    reference: str
    delivery: Delivery | None


def signature(*, key: bytes, timestamp: str, body: bytes) -> str:
    """Return the signature in hexadecimal: HMAC-SHA256 over the time stamp, a full stop and the raw body."""
    return hmac.digest(key, timestamp.encode() + b"." + body, "sha256").hex()


def check(*, key: bytes, timestamp: str, signed: str, body: bytes, at: datetime) -> None:
    """Raise `Forged` unless `signed` fits and `timestamp` (whole seconds since 1970) is close to `at`."""
    expected = signature(key=key, timestamp=timestamp, body=body)
    if not hmac.compare_digest(expected.encode(), signed.encode()):
        raise Forged("signature")
    # At most ten digits: a longer number is no time, and a very long one costs time.
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 10):
        raise Forged("time stamp")
    if abs(at.timestamp() - int(timestamp)) > FRESH.total_seconds():
        raise Forged("too old or too new")


def read(body: bytes) -> Receipt:
    """Return what `{"reference": ..., "status": ...}` says; raises `Malformed`."""
    try:
        said = json.loads(body)
        reference, status = said["reference"], said["status"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Malformed from None
    if not isinstance(reference, str) or not isinstance(status, str) or not 0 < len(reference) <= 80:
        raise Malformed
    if not reference.isprintable():
        raise Malformed
    return Receipt(reference, STATES.get(status.lower()))
