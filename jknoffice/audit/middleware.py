"""Tells the audit log which web session is being served."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from jknoffice.audit import context


class AuditContextMiddleware:
    """Entries written while a request is served carry a reference to its session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request inside its context."""
        with context.serving(lambda: request.session.session_key):
            return self.get_response(request)
