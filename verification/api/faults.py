"""Which status a refusal of the domain gets."""

from http import HTTPStatus
from typing import Any

from jknoffice.refusal import Refusal

STATUS = {
    "no_scope": 403,
    "no_such_request": 404,
    "already_open": 409,
    "not_allowed": 409,
    "not_waiting": 409,
    "key_reused": 409,
    "in_progress": 409,
    "too_many_codes": 429,
    "storage_away": 503,
}
"""By the refusal's code; 422 for all others."""


def refused(refusal: Refusal) -> tuple[int, dict[str, Any]]:
    """Return the status and the problem of a refusal."""
    status = STATUS.get(refusal.code, 422)
    title = HTTPStatus(status).phrase
    return status, {
        "type": "about:blank",
        "title": title,
        "status": status,
        "code": refusal.code,
        "detail": str(refusal),
    }
