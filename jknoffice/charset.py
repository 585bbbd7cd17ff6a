"""Requests are written in UTF-8."""

import codecs
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from django.utils.http import parse_header_parameters

Application: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def utf8_only(application: Application) -> Application:
    """Return the WSGI application with 400 in the place of its answer to requests in any other encoding.

    Browsers send our forms in UTF-8. Django takes whatever codec Python knows, some of which are none of text
    (`base64`), and fails with them before any middleware is asked.
    """

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if _is_utf8(environ.get("CONTENT_TYPE", "")):
            return application(environ, start_response)
        start_response("400 Bad Request", [("Content-Type", "text/plain")])
        return [b"Bad request: not in UTF-8.\n"]

    return guarded


def _is_utf8(content_type: str) -> bool:
    try:
        _kind, parameters = parse_header_parameters(content_type)
        return codecs.lookup(parameters.get("charset", "utf-8")).name == "utf-8"
    except (LookupError, ValueError):
        return False
