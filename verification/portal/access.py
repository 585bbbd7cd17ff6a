"""Finding one's own request again, by its reference and the date of birth given in it."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from jknoffice.audit.log import Thing, record_alone
from jknoffice.refusal import Refusal
from verification import links
from verification.models import PhoneChangeRequest
from verification.models.link import LinkKind
from verification.portal import limits
from verification.portal.limits import VISITOR


class NoSuchRequest(Refusal):
    """Reference and date of birth do not belong together; which of them is wrong is not said."""

    code = "no_such_request"
    sentence = _("No request has this reference and this date of birth. Compare both, then try again.")


class LinkOver(Refusal):
    """The private link is unknown or its time is over; which is not said."""

    code = "no_such_link"
    sentence = _("This link does not work any more. Please give your reference and date of birth.")


def find(*, reference: str, birth_date: date, address: str) -> PhoneChangeRequest:
    """Return the request with this stored reference and date of birth. Raises `NoSuchRequest` and `limits.TooMany`.

    Every attempt counts, for the client's `address` and for the reference; refusals are recorded.
    """
    limits.demand(limits.LOOK_UP, address, refusal="request.status_refused")
    limits.demand(limits.LOOK_UP_ONE, reference, refusal="request.status_refused")
    found = PhoneChangeRequest.objects.filter(reference=reference, birth_date=birth_date).first()
    if found is None:
        record_alone("request.status_refused", by=VISITOR, reason=NoSuchRequest.code, pii={"reference": reference})
        raise NoSuchRequest
    return found


def find_by_link(*, secret: str, address: str, at: datetime) -> PhoneChangeRequest:
    """Return the request to which a link from an SMS leads. Raises `LinkOver` and `limits.TooMany`."""
    limits.demand(limits.LINKS, address, refusal="request.status_refused")
    link = links.living(kind=LinkKind.STATUS, secret=secret, at=at).select_related("request__peserta").first()
    if link is None or link.request is None:
        record_alone("request.status_refused", by=VISITOR, reason=LinkOver.code)
        raise LinkOver
    return link.request


def record_view(request: PhoneChangeRequest) -> None:
    """Record that the participant looks at the state of a request; called before it is shown."""
    _record("request.status_viewed", request)


def record_no_code(request: PhoneChangeRequest, refusal: Refusal) -> None:
    """Record that the participant asked for another code and got none; to be called outside a transaction."""
    _record("request.code_refused", request, reason=refusal.code)


def _record(action: str, request: PhoneChangeRequest, *, reason: str = "") -> None:
    subject = request.peserta.uuid if request.peserta else None
    record_alone(action, by=VISITOR, about=Thing.of(request), subject=subject, reason=reason)
