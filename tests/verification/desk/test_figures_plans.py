"""The supervisors' page reads no request that is neither open nor of its period: plans at 100,000 requests."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jknoffice.accounts.roles import Role
from tests import cases, make
from tests.plans import scans
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db

TABLE = PhoneChangeRequest._meta.db_table
_ANEW = {
    "submission": "gen_random_uuid()",
    "reference": "'X' || lpad(n::text, 8, '0')",
    "closed_at": "closed_at - n * interval '10 minutes'",
}


def copied(case: PhoneChangeRequest, *, times: int) -> None:
    """Store a closed request many times more, each closed ten minutes before the one before."""
    fields = [field for field in PhoneChangeRequest._meta.concrete_fields if not field.primary_key]
    columns = [field.column for field in fields if field.column]
    values = ", ".join(_ANEW.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO {TABLE} ({', '.join(columns)}) "  # noqa: S608
            f"SELECT {values} FROM {TABLE}, generate_series(1, %s) AS n WHERE id = %s",
            [times, case.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(f"ANALYZE {TABLE}")


def test_no_query_reads_all_requests() -> None:
    case = cases.in_state(Status.REJECTED)
    copied(case, times=100_000)
    client = make.logged_in(make.staff(Role.SUPERVISOR, branch=case.branch))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("admin:verification_figures")).status_code == 200
    assert sum(TABLE in query["sql"] for query in queries.captured_queries) >= 8
    assert scans(queries, of=[TABLE]) == []
