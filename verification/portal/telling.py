"""What the participant is told about each state of a request, in words that give nothing of the desk away."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants import phone
from verification.models import PhoneChangeRequest
from verification.models.choices import Channel, RejectReason
from verification.moments import written, written_day
from verification.states import Status


@dataclass(frozen=True, slots=True)
class Telling:
    """A headline, sentences, and how it looks: "info", "good", "warn" or "bad"."""

    tone: str
    headline: str | Promise
    sentences: tuple[str | Promise, ...]


NO_BREAK = "\u2011"
"""A hyphen at which no line ends."""

_HELP = _("For help, visit a BPJS Kesehatan branch office with your KTP and card, or call 165.")
_REVIEW = Telling(
    "info",
    _("A member of staff is looking at your request"),
    (_("You will have the result by %(due)s WIB at the latest. We send it by SMS to %(number)s."),),
)

TELLINGS: Mapping[Status, Telling] = {
    Status.AWAITING_CODE: Telling(
        "warn",
        _("Your new number is not confirmed yet"),
        (
            _("Type the code that we sent by SMS to %(number)s."),
            _("Without it the request ends on %(unconfirmed_end)s WIB."),
        ),
    ),
    Status.QUEUED: Telling(
        "info",
        _("Your request is in the queue"),
        (
            _("A member of staff will compare your photos with our data."),
            _("You will have the result by %(due)s WIB at the latest. We send it by SMS to %(number)s."),
        ),
    ),
    Status.IN_REVIEW: _REVIEW,
    Status.SECOND_REVIEW: _REVIEW,
    Status.NEEDS_INFO: Telling(
        "warn",
        _("We need a better photo from you"),
        (
            _("Document: %(document)s. %(fault)s."),
            _("Please send it again by %(correction_end)s WIB; your request then keeps its place in the queue."),
        ),
    ),
    Status.ON_HOLD: Telling(
        "good",
        _("Your request was approved"),
        (
            _("%(number)s becomes your registered number on %(hold_end)s WIB."),
            _("We wait until then for your safety, so that the holder of an earlier number can object."),
        ),
    ),
    Status.FROZEN: Telling(
        "warn",
        _("Your request has been stopped for your safety"),
        (_("The change was objected to. Our staff will look into it and contact you."), _HELP),
    ),
    Status.APPLIED: Telling(
        "good",
        _("Your number has been changed"),
        (_("%(number)s has been your registered number since %(applied)s WIB."),),
    ),
    Status.REJECTED: Telling("bad", _("Your request was not approved"), ("%(reason)s", _HELP)),
    Status.REVERSED: Telling(
        "warn", _("The change was undone"), (_("The number that was registered before is registered again."), _HELP)
    ),
    Status.CANCELLED: Telling(
        "info", _("This request was withdrawn"), (_("Nothing was changed. You can start a new request at any time."),)
    ),
    Status.EXPIRED: Telling(
        "warn",
        _("This request has ended"),
        (_("We waited for your answer and did not get it in time. Nothing was changed. You can start a new request."),),
    ),
    Status.UNMATCHED: Telling(
        "warn",
        _("We could not find your data with what you gave"),
        (
            _("Nothing was changed, and your photos have been deleted. Compare NIK or card number and date of birth."),
            _HELP,
        ),
    ),
}

SELF_SERVICE_QUEUED = Telling(
    "info",
    _("Your request is in the queue"),
    (
        _("A member of staff looks at your change before the new number is registered."),
        _("You will have the result by %(due)s WIB at the latest. We send it by SMS to %(number)s."),
    ),
)
"""For who is logged in there are no photos, and staff is asked only where something seems odd."""

REASONS: Mapping[str, str | Promise] = {
    RejectReason.NOT_SAME_PERSON: _("The photos did not show that the request comes from the participant."),
    RejectReason.DATA_DIFFERS: _("The data on your documents differ from our data. They have to be corrected first."),
    RejectReason.DOCUMENT_NOT_VALID: _("One of the documents is not valid."),
    RejectReason.SUSPECTED_FRAUD: _("The photos did not show that the request comes from the participant."),
    RejectReason.HOLDER_OBJECTS: _("The holder of the registered number objected to the change."),
    RejectReason.WITHDRAWN: _("You told us that you no longer want the change."),
}
"""Why a request was rejected, as its sender may know it: suspicion is not explained to whom it is about."""


def tell(request: PhoneChangeRequest) -> Telling:
    """Return what to say about a request now, in the active language."""
    telling = TELLINGS[Status(request.status)]
    if request.channel == Channel.SELF_SERVICE and request.status == Status.QUEUED:
        telling = SELF_SERVICE_QUEUED
    facts = _facts(request)
    return Telling(telling.tone, str(telling.headline), tuple(str(text) % facts for text in telling.sentences))


def due(request: PhoneChangeRequest) -> str:
    """Return in words by when the result is promised (UU PDP 27/2022, art. 30)."""
    return written_day(request.submitted_at + settings.SERVICE_TIME)


def _facts(request: PhoneChangeRequest) -> dict[str, str]:
    moments = {
        "unconfirmed_end": request.submitted_at + settings.UNCONFIRMED_LIFETIME,
        "correction_end": request.asked_at and request.asked_at + settings.CORRECTION_LIFETIME,
        "hold_end": request.hold_until,
        "applied": request.applied_at,
    }
    return {
        "number": phone.mask(request.new_phone).replace("-", NO_BREAK),
        "due": due(request),
        "document": request.get_asked_document_display(),
        "fault": request.get_asked_fault_display(),
        "reason": str(REASONS.get(request.decision_reason, "")),
        **{name: written(at) if at else "" for name, at in moments.items()},
    }
