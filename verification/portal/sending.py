"""What the participant is told of a code that has not gone out, or did not arrive: nobody shall wait in vain."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from participants import phone
from verification.models import OutboxMessage, PhoneChangeRequest
from verification.models.outbox import Delivery, MessageStatus


def trouble_of(case: PhoneChangeRequest, *, at: datetime) -> str:
    """Return what is wrong with the newest code of a request, and what to do; empty when nothing is known to be."""
    message = case.messages.filter(template="code").order_by("-pk").first()
    if message is None:
        return ""
    if message.status in {MessageStatus.FAILED, MessageStatus.EXPIRED} or _is_over(message, at):
        return _(
            "The SMS with the code could not be sent to %(number)s. Ask for another code below, visit a branch office"
            " with your KTP and card, or call 165."
        ) % {"number": phone.mask(message.to)}
    if message.status == MessageStatus.WAITING and (message.attempts or message.next_try_at > at):
        until = time_format(timezone.localtime(message.expires_at), "H:i")
        return _(
            "The SMS to %(number)s has not gone out yet: no SMS can be sent at the moment. If it has not come by"
            " %(until)s WIB, ask for another code then, visit a branch office with your KTP and card, or call 165."
        ) % {"number": phone.mask(message.to), "until": until}
    if message.delivery == Delivery.UNDELIVERED:
        return _(
            "The SMS did not reach %(number)s. Look whether the telephone is on and has reception, then ask for another"
            " code. If the number is wrong, withdraw the request and begin anew."
        ) % {"number": phone.mask(message.to)}
    return ""


def _is_over(message: OutboxMessage, at: datetime) -> bool:
    return message.status == MessageStatus.WAITING and message.expires_at <= at
