"""Every list of entries is found by an index, whatever the filter and whoever reads."""

import hashlib
import uuid
from itertools import combinations

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role, rights_of
from jknoffice.audit.forms import EntryFilter
from jknoffice.audit.looks import who_saw
from jknoffice.audit.models import AuditLog
from jknoffice.audit.pages import page_of
from jknoffice.audit.scope import Scope
from jknoffice.audit.seals import seals_of
from tests import make
from tests.audit.many import analyse, generate

ENTRIES = 100_000
VALUES = {
    "actor": "operator7",
    "action": "request.approved",
    "branch": "B5",  # never met together: what knows only one of them would read all of its entries
    "object": "bench.case:100",
    "person": hashlib.sha256(b"p7").hexdigest(),
    "session": hashlib.md5(b"100", usedforsecurity=False).hexdigest()[:16],
    "since": "2023-11-15T00:00",
    "until": "2023-11-15T01:00",
    "period": "7",
    "refused": "on",
}
COMBINATIONS = [some for length in range(3) for some in combinations(VALUES, length)]
MOST_PAGES = 1000
"""Of 8 KB, of the 9,000 of the table: an index of one branch, its entries, or as many others."""


def readers() -> list[User]:
    """One of each role who has written entries, and one who has written none."""
    home = make.branch(code="B5")
    return [
        make.staff(role, username=name, **({"branch": home} if rights_of(role).needs_branch else {}))
        for number, role in enumerate(Role)
        for name in (f"operator{number}", f"new{number}")
    ]


def scans(queries: CaptureQueriesContext) -> list[str]:
    """The queries that read too much of the log."""
    found = []
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            if query["sql"].startswith("SELECT") and "audit_auditlog" in query["sql"]:
                cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query["sql"])
                [[[plan]]] = cursor.fetchall()
                pages = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
                if pages > MOST_PAGES:
                    found.append(f"{pages} pages: {query['sql']}")
    return found


@pytest.mark.django_db(transaction=True)
def test_no_filter_and_no_page_reads_the_whole_log() -> None:
    everybody = readers()
    assert {user.audit_scope for user in everybody} == set(Scope) - {Scope.NONE}
    generate(ENTRIES)
    analyse()
    older = str(AuditLog.objects.order_by("pk").values_list("pk", flat=True)[ENTRIES // 2])
    found = []
    for user in everybody:
        reset_queries()
        # What the scope shuts out anyway is found by no index.
        asked = VALUES | ({"action": "account.login_refused"} if user.audit_scope is Scope.ACCOUNTS else {})
        with CaptureQueriesContext(connection) as queries:
            for some in COMBINATIONS:
                for page in [{}, {"older": older}]:
                    form = EntryFilter({**page, **{name: asked[name] for name in some}})
                    assert form.is_valid()
                    entries = form.apply(AuditLog.objects.for_user(user))
                    seals_of(page_of(entries, older_than=form.cleaned_data["older"]).entries)
        found += [f"{user.username}, {scan}" for scan in scans(queries)]
    assert found == []


@pytest.mark.django_db(transaction=True)
def test_the_questions_about_one_person_read_what_is_about_them(auditor: User) -> None:
    generate(ENTRIES)
    analyse()
    subject = uuid.UUID(hashlib.md5(b"9", usedforsecurity=False).hexdigest())
    with CaptureQueriesContext(connection) as queries:
        page_of(AuditLog.objects.filter(subject=subject))
        assert who_saw(subject=subject, by=auditor)
    assert scans(queries) == []


@pytest.mark.django_db(transaction=True)
def test_a_scan_would_be_noticed() -> None:
    generate(ENTRIES)
    analyse()
    with CaptureQueriesContext(connection) as queries:
        list(AuditLog.objects.filter(reason="complaint"))
    assert len(scans(queries)) == 1
