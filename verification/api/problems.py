"""Errors as problem details (RFC 9457), whoever raises them, and what every answer of the API has in common."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from jknoffice.uploads import LimitedUploads

PREFIX = "/api/v1/"
JSON_MOST = 64 * 1024
"""Bytes of a body without photos."""
KIND = "application/problem+json"


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """Return an error: `code` is a stable word, `detail` a sentence for the person who reads it."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    return JsonResponse(body | more, status=status, content_type=KIND)


class ProblemMiddleware:
    """Gives every error under `PREFIX` its form, and lets nobody keep an answer or get a cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        request.COOKIES = {}
        answer = _unreadable(request)
        if answer is None:
            most = 2 * settings.PHOTO_MAX_BYTES
            request.upload_handlers.insert(0, LimitedUploads(request, most=most, unread=True))
            answer = self.get_response(request)
        if answer.status_code >= 400 and answer.headers.get("Content-Type") != KIND:
            status = HTTPStatus(answer.status_code)
            formed = problem(status, status.name.lower(), status.description or status.phrase)
            for name in ("Allow", "Retry-After", "X-Request-ID"):
                if name in answer.headers:
                    formed.headers[name] = answer.headers[name]
            answer = formed
        answer.headers["Cache-Control"] = "no-store"
        answer.cookies.clear()
        return answer


def _unreadable(request: HttpRequest) -> HttpResponseBase | None:
    """Return the error for a body that no operation takes, or None."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return problem(400, "bad_request", "The length of the body cannot be read.")
    if not length or request.content_type == "multipart/form-data":
        return None
    if request.content_type != "application/json":
        return problem(415, "unsupported_media_type", "Send JSON, or a form with files.")
    return problem(413, "too_large", "The body is too large.") if length > JSON_MOST else None
