"""Messages on their way out: written in the transaction of what they tell about, sent by the worker.

A message is handed to the gateway at least once: a crash between hand-over and commit sends it again.
"""

import json
import logging
import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Least
from procrastinate.contrib.django import app

from jknoffice import clock
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from jknoffice.crypto import Purpose, key_for, opened, seal
from verification import cap, mail
from verification.models import OutboxMessage, PhoneChangeRequest
from verification.models.outbox import MessageStatus
from verification.sms import gateways, texts

PAUSES = (
    *(timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 1800)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 8)),
)
"""How long to wait at most after each failed attempt but the last: a day in all."""
ATTEMPTS = len(PAUSES) + 1
LOUD = 6
"""After so many failed attempts, three quarters of an hour, the log says that this is no hiccup."""
LIFETIME = timedelta(days=3)
"""How long a notice is worth sending: a day by itself, two more by hand."""
SHARE = 4
"""No pause is longer than this part of a message's life: a code is tried until its ten minutes are over."""
LONGEST_WAIT = timedelta(hours=1)
"""How long a gateway may ask to be left alone."""
JITTER = 0.2
"""By how much of itself a pause is shortened at most: what failed together is not tried again together."""
SEND_TASK = "verification.send_message"

logger = logging.getLogger(__name__)


def write(
    *,
    request: PhoneChangeRequest | None,
    to: str,
    template: str,
    context: Mapping[str, str],
    at: datetime,
    lifetime: timedelta = LIFETIME,
    language: str = "",
    occasion: int = 0,
) -> OutboxMessage:
    """Put a message into the outbox and order its sending, in the caller's transaction.

    `to` is E.164 or an e-mail address, `template` a key of `sms.texts.TEXTS`, `context` what its text needs. It is not
    sent after `lifetime`. `language` is the request's where there is one. A notice has an `occasion`, the request's
    version: written again for the same one it raises IntegrityError.
    """
    message = OutboxMessage.objects.create(
        request=request,
        to=to,
        template=template,
        language=request.language if request else language,
        occasion=occasion,
        sealed_context=seal(
            key=key_for(Purpose.MESSAGE),
            plaintext=json.dumps(dict(context)).encode(),
            bound_to=_place(request.pk if request else None, template, to),
        ),
        created_at=at,
        next_try_at=at,
        expires_at=at + lifetime,
    )
    app.configure_task(SEND_TASK).defer(message_id=message.pk)
    return message


def deliver(*, message_id: int, at: datetime | None = None) -> None:
    """Send one message if it still waits and its time has come. Another worker's message is left alone.

    A gateway's failure is counted and tried again later; after `ATTEMPTS`, or at once when all gateways refuse it for
    good, the message is given up and that is logged.
    Once as many went out as may in a day (`cap`), it waits until earlier ones are a day old.
    """
    at = at or clock.now()
    is_sms = not OutboxMessage.objects.filter(pk=message_id, to__contains="@").exists()
    if is_sms and not cap.take(at=at):
        waiting = OutboxMessage.objects.filter(pk=message_id, status=MessageStatus.WAITING, next_try_at__lte=at)
        alive = waiting.filter(expires_at__gt=at)
        if not alive.update(next_try_at=Least(at + cap.wait(at=at), "expires_at")):
            _try(message_id, at)  # its time is over: that is all that can be found
    elif not _try(message_id, at) and is_sms:
        cap.give_back(at=at)


@transaction.atomic
def _try(message_id: int, at: datetime) -> bool:
    """Return whether a gateway was asked."""
    message = (
        OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("request")
        .filter(pk=message_id, status=MessageStatus.WAITING, next_try_at__lte=at)
        .first()
    )
    if message is None:
        return False
    if message.expires_at <= at:
        _end(message, MessageStatus.EXPIRED, at)
        return False
    message.attempts += 1
    try:
        message.gateway, message.provider_id = _hand_over(message)
    except Exception as error:  # noqa: BLE001 - whatever breaks on the way out is one failed attempt, no endless one
        # Not the error's own words: they may quote the number or the text.
        logger.warning("message %s: attempt %s failed: %s", message.pk, message.attempts, type(error).__name__)
        _put_off(message, at, error)
    else:
        message.sent_at = at
        _end(message, MessageStatus.SENT, at)
    return True


