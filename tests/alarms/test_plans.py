"""To look on reads what is new in the log, not the whole of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jknoffice.alarms.watching import watch
from jknoffice.audit.models import AuditLog
from tests import make
from tests.audit import test_plans
from tests.audit.many import analyse, generate

ENTRIES = 20_000
MOST_PAGES = 200
"""Of 8 KB, of the 1,800 of the table."""


@pytest.mark.django_db(transaction=True)
def test_no_rule_reads_the_whole_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_plans, "MOST_PAGES", MOST_PAGES)
    generate(ENTRIES)
    analyse()
    make.branch(code="B5")
    newest = AuditLog.objects.latest("at_us").at
    watch(at=newest + timedelta(minutes=59))
    with CaptureQueriesContext(connection) as queries:
        watch(at=newest + timedelta(minutes=60))
    assert sum("audit_auditlog" in query["sql"] for query in queries.captured_queries) >= 6
    assert test_plans.scans(queries) == []
