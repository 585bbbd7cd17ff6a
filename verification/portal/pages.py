"""What all views at the participants' door have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jknoffice.errors import told
from jknoffice.refusal import Refusal
from verification.documents import store

View = Callable[..., HttpResponseBase]


def page(view: View) -> View:
    """Decorate a view that is shown (GET) and acted on (POST), and that no browser or proxy may keep."""
    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(view))


def private_page(view: View) -> View:
    """Decorate a `page()` whose address is a secret: no link that is followed from it tells where it began.

    Not `no-referrer`: a browser then hides its origin from our own form as well, and that is refused as forged.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        response = view(request, *args, **options)
        response["Referrer-Policy"] = "strict-origin"
        return response

    return page(inner)


def start_again(request: HttpRequest) -> HttpResponse:
    """Send somebody whose entries are gone to the first step, and say why."""
    messages.warning(
        request, _("We no longer have your entries: they are kept for one hour. Please fill in the form again.")
    )
    return redirect("portal:data")


def look_up_again(request: HttpRequest) -> HttpResponse:
    """Send somebody whose grant is over to the form that opens a status page, and say why."""
    messages.warning(request, _("To protect your data, please give your reference and date of birth again."))
    return redirect("portal:status")


def show(request: HttpRequest, template: str, shown: dict[str, Any], *, refusal: Refusal | None = None) -> HttpResponse:
    """Return a page that shows a refusal, or none.

    Its status is 429 (RFC 6585) when a limit is used up, 503 (RFC 9110) when photos cannot be stored.
    """
    answer = render(request, template, {**shown, "refusal": refusal})
    if isinstance(refusal, store.Away):
        answer.status_code = 503
    return told(answer, refusal)