def deliver_waiting(*, at: datetime | None = None) -> int:
    """Send all messages whose time has come; return how many were tried. A job that got lost is made up for here."""
    at = at or clock.now()
    waiting = OutboxMessage.objects.filter(status=MessageStatus.WAITING, next_try_at__lte=at)
    identifiers = list(waiting.order_by("next_try_at").values_list("pk", flat=True)[:500])
    for message_id in identifiers:
        deliver(message_id=message_id, at=at)
    return len(identifiers)


def try_anew(*, message: OutboxMessage, at: datetime) -> None:
    """Put a message that was given up on its way once more, with as many attempts as a new one."""
    message.status, message.attempts, message.next_try_at = MessageStatus.WAITING, 0, at
    message.save(update_fields=["status", "attempts", "next_try_at"])
    app.configure_task(SEND_TASK).defer(message_id=message.pk)


def erase_given_up(*, at: datetime) -> int:
    """Erase what given-up messages said once their time is over; return how many."""
    over = OutboxMessage.objects.filter(status=MessageStatus.FAILED, expires_at__lte=at, sealed_context__isnull=False)
    return over.update(sealed_context=None)


def void(*, request: PhoneChangeRequest, template: str, at: datetime) -> None:
    """Take back messages of one template that have not been sent."""
    for message in request.messages.select_for_update().filter(template=template, status=MessageStatus.WAITING):
        _end(message, MessageStatus.EXPIRED, at)


def text_of(message: OutboxMessage) -> str:
    """Return what a waiting message says. It may hold a code: show it to nobody but the gateway."""
    plain = opened(
        Purpose.MESSAGE,
        sealed=bytes(message.sealed_context or b""),
        bound_to=_place(message.request_id, message.template, message.to),
    )
    return texts.text_of(template=message.template, language=message.language, context=json.loads(plain))


def _hand_over(message: OutboxMessage) -> gateways.Taken:
    if message.is_email:
        mail.send(to=message.to, text=text_of(message), language=message.language)
        return gateways.Taken("email", "")
    return gateways.send(to=message.to, text=text_of(message))


def _put_off(message: OutboxMessage, at: datetime, error: Exception) -> None:
    if message.attempts >= ATTEMPTS or isinstance(error, gateways.Refused):
        logger.error("message %s: given up after %s attempts", message.pk, message.attempts)
        _end(message, MessageStatus.FAILED, at)
        return
    if message.attempts == LOUD:
        logger.error("message %s: no gateway took it in %s attempts, it is still tried", message.pk, LOUD)
    pause = min(PAUSES[message.attempts - 1], (message.expires_at - message.created_at) / SHARE)
    pause *= random.uniform(1 - JITTER, 1)  # noqa: S311 - no secret
    asked = min(getattr(error, "wait", timedelta(0)), LONGEST_WAIT)
    # At its end it is looked at once more: to say that it is over.
    message.next_try_at = min(at + max(pause, asked), message.expires_at)
    message.save(update_fields=["attempts", "next_try_at"])


def _end(message: OutboxMessage, status: MessageStatus, at: datetime) -> None:
    """Give the message its last state, and erase what it said; one that was given up may be sent again by hand."""
    kept = message.sealed_context if status is MessageStatus.FAILED else None
    message.status, message.sealed_context = status, kept
    message.save(update_fields=["status", "sealed_context", "attempts", "sent_at", "gateway", "provider_id"])
    record(
        f"message.{status}",
        by=Actor.system("worker"),
        about=Thing.of(message),
        subject=message.subject,
        after={**message.named, "attempts": message.attempts},
        at=at,
    )


def _place(request_id: int | None, template: str, to: str) -> str:
    return f"{request_id}/{template}/{to}"
