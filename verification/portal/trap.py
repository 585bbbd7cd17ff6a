"""A field that people do not see: what fills it in is a program, and gets no SMS sent."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from jknoffice.audit.log import record_alone
from jknoffice.refusal import Refusal
from verification.portal.limits import VISITOR

FIELD = "website"
"""Its name, as in `templates/portal/trap.html`."""


class Trapped(Refusal):
    """The field that nobody sees was filled in."""

    code = "trapped"
    sentence = _(
        "A hidden field was filled in, as programs do. Please turn automatic filling off and try again at once, visit"
        " a branch office, or call 165."
    )


def sprung(request: HttpRequest, *, refusal: str) -> Trapped | None:
    """Return what to say when the field was filled in, which is recorded as the action `refusal`; else None."""
    if not request.POST.get(FIELD):
        return None
    record_alone(refusal, by=VISITOR, reason=Trapped.code)
    return Trapped()
