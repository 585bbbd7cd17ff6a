"""What waiting messages say, as those who get them read it."""

from verification import outbox
from verification.models import OutboxMessage, PhoneChangeRequest
from verification.models.outbox import MessageStatus


def waiting(request: PhoneChangeRequest, template: str) -> list[OutboxMessage]:
    """The notices of one kind that are still to go out."""
    found = request.messages.filter(status=MessageStatus.WAITING, template=template)
    return list(found.order_by("pk"))


def link_of(message: OutboxMessage) -> str:
    """The address in a message."""
    (found,) = (word for word in outbox.text_of(message).split() if word.startswith("http"))
    return found


def secret_of(request: PhoneChangeRequest, template: str = "") -> str:
    """The secret in the newest "not me" link of a request."""
    templates = [template] if template else ["hold_old", "applied_old"]
    message = request.messages.filter(status=MessageStatus.WAITING, template__in=templates).latest("pk")
    return link_of(message).rpartition("/")[2]
