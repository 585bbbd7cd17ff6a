"""Who may read which entries (the blueprint's table of roles, row "read the audit log")."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models

if TYPE_CHECKING:
    from jknoffice.audit.models import AuditLog

    _Base = models.QuerySet[AuditLog]
else:
    _Base = models.QuerySet


class Scope(StrEnum):
    """How much of the log a role may read."""

    NONE = "none"
    OWN = "own"
    BRANCH = "branch"
    IMPORTS = "imports"
    ACCOUNTS = "accounts"
    ALL = "all"


class Reader(Protocol):
    """What the log must know of somebody who reads it; accounts' User fits."""

    username: Any

    @property
    def audit_scope(self) -> Scope:
        """How much of the log this person may read."""

    def branch_codes(self) -> list[str]:
        """Codes of the branches that this person answers for."""


class AuditLogQuerySet(_Base):
    """Entries, narrowed to what a person may see."""

    def for_user(self, user: Reader) -> "AuditLogQuerySet":
        """Return the entries that `user` may read."""
        match user.audit_scope:
            case Scope.ALL:
                return self
            case Scope.BRANCH:
                return self.filter(models.Q(branch__in=user.branch_codes()) | models.Q(actor=user.username))
            case Scope.ACCOUNTS:
                return self.filter(models.Q(action__startswith="account.") | models.Q(actor=user.username))
            case Scope.IMPORTS:
                return self.filter(actor=user.username, action__startswith="import.")
            case Scope.OWN:
                return self.filter(actor=user.username)
            case _:
                return self.none()
