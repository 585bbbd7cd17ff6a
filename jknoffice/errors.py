"""Pages of their own for what goes wrong: no database, no session, no trace; in the reader's language.

`jknoffice.urls` names the handlers, the settings the middleware and `csrf_failure()`. docs/security.md lists the pages.
"""

import sys
from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware import csrf
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language_from_request, override

from jknoffice import away
from jknoffice.refusal import Refusal, TooOften

PAGES = frozenset({400, 403, 404, 405, 413, 429, 500, 503})
"""The statuses that have a page, `templates/STATUS.html`."""
SOON = timedelta(minutes=1)
"""When to try again, where nobody knows better."""

_STAFF = "/admin/"
_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def page(request: HttpRequest, status: int, template: str = "", **shown: object) -> HttpResponse:
    """Return the page of a status, or of another `template` of the same status, for staff or for participants."""
    is_staff = request.path_info.startswith(_STAFF)
    with override(get_language_from_request(request)):
        text = render_to_string(f"{template or status}.html", {"is_staff": is_staff, **shown})
    answer = HttpResponse(text, status=status)
    add_never_cache_headers(answer)
    return answer


def told(answer: HttpResponse, refusal: Refusal | None) -> HttpResponse:
    """Give an answer that shows a refusal its status: 429 with Retry-After (RFC 6585) when a limit is used up."""
    if isinstance(refusal, TooOften):
        answer.status_code = 429
        _retry(answer, refusal.wait)
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read: 400; 413 (RFC 9110) when that is because there is too much of it."""
    return page(request, 413 if isinstance(exception, _TOO_LARGE) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer who has no right."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address where there is nothing, or nothing for who asks."""
    return page(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer when we have failed: 503 while the database is away, for that passes; else 500."""
    if away.is_away(sys.exc_info()[1]):
        return page(request, 503, sent=request.method not in {"GET", "HEAD"})
    return page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that is not known to be ours, and say what to do about the likely cause."""
    cause = "old"
    if reason == csrf.REASON_NO_CSRF_COOKIE:
        cause = "cookie"
    elif reason.startswith(("Origin", "Referer")):  # as all of Django's sentences about them do
        cause = "elsewhere"
    return page(request, 403, "403_csrf", cause=cause)


class ErrorPagesMiddleware:
    """Gives answers that say no more than their status a page, where a browser asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        answer = self.get_response(request)
        if answer.status_code == 429 and "Retry-After" not in answer.headers:
            _retry(answer, SOON)
        if not isinstance(answer, HttpResponse) or answer.content or answer.status_code not in PAGES:
            return answer
        if "text/html" in request.headers.get("Accept", ""):
            told_better = page(request, answer.status_code)
            answer.content = told_better.content
            for name, value in (*told_better.items(), ("Content-Length", str(len(told_better.content)))):
                answer.headers[name] = value
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what was tried too often where no page shows it."""
        if not isinstance(exception, TooOften):
            return None
        return told(page(request, 429, sentence=str(exception)), exception)


def _retry(answer: HttpResponseBase, wait: timedelta) -> None:
    answer.headers["Retry-After"] = str(max(1, -(-int(wait.total_seconds() * 1000) // 1000)))
