"""What participants are told: at the new number, at the old one, and by e-mail. The last two may object."""

from datetime import datetime

from django.utils.translation import override

from verification import links, outbox, reference
from verification.models import PhoneChangeRequest
from verification.models.link import LinkKind
from verification.moments import written

_NEW, _OLD = "_new", "_old"
_OBJECTED_TO = {"hold", "applied"}
"""The notices that carry a link for whoever did not ask for the change."""
HOLD_TO_OLD = f"hold{_OLD}"
"""The template that tells of a hold whoever may object to it."""


def received(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Tell that the request is in."""
    _tell_all(request, "received", at)


def correction(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Tell that a better photo is needed."""
    _tell_all(request, "correction", at)


def rejected(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Tell the result (UU PDP 27/2022, art. 30)."""
    _tell_all(request, "rejected", at)


def held(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Tell when the change will happen."""
    _tell_all(request, "hold", at)


def applied(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Tell that the change has happened."""
    _tell_all(request, "applied", at)


def undone(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Tell that the number from before is registered again."""
    _tell_all(request, "reversed", at)


def stands(*, request: PhoneChangeRequest, at: datetime) -> None:
    """Tell those who may have objected that the change stands."""
    _tell_those_before(request, "stands", at)


def _tell_all(request: PhoneChangeRequest, event: str, at: datetime) -> None:
    """Write one message to each who is to know: the new number, another one before it, and the registered e-mail."""
    _tell(request, event, _NEW, request.new_phone, at)
    _tell_those_before(request, event, at)


def _tell_those_before(request: PhoneChangeRequest, event: str, at: datetime) -> None:
    if request.old_phone != request.new_phone:
        _tell(request, event, _OLD, request.old_phone, at)
    _tell(request, event, _OLD, request.peserta.email if request.peserta else "", at)


def _tell(request: PhoneChangeRequest, event: str, whom: str, to: str, at: datetime) -> None:
    if not to:
        return
    with override(request.language):
        moment = written(request.hold_until) if request.hold_until else ""
    context = {"reference": reference.show(request.reference), "moment": moment}
    if whom == _OLD and event in _OBJECTED_TO:
        context["link"] = links.to_request(kind=LinkKind.OBJECTION, request=request, at=at)
    elif whom == _NEW and event == "received":
        context["link"] = links.to_request(kind=LinkKind.STATUS, request=request, at=at)
    outbox.write(request=request, to=to, template=event + whom, context=context, at=at, occasion=request.version)
