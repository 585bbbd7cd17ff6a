"""Everything that the worker deletes, ends or sends by its moment is found by an index, however much is kept."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jknoffice.alarms.retention import RULES as OF_ALARMS
from participants.uploads import retention as of_uploads
from verification import changes, outbox, retention
from verification.documents import shredding

pytestmark = pytest.mark.django_db

NOW = timezone.now()
RULES = {**retention.RULES, **OF_ALARMS}
BY_MOMENT = re.compile(r"(?:Index|Recheck) Cond: .*(\w+_at|window_start|expire_date|hold_until)\b.* <=? ")
SWEEPS: dict[str, Callable[[], object]] = {
    "holds": lambda: changes.apply_due(at=NOW),
    "claims": lambda: changes.release_stale(at=NOW),
    "unconfirmed": lambda: changes.expire_due(at=NOW),
    "photos": lambda: shredding.shred_due(at=NOW),
    "uploads": lambda: of_uploads.remove_old(at=NOW),
    "messages that wait": lambda: outbox.deliver_waiting(at=NOW),
    "messages given up": lambda: outbox.erase_given_up(at=NOW),
}
KEPT = ("verification_phonechangerequest", "verification_document", "verification_outboxmessage")
"""Tables that grow for years."""


@pytest.fixture(autouse=True)
def _large() -> None:
    """The planner's choice where reading a table from its beginning to its end costs too much."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for table in KEPT:
            # Of a table that was found empty the planner expects nothing at all.
            cursor.execute("SELECT pg_clear_relation_stats('public', %s)", [table])


def plan(sql: str, params: Any = None) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql, params)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("name", RULES)
def test_what_is_over_is_found_by_its_moment(name: str) -> None:
    sql, params = RULES[name].over(NOW).values_list("pk")[: retention.BATCH].query.sql_with_params()
    assert BY_MOMENT.search(plan(sql, params)), plan(sql, params)


@pytest.mark.parametrize("name", SWEEPS)
def test_what_is_due_is_found_by_an_index(name: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        SWEEPS[name]()
    asked = [query["sql"] for query in queries.captured_queries if query["sql"].startswith(("SELECT", "UPDATE"))]
    assert asked
    for sql in asked:
        found = plan(sql)
        for table in KEPT:
            assert f"Seq Scan on {table}" not in found, found
            # Every row by way of its key is no better.
            assert not re.search(rf"Index Scan using {table}_pkey on {table}[^\n]*\n *Filter", found), found
