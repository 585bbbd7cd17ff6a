"""Whether sealing goes well: for readiness, the worker and the pages of those who must look."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from jknoffice import clock
from jknoffice.audit.models import AuditHalt
from jknoffice.audit.moments import moment_of

LONGEST_UNSEALED = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What `components/audit_trouble.html` shows: why the sealer halted (or ""), and since when entries wait."""

    halted: str
    waits_since: datetime


def halted() -> str | None:
    """Return why the sealer has halted, None when it has not."""
    return AuditHalt.objects.filter(ended_at=None).values_list("reason", flat=True).first()


def unsealed_oldest_seconds() -> int:
    """Return the age of the oldest entry above the last checkpoint that has no leaf, in whole seconds; 0 when none.

    Fast on any log. Stragglers below the last checkpoint are found by `verify_audit`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT entry.at_us FROM audit_auditlog AS entry
            WHERE entry.id > COALESCE((
                SELECT highest_id FROM audit_auditcheckpoint ORDER BY origin_id DESC, size DESC LIMIT 1
            ), 0)
            ORDER BY entry.id LIMIT 1
            """
        )
        found = cursor.fetchone()
    return max(0, int((clock.now() - moment_of(found[0])).total_seconds())) if found else 0


def trouble() -> Trouble | None:
    """Return what is wrong with sealing, None when all is well: no halt, and nothing has waited for over a minute."""
    reason, seconds = halted() or "", unsealed_oldest_seconds()
    if not reason and seconds <= LONGEST_UNSEALED.total_seconds():
        return None
    return Trouble(halted=reason, waits_since=clock.now() - timedelta(seconds=seconds))
