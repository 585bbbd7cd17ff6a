"""What a development place adds to the pages of the door: the demo registers its accounts here. Empty in production."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

Context = Callable[[HttpRequest], Mapping[str, Any]]

_hints: list[tuple[str, Context]] = []


def register(template: str, context: Context) -> None:
    """Show a template under the forms of both steps, with what `context` returns for the request."""
    _hints.append((template, context))


def rendered(request: HttpRequest) -> list[str]:
    """Return the registered templates as safe HTML, and nothing in a place that allows no demo."""
    if not settings.JKN_ENV.allows_demo:
        return []
    return [render_to_string(template, dict(context(request)), request) for template, context in _hints]
