"""The database refuses to change what the log holds."""

import pytest
from django.db import DatabaseError, connection, transaction

from jknoffice.audit import log
from jknoffice.audit.actor import Actor
from jknoffice.audit.models import AuditLog, AuditSubject, AuditValue

WRITES = [
    "UPDATE audit_auditlog SET entry = '{}'",
    "DELETE FROM audit_auditlog",
    "TRUNCATE audit_auditlog",
    "UPDATE audit_auditvalue SET field = 'other'",
    "DELETE FROM audit_auditvalue",
    "TRUNCATE audit_auditvalue",
    "UPDATE audit_auditsubject SET wrapped_key = 'another key'",
    "DELETE FROM audit_auditsubject",
    "TRUNCATE audit_auditsubject",
]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", WRITES)
def test_the_database_refuses(statement: str) -> None:
    log.record("peserta.viewed", by=Actor.system("test"), pii={"name": "SITI"})
    with pytest.raises(DatabaseError, match=r"append-only|only be emptied"), transaction.atomic():
        connection.cursor().execute(statement)
    assert (AuditLog.objects.count(), AuditValue.objects.count(), AuditSubject.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_an_entry_without_a_transaction_is_refused() -> None:
    with pytest.raises(log.NoTransaction):
        log.record("peserta.viewed", by=Actor.system("test"))
    log.record_alone("peserta.viewed", by=Actor.system("test"))
    assert AuditLog.objects.count() == 1
