"""Tables of the number changes."""

from verification.models.code import PhoneCode
from verification.models.document import Document
from verification.models.outbox import OutboxMessage
from verification.models.request import PhoneChangeRequest

__all__ = ["Document", "OutboxMessage", "PhoneChangeRequest", "PhoneCode"]
