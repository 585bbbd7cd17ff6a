"""Every list of entries is found by an index, whatever the filter."""

import hashlib
import uuid
from itertools import combinations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jknoffice.accounts.models import User
from jknoffice.audit.forms import EntryFilter
from jknoffice.audit.looks import who_saw
from jknoffice.audit.models import AuditLog
from jknoffice.audit.pages import page_of
from jknoffice.audit.seals import seals_of
from tests.audit.many import analyse, generate

VALUES = {
    "actor": "operator7",
    "action": "request.approved",
    "branch": "B7",
    "object": "bench.case:100",
    "person": hashlib.sha256(b"p7").hexdigest(),
    "session": hashlib.md5(b"100", usedforsecurity=False).hexdigest()[:16],
    "since": "2023-11-15T00:00",
    "until": "2023-11-15T01:00",
    "refused": "on",
}


def scans(queries: CaptureQueriesContext) -> list[str]:
    """The queries that read the whole log."""
    found = []
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            if query["sql"].startswith("SELECT") and "audit_auditlog" in query["sql"]:
                cursor.execute("EXPLAIN " + query["sql"])
                if any("Seq Scan on audit_auditlog" in line for (line,) in cursor.fetchall()):
                    found.append(query["sql"])
    return found


@pytest.mark.django_db(transaction=True)
def test_no_filter_and_no_page_reads_the_whole_log(auditor: User) -> None:
    generate(100_000)
    analyse()
    older = str(AuditLog.objects.order_by("pk").values_list("pk", flat=True)[50_000])
    with CaptureQueriesContext(connection) as queries:
        for some in [(), *combinations(VALUES, 1), *combinations(VALUES, 2), *combinations(VALUES, 3)]:
            for page in [{}, {"older": older}]:
                form = EntryFilter({**page, **{name: VALUES[name] for name in some}})
                assert form.is_valid()
                found = page_of(form.apply(AuditLog.objects.for_user(auditor)), older_than=form.cleaned_data["older"])
                seals_of(found.entries)
        subject = uuid.UUID(hashlib.md5(b"9", usedforsecurity=False).hexdigest())
        page_of(AuditLog.objects.filter(subject=subject))
        assert who_saw(subject=subject, by=auditor)
    assert scans(queries) == []


@pytest.mark.django_db(transaction=True)
def test_a_scan_would_be_noticed() -> None:
    generate(1000)
    analyse()
    with CaptureQueriesContext(connection) as queries:
        list(AuditLog.objects.filter(reason="complaint"))
    assert len(scans(queries)) == 1
