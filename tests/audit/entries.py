"""Entries for tests of the log."""

import uuid
from typing import Any

from django.db import connection, transaction

from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from jknoffice.audit.models import AuditLog, AuditSubject

SOMEBODY = Actor.system("test")


def write(action: str = "peserta.viewed", *, by: Actor = SOMEBODY, **details: Any) -> AuditLog:
    """One entry, read back from the database."""
    with transaction.atomic():
        return AuditLog.objects.get(pk=record(action, by=by, **details).pk)


def shred(subject: uuid.UUID) -> None:
    """Empty the subject's key."""
    AuditSubject.objects.filter(uuid=subject).update(wrapped_key=b"")


def tamper(statement: str, values: list[Any]) -> None:
    """Change what is append-only, as somebody could who owns the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")
