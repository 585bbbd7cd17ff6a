"""Which request of the web a log line belongs to, and one line for each request that was served."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from jknoffice.audit.context import session_reference

HEADER = "X-Request-ID"

_READABLE = re.compile(r"[A-Za-z0-9-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")

logger = logging.getLogger(__name__)


def current_request() -> str:
    """Return the id of the request being served, "" outside of one."""
    return _current.get()


class RequestIdMiddleware:
    """Give each request an id, the proxy's where proxies are trusted, and log that it was served.

    The line names the route and not the path, which may carry a reference; neither query nor address is logged. Files
    that were served need no line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request, and tell its id in `X-Request-ID`."""
        token, begun = _current.set(_id_of(request)), time.monotonic()
        try:
            response = self.get_response(request)
            response[HEADER] = current_request()
            if request.resolver_match or response.status_code >= 400:
                _tell(request, response, time.monotonic() - begun)
            return response
        finally:
            _current.reset(token)


def _id_of(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "") if settings.JKN_TRUSTED_PROXIES else ""
    return given if _READABLE.fullmatch(given) else uuid.uuid4().hex


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    route = request.resolver_match.route if request.resolver_match else ""
    key = request.session.session_key if hasattr(request, "session") else None
    logger.info(
        "%s %s %s",
        request.method,
        route or "/",
        response.status_code,
        extra={
            "session": session_reference(key) if key else "",
            "served": {
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000),
            },
        },
    )
