"""Questions about one participant: searching for the trail, reading it. Each is itself an entry."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from jknoffice.audit import finders
from jknoffice.audit.log import record_alone
from jknoffice.audit.models import AuditLog
from jknoffice.audit.scope import AuditLogQuerySet, Reader, Scope
from jknoffice.refusal import Refusal


class OnlyAuditors(Refusal):
    """The reader may see a part of the log only, and has asked what takes the whole."""

    code = "only_auditors"
    sentence = _("Only an auditor who reads the whole log may do this.")


def demand_whole_log(by: Reader, *, refused: str, about_subject: UUID | None = None) -> None:
    """Raise `OnlyAuditors`, and record it as action `refused`, unless `by` may read the whole log."""
    if by.audit_scope is not Scope.ALL:
        record_alone(refused, by=by.as_actor(), subject=about_subject, reason=OnlyAuditors.code)
        raise OnlyAuditors


def search(*, text: str, by: Reader) -> UUID | None:
    """Return the subject whose identifier is exactly `text`, or None; the search is recorded first.

    Raises `OnlyAuditors`. Must be called outside a transaction.
    """
    demand_whole_log(by, refused="audit.search_refused")
    found = finders.find(text)
    record_alone(
        "audit.searched", by=by.as_actor(), subject=found, after={"found": found is not None}, pii={"query": text}
    )
    return found


def read_trail(*, subject: UUID, by: Reader) -> AuditLogQuerySet:
    """Return the entries about one person that `by` may read; the reading is recorded first.

    Must be called outside a transaction.
    """
    record_alone("audit.read", by=by.as_actor(), subject=subject)
    return AuditLog.objects.for_user(by).filter(subject=subject)
