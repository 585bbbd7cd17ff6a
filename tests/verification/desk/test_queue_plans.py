"""Taking the next case and each tab go by index, among 100,000 closed requests and 20,000 that wait elsewhere."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.roles import Role
from participants.models import Peserta
from tests import cases, make
from tests.plans import scans
from tests.verification.desk.test_figures_plans import TABLE, copied
from verification import changes
from verification.desk.queue import Tab
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db

INDEX = "request_open_by_state"


def inserted(model: type[Model], rows: str, **anew: str) -> None:
    """Store a row `r` of a table once for each of `rows`; `anew` are the columns that differ."""
    table = model._meta.db_table
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and not field.generated]
    columns = [field.column for field in fields if field.column]
    values = ", ".join(anew.get(column, f"r.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {rows}")  # noqa: S608
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(f"ANALYZE {table}")


def waiting_elsewhere(times: int) -> None:
    """So many cases that wait in ten other branches."""
    branches = [make.branch().pk for _ in range(10)]
    case = cases.queued()
    assert case.peserta_id
    inserted(
        Peserta,
        f"participants_peserta AS r, generate_series(1, {times}) AS n WHERE r.id = {case.peserta_id}",
        uuid="gen_random_uuid()",
        nik="'9' || lpad(n::text, 15, '0')",
        card_number="'9' || lpad(n::text, 12, '0')",
    )
    inserted(
        PhoneChangeRequest,
        f"{TABLE} AS r, participants_peserta AS p WHERE r.id = {case.pk} AND p.nik LIKE '9%'",
        submission="gen_random_uuid()",
        reference="'Y' || lpad(p.id::text, 8, '0')",
        peserta_id="p.id",
        branch_id=f"(ARRAY{branches})[1 + p.id % 10]",
        submitted_at="r.submitted_at - p.id * interval '1 minute'",
    )


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_the_next_case_and_every_tab_are_found_by_index(role: Role) -> None:
    closed = cases.in_state(Status.REJECTED)
    copied(closed, times=100_000)
    waiting_elsewhere(20_000)
    waiting = [
        cases.queued(peserta=make.peserta(branch=closed.branch), at=timezone.now() - timedelta(hours=hours))
        for hours in (5, 50, 1)
    ]
    user = cases.reviewer(closed, role)
    client = make.logged_in(user)
    with CaptureQueriesContext(connection) as queries:
        taken = changes.take_next(by=user)
        for tab in Tab:
            assert client.get(reverse("admin:verification_queue"), {"state": tab}).status_code == 200
    assert taken == waiting[1]
    assert scans(queries, of=[TABLE]) == []
    candidates = [q["sql"] for q in queries.captured_queries if "LIMIT 50" in q["sql"] and TABLE in q["sql"]]
    assert len(candidates) == (2 if role is Role.SUPERVISOR else 1)
    for sql in candidates:
        assert INDEX in plan(sql), plan(sql)


def test_second_approvals_come_first_for_who_may_give_them_then_the_oldest() -> None:
    now = timezone.now()
    second = cases.in_state(Status.SECOND_REVIEW, at=now - timedelta(hours=1))
    over = cases.queued(peserta=make.peserta(branch=second.branch), at=now - timedelta(hours=80))
    new = cases.queued(peserta=make.peserta(branch=second.branch), at=now - timedelta(hours=2))
    supervisor, operator = cases.reviewer(second, Role.SUPERVISOR), cases.reviewer(second)

    def take(user: object, minutes: int) -> PhoneChangeRequest | None:
        return changes.take_next(by=user, at=now + timedelta(minutes=minutes))  # type: ignore[arg-type]

    assert [take(supervisor, minutes) for minutes in (1, 2)] == [second, over]
    assert [take(operator, minutes) for minutes in (3, 4)] == [new, None]
