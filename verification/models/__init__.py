"""Tables of the number changes."""

from verification.models.code import PhoneCode
from verification.models.document import Document
from verification.models.note import CaseNote
from verification.models.outbox import OutboxMessage
from verification.models.request import PhoneChangeRequest

__all__ = ["CaseNote", "Document", "OutboxMessage", "PhoneChangeRequest", "PhoneCode"]
