"""Tables of the number changes."""

from verification.models.account_code import AccountCode
from verification.models.api import ApiAnswer, ApiClient
from verification.models.code import PhoneCode
from verification.models.document import Document
from verification.models.glass import BrokenGlass
from verification.models.likeness import DocumentLikeness, Fingerprint
from verification.models.link import PrivateLink
from verification.models.note import CaseNote
from verification.models.outbox import OutboxMessage
from verification.models.reading import DocumentReading, ReadingCorrection
from verification.models.request import PhoneChangeRequest
from verification.models.summary import DailySummary

__all__ = [
    "AccountCode",
    "ApiAnswer",
    "ApiClient",
    "BrokenGlass",
    "CaseNote",
    "DailySummary",
    "Document",
    "DocumentLikeness",
    "DocumentReading",
    "Fingerprint",
    "OutboxMessage",
    "PhoneChangeRequest",
    "PhoneCode",
    "PrivateLink",
    "ReadingCorrection",
]
