"""The roles and what each may do: the one table that permissions are read from."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from jknoffice.audit.scope import Scope


class Role(models.TextChoices):
    """The roles of staff. Portal accounts have none."""

    OPERATOR = "operator", _("Operator")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")
    DATA_ADMIN = "data_admin", _("Data admin")
    ADMIN = "admin", _("Staff administrator")


class Reach(models.TextChoices):
    """Whose cases a role works on."""

    NOWHERE = "nowhere"
    BRANCH = "branch"
    REGION = "region"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What a role may do: Django permission names, the reach over cases, and the part of the log."""

    permissions: frozenset[str]
    reach: Reach = Reach.NOWHERE
    audit: Scope = Scope.NONE
    needs_branch: bool = False


_SEARCH = {"participants.view_peserta"}
_LOG = {"audit.view_auditlog"}
_ALARMS = {"alarms.view_alarm"}
_WHO_MAY = {"accounts.view_rights"}
_OFFICER = {"audit.shred_subject", "audit.open_origin"}
"""What takes two persons at a terminal. Auditors and staff administrators have it: they work neither on cases nor on
the register, so that nobody destroys what the log says about their own work."""
_CASES = {"verification.view_phonechangerequest", "verification.work_phonechangerequest", "verification.break_glass"}
_DESK = _SEARCH | _LOG | _CASES

RIGHTS: Mapping[Role, Rights] = {
    Role.OPERATOR: Rights(
        permissions=frozenset(_DESK | {"verification.add_phonechangerequest"}),
        reach=Reach.BRANCH,
        audit=Scope.OWN,
        needs_branch=True,
    ),
    Role.SUPERVISOR: Rights(
        permissions=frozenset(_DESK | _ALARMS | {"verification.supervise_phonechangerequest"}),
        reach=Reach.REGION,
        audit=Scope.BRANCH,
        needs_branch=True,
    ),
    Role.AUDITOR: Rights(permissions=frozenset(_LOG | _OFFICER | _ALARMS | _WHO_MAY), audit=Scope.ALL),
    Role.DATA_ADMIN: Rights(
        permissions=frozenset(_SEARCH | _LOG | {"participants.import_peserta", "participants.view_importbatch"}),
        audit=Scope.IMPORTS,
    ),
    Role.ADMIN: Rights(
        permissions=frozenset(
            _LOG
            | _OFFICER
            | _WHO_MAY
            | {"accounts.view_user", "accounts.view_branch", "accounts.end_sessions", "accounts.manage_staff"}
        ),
        audit=Scope.ACCOUNTS,
    ),
}

_NOTHING = Rights(permissions=frozenset())


def rights_of(role: str) -> Rights:
    """Return the rights of a role by its stored name; none for an empty one (a portal account)."""
    return RIGHTS[Role(role)] if role else _NOTHING
