"""Who may read which entries (the blueprint's table of roles, row "read the audit log")."""

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from jknoffice.audit.actor import Actor
from jknoffice.refusal import Refusal

if TYPE_CHECKING:
    from jknoffice.audit.models import AuditLog

    _Base = models.QuerySet[AuditLog]
else:
    _Base = models.QuerySet

OF_ACCOUNTS = models.Q(action__startswith="account.")


class OutOfScope(Refusal):
    """There is such a row, and it is not for this reader."""

    code = "out_of_scope"
    sentence = _("Belongs to a part of the audit log that this person may not read")


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

    @property
    def audit_scope(self) -> Scope:
        """How much of the log this person may read."""

    def as_actor(self) -> Actor:
        """This person as the log names them."""


class AuditLogQuerySet(_Base):
    """Entries, narrowed to what a person may see."""

    def for_user(self, user: Reader) -> "AuditLogQuerySet":
        """Return the entries that `user` may read."""
        me = user.as_actor()
        own = models.Q(actor=me.name, kind=me.kind)
        match user.audit_scope:
            case Scope.ALL:
                return self
            case Scope.BRANCH if me.branch:
                return self.filter(branch=me.branch)
            case Scope.ACCOUNTS:
                return self.filter(OF_ACCOUNTS)
            case Scope.IMPORTS:
                return self.filter(own, action__startswith="import.")
            case Scope.OWN:
                return self.filter(own)
            case _:
                return self.none()
