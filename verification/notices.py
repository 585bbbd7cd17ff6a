"""What participants are told, and at which number. The old number is told as well: its holder may object."""

from datetime import datetime

from django.utils.translation import override

from verification import outbox, reference
from verification.models import PhoneChangeRequest
from verification.moments import written


def received(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Tell the new number that the request is in."""
    _tell(request, "received", request.new_phone, at)


def correction(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Tell the new number that a better photo is needed."""
    _tell(request, "correction", request.new_phone, at)


def rejected(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Tell the new number the result (UU PDP 27/2022, art. 30)."""
    _tell(request, "rejected", request.new_phone, at)


def held(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Tell both numbers when the change will happen."""
    _tell(request, "hold_new", request.new_phone, at)
    _tell(request, "hold_old", request.old_phone, at)


def applied(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Tell both numbers that the change has happened."""
    _tell(request, "applied_new", request.new_phone, at)
    _tell(request, "applied_old", request.old_phone, at)


def _tell(request: PhoneChangeRequest, template: str, to: str, at: datetime) -> None:
    if to:
        with override(request.language):
            moment = written(request.hold_until) if request.hold_until else ""
        context = {"reference": reference.show(request.reference), "moment": moment}
        outbox.write(request=request, to=to, template=template, context=context, at=at)
