"""Headers that every answer carries and that Django has no setting for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from jknoffice import away

_NOT_USED = """
accelerometer camera display-capture geolocation gyroscope hid magnetometer microphone midi payment screen-wake-lock
serial usb xr-spatial-tracking
""".split()

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _NOT_USED),
}


def forgetting(answer: HttpResponse) -> HttpResponse:
    """Let the browser of somebody who has left forget what it keeps of our pages (OWASP ASVS 5.0, 14.3.1).

    Cookies are not named: the session is ended by us, and the browser stays one that knows its owner.
    """
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


class HeadersMiddleware:
    """Gives every answer `HEADERS`: no other site embeds it, and it uses no device. docs/security.md lists them all.

    An answer of 503 says when to come again, too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if response.status_code == 503:
            response.headers.setdefault("Retry-After", str(away.RETRY_SECONDS))
        return response
