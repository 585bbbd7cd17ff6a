"""What other apps show on a person's page. The register may not import them, so they hand in their panels."""

from collections.abc import Callable
from typing import TypeAlias

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from participants.models import Peserta

Panel: TypeAlias = Callable[[HttpRequest, Peserta], str]

_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Show a panel on every person's page (call it in `AppConfig.ready()`).

    `panel` gets the request (of staff who may see the person) and the person, and returns safe HTML, escaped by a
    template: a `<section class="jkn-card">`, or an empty text for no panel.
    """
    if panel not in _panels:
        _panels.append(panel)


def rendered(request: HttpRequest, peserta: Peserta) -> list[SafeString]:
    """Return the panels of one person, in the order of registration."""
    found = [panel(request, peserta) for panel in _panels]
    return [mark_safe(html) for html in found if html]  # noqa: S308  (panels are templates, not what people type)
