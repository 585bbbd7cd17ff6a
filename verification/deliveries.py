"""What a gateway says later about a message that it took: whether it reached the telephone."""

from datetime import datetime

from django.db import transaction

from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from jknoffice.refusal import Refusal
from verification.models import OutboxMessage
from verification.models.outbox import Delivery, MessageStatus


class UnknownMessage(Refusal):
    """No message went out under this reference, or it is not written down yet; the gateway may ask again."""

    code = "unknown_message"


@transaction.atomic
def note(*, gateway: str, reference: str, delivery: Delivery, at: datetime) -> OutboxMessage:
    """Write down what became of the message that `gateway` calls `reference`.

    The first word counts: a receipt that comes again, or a later one that says otherwise, changes nothing. Raises
    `UnknownMessage`.
    """
    sent = OutboxMessage.objects.select_for_update(of=("self",)).select_related("request__peserta")
    message = sent.filter(status=MessageStatus.SENT, gateway=gateway, provider_id=reference).order_by("pk").last()
    if message is None:
        raise UnknownMessage
    if message.delivery == Delivery.UNKNOWN:
        message.delivery, message.delivery_at = delivery, at
        message.save(update_fields=["delivery", "delivery_at"])
        record(
            f"message.{delivery}",
            by=Actor.system("gateway"),
            about=Thing.of(message),
            subject=message.subject,
            after=message.named,
            at=at,
        )
    return message
