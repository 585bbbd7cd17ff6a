"""Requests in any state, brought there by the domain's own steps; time runs backwards from now where it must."""

import io
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import F
from django.utils import timezone
from PIL import Image

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from participants.models import Peserta
from tests import make
from verification import changes, outbox
from verification.codes import Answer
from verification.documents.pictures import Picture
from verification.models import OutboxMessage, PhoneChangeRequest
from verification.models.choices import ChangeReason, Channel, DocumentKind, Fault, RejectReason
from verification.models.outbox import MessageStatus
from verification.notices import HOLD_TO_OLD
from verification.sms.gateways import memory
from verification.states import Status

COUNTER_TAKES = timedelta(minutes=5)
"""From the entering of a counter case to its decision: what is faster is a signal."""

NEW_PHONE = "+6281298765432"


@cache
def picture(shade: int = 128) -> Picture:
    """A grey photo, as `pictures.read()` would return it."""
    out = io.BytesIO()
    Image.new("RGB", (640, 400), (shade, shade, shade)).save(out, "JPEG")
    return Picture(out.getvalue(), 640, 400)


def both_photos() -> dict[DocumentKind, Picture]:
    return {DocumentKind.KTP: picture(120), DocumentKind.CARD: picture(140)}


def intake(peserta: Peserta, **given: Any) -> changes.Intake:
    defaults: dict[str, Any] = {
        "identifier": peserta.nik,
        "birth_date": peserta.birth_date,
        "new_phone": NEW_PHONE,
        "channel": Channel.LOST_ACCESS,
        "reason": ChangeReason.LOST_PHONE,
        "pictures": both_photos(),
    }
    return changes.Intake(**(defaults | given))


def submitted(
    *, peserta: Peserta | None = None, by: User | None = None, at: datetime | None = None, **given: Any
) -> PhoneChangeRequest:
    """A request that waits for its code; `by` makes it a counter case."""
    peserta = peserta or make.peserta(**({"branch": by.branch} if by else {}))
    given.setdefault("channel", Channel.COUNTER if by else Channel.LOST_ACCESS)
    if by and at is None:
        at = timezone.now() - COUNTER_TAKES
    given.setdefault("new_phone", f"+62812{next(make._numbers):08}")
    return changes.submit(intake=intake(peserta, **given), by=by, at=at)


def code_of(request: PhoneChangeRequest) -> str:
    """The code that the participant would read on the new number."""
    message = request.messages.filter(template="code", status=MessageStatus.WAITING).latest("pk")
    text = outbox.text_of(message)
    return next(word.strip(",.") for word in text.split() if word.strip(",.").isdigit() and len(word.strip(",.")) == 6)


def confirmed(request: PhoneChangeRequest, *, at: datetime | None = None) -> Answer:
    return changes.confirm(request=request, typed=code_of(request), at=at)


def queued(*, at: datetime | None = None, **given: Any) -> PhoneChangeRequest:
    request = submitted(at=at, **given)
    confirmed(request, at=at)
    request.refresh_from_db()
    return request


def reviewer(request: PhoneChangeRequest, role: Role = Role.OPERATOR) -> User:
    """A member of staff who may work this case and has nothing to do with it."""
    return make.staff(role, branch=request.branch)


def in_state(status: Status, *, at: datetime | None = None, **given: Any) -> PhoneChangeRequest:
    """A request in `status`, whoever had to act on the way."""
    at = at or timezone.now()
    if status is Status.UNMATCHED:
        stranger = Peserta(nik=make.nik(), birth_date=at.date())
        request = submitted(peserta=stranger, at=at, **given)
        confirmed(request, at=at)
    elif status in {Status.AWAITING_CODE, Status.EXPIRED}:
        request = submitted(at=at - timedelta(days=2) if status is Status.EXPIRED else at, **given)
        if status is Status.EXPIRED:
            changes.expire_due(at=at)
    else:
        if status in {Status.APPLIED, Status.REVERSED} and "by" not in given and "peserta" not in given:
            given["by"] = make.staff()
        if status is Status.SECOND_REVIEW and "peserta" not in given:
            given["peserta"] = make.peserta(phone_changed_at=at - timedelta(days=5))
        request = queued(at=at - COUNTER_TAKES if "by" in given else at, **given)
        _ON[status](request, at)
    request.refresh_from_db()
    assert request.status == status
    return request


def _claimed(request: PhoneChangeRequest, at: datetime) -> User:
    user = reviewer(request)
    changes.claim(request=request, by=user, at=at)
    return user


def _claim(request: PhoneChangeRequest, at: datetime) -> None:
    _claimed(request, at)


def _ask(request: PhoneChangeRequest, at: datetime) -> None:
    changes.ask(request=request, by=_claimed(request, at), document=DocumentKind.KTP, fault=Fault.BLURRED, at=at)


def _approve(request: PhoneChangeRequest, at: datetime) -> None:
    changes.approve(request=request, by=_claimed(request, at), compared=True, at=at)


def _reject(request: PhoneChangeRequest, at: datetime) -> None:
    changes.reject(request=request, by=_claimed(request, at), reason=RejectReason.DATA_DIFFERS, at=at)


def _freeze(request: PhoneChangeRequest, at: datetime) -> None:
    _approve(request, at)
    changes.freeze(request=request, at=at)


def _reverse(request: PhoneChangeRequest, at: datetime) -> None:
    _approve(request, at)
    changes.ask_reversal(request=request, by=reviewer(request), at=at)
    changes.reverse(request=request, by=reviewer(request, Role.SUPERVISOR), at=at)


def _nothing(request: PhoneChangeRequest, at: datetime) -> None:
    pass


def _cancel(request: PhoneChangeRequest, at: datetime) -> None:
    changes.cancel(request=request, at=at)


_ON = {
    Status.QUEUED: _nothing,
    Status.IN_REVIEW: _claim,
    Status.NEEDS_INFO: _ask,
    Status.SECOND_REVIEW: _approve,
    Status.ON_HOLD: _approve,
    Status.FROZEN: _freeze,
    Status.APPLIED: _approve,
    Status.REJECTED: _reject,
    Status.REVERSED: _reverse,
    Status.CANCELLED: _cancel,
}


def told() -> None:
    """Let every notice of a hold to the number from before count as sent."""
    waiting = OutboxMessage.objects.filter(template=HOLD_TO_OLD, status=MessageStatus.WAITING)
    waiting.update(status=MessageStatus.SENT, sent_at=F("created_at"), sealed_context=None)


def deliver() -> list[memory.Message]:
    """Hand all waiting messages to the memory gateway, and return what it has got so far."""
    outbox.deliver_waiting()
    return memory.sent
