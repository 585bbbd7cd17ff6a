"""Where the newest code of a request is on its way, so that nobody waits for it in vain."""

from datetime import datetime
from enum import StrEnum

from verification.models import OutboxMessage, PhoneChangeRequest
from verification.models.outbox import Delivery, MessageStatus


class Sending(StrEnum):
    """How it stands."""

    FINE = "fine"
    STUCK = "stuck"
    """Not gone out yet: no gateway takes it, or as many went out as may today. It is tried until it is over."""
    UNSENT = "unsent"
    """It could not be sent in its time, or every gateway refuses the number."""
    UNDELIVERED = "undelivered"
    """A gateway took it, and says that it did not reach the telephone."""


def newest_code(*, request: PhoneChangeRequest) -> OutboxMessage | None:
    """Return the message with the newest code, None when there is none (any more)."""
    return request.messages.filter(template="code").order_by("-pk").first()


def state_of(message: OutboxMessage | None, *, at: datetime) -> Sending:
    """Return where a message stands; FINE where there is none to tell of."""
    if message is None or message.status == MessageStatus.SENT:
        is_lost = message is not None and message.delivery == Delivery.UNDELIVERED
        return Sending.UNDELIVERED if is_lost else Sending.FINE
    if message.status != MessageStatus.WAITING or message.expires_at <= at:
        return Sending.UNSENT
    is_put_off = message.next_try_at > message.created_at
    return Sending.STUCK if message.attempts or is_put_off else Sending.FINE
