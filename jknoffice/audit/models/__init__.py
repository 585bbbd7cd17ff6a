"""Tables of the audit log."""

from jknoffice.audit.models.entry import AuditLog
from jknoffice.audit.models.subject import AuditSubject, AuditValue

__all__ = ["AuditLog", "AuditSubject", "AuditValue"]
