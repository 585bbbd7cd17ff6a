"""How many personal values one person may reveal within an hour, counted in the log itself."""

from datetime import datetime, timedelta
from typing import Unpack

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Details, record, record_alone
from jknoffice.audit.models import AuditLog
from jknoffice.audit.moments import microseconds
from jknoffice.refusal import Refusal

REVEALS = ("audit.revealed", "peserta.revealed")
"""The actions that count."""

WINDOW = timedelta(hours=1)


class TooManyReveals(Refusal):
    """The person has used the hour up."""

    code = "too_many_reveals"

    def __init__(self) -> None:
        super().__init__(
            _("You have revealed %(most)s values within an hour, as many as one person may. Wait, or ask a colleague.")
            % {"most": settings.REVEALS_PER_HOUR}
        )


def record_reveal(action: str, *, by: Actor, refused: str, **details: Unpack[Details]) -> int:
    """Append the entry of a reveal, and return how many this person (not: account) has made within the hour.

    `action` is one of `REVEALS`, the rest goes to `log.record()`. Reveals of one person are let in one by one, so that
    no two at once slip past `settings.REVEALS_PER_HOUR`. Beyond it raises `TooManyReveals`, recorded as `refused`.
    To be called before showing, outside a transaction.
    """
    at = details["at"] = details.get("at") or timezone.now()
    with transaction.atomic(durable=True):
        _one_by_one(by)
        used = _used(by, at=at)
        if used < settings.REVEALS_PER_HOUR:
            record(action, by=by, **details)
            return used + 1
    about, subject = details.get("about"), details.get("subject")
    record_alone(refused, by=by, about=about, subject=subject, reason=TooManyReveals.code, at=at)
    raise TooManyReveals


def _one_by_one(by: Actor) -> None:
    """Wait until no other transaction reveals for this person; the next statement sees what that one committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reveals of {by.person}"])


def _used(by: Actor, *, at: datetime) -> int:
    since = microseconds(at - WINDOW)
    return AuditLog.objects.filter(person=by.person, at_us__gt=since, action__in=REVEALS).count()
