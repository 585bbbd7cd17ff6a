"""Tables of the audit log."""

from jknoffice.audit.models.entry import AuditLog
from jknoffice.audit.models.question import AuditQuestion
from jknoffice.audit.models.sealing import (
    AuditCheckpoint,
    AuditHalt,
    AuditKey,
    AuditLeaf,
    AuditNode,
    AuditOrigin,
)
from jknoffice.audit.models.subject import AuditSubject, AuditValue

__all__ = [
    "AuditCheckpoint",
    "AuditHalt",
    "AuditKey",
    "AuditLeaf",
    "AuditLog",
    "AuditNode",
    "AuditOrigin",
    "AuditQuestion",
    "AuditSubject",
    "AuditValue",
]
