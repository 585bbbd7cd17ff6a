"""`manage.py doctor`: each trouble is named with what to do."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import timezone

from jknoffice.audit import startup
from jknoffice.audit.models import AuditHalt
from jknoffice.condition import findings, measures
from jknoffice.condition.findings import STATUS, Level
from tests import cases
from tests.audit.entries import write
from tests.condition import worker
from verification.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    """How full the disk of this machine is does not matter here."""
    monkeypatch.setattr(measures, "free_share", lambda _folder: 0.5)
    worker.beats(seconds_ago=1)


def doctor(**options: Any) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("doctor", stdout=out, **options)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_when_all_is_well_it_says_so() -> None:
    status, said = doctor()
    assert status == 0
    assert {line.split()[0] for line in said.splitlines()} == {"ok"}


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def late_message() -> None:
    cases.submitted()
    OutboxMessage.objects.update(next_try_at=timezone.now() - timedelta(minutes=3))


def given_up_message() -> None:
    cases.submitted()
    OutboxMessage.objects.update(status="failed")


def refused_message() -> None:
    cases.submitted()
    OutboxMessage.objects.update(attempts=measures.REPEATEDLY)


def failed_job() -> None:
    cases.submitted()
    sql("UPDATE procrastinate_jobs SET status = 'doing'")
    sql("UPDATE procrastinate_jobs SET status = 'failed'")


def another_identity_key() -> None:
    with override_settings(JKN_IDENTITY_KEY=b"n" * 32):
        startup.note(process="web")


TROUBLES: dict[str, tuple[Callable[[], object], Level]] = {
    "migrations": (
        lambda: sql(
            "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations WHERE app = 'accounts')"
        ),
        Level.BAD,
    ),
    "identity_key": (another_identity_key, Level.BAD),
    "worker": (lambda: worker.beats(seconds_ago=90), Level.BAD),
    "messages": (late_message, Level.WARNING),
    "gateways": (refused_message, Level.WARNING),
    "given_up": (given_up_message, Level.WARNING),
    "jobs": (failed_job, Level.WARNING),
    "sealer": (lambda: AuditHalt.objects.create(reason="the root does not fit", halted_at=timezone.now()), Level.BAD),
    "seal_lag": (lambda: write(at=timezone.now() - timedelta(minutes=2)), Level.WARNING),
}


@pytest.mark.parametrize("code", TROUBLES)
def test_each_trouble_is_named_with_what_to_do(code: str) -> None:
    cause, level = TROUBLES[code]
    cause()
    status, said = doctor(format="json")
    wrong = [finding for finding in json.loads(said) if finding["level"] != "good"]
    assert [(finding["code"], finding["level"]) for finding in wrong] == [(code, level)]
    assert wrong[0]["advice"]
    assert status == findings.STATUS[level]


def test_settings_that_cannot_work_are_named(settings: Any) -> None:
    settings.SMS_GATEWAY = "pigeon"
    status, said = doctor()
    assert status == 2
    assert "'pigeon'" in said


@pytest.mark.parametrize(("free", "status"), [(0.2, 0), (0.1, 1), (0.01, 2)])
def test_a_full_disk_is_named(free: float, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "free_share", lambda _folder: free)
    assert doctor()[0] == status


def test_clocks_that_disagree_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "clock_seconds", lambda: -42.0)
    status, said = doctor()
    assert (status, "-42 s" in said) == (2, True)


@pytest.mark.parametrize(
    ("found", "production", "status"),
    [("followed", True, 0), ("stands", False, 2), ("hole", False, 2), ("none", True, 1), ("none", False, 0)],
)
def test_an_archive_that_does_not_get_the_log_is_named(
    found: str, production: bool, status: int, settings: Any
) -> None:
    # Slots belong to the server, which other tests ask at the same time: a real one is looked at in tests/long.
    settings.PRODUCTION = production
    told = [*findings._archive(measures.Archiving(found))]
    assert bool(told) == (found != "none" or production)
    assert [(STATUS[each.level], bool(each.advice)) for each in told] == [(status, status > 0)] * len(told)


def test_a_server_without_an_archive_is_asked_and_says_so() -> None:
    assert measures.archiving() is measures.Archiving.NONE


def test_an_old_postgres_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "OLDEST_POSTGRES", 990_000)
    assert "Use PostgreSQL 99" in doctor()[1]


def test_a_storage_that_is_away_is_named(settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "documents": {"BACKEND": "tests.condition.broken.BrokenStorage"}}
    assert doctor()[0] == 2


def test_a_database_that_is_away_ends_the_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("no such host: db.example")

    monkeypatch.setattr(connection, "ensure_connection", away)
    status, said = doctor(format="json")
    codes = [finding["code"] for finding in json.loads(said) if finding["level"] == "bad"]
    assert (status, codes) == (2, ["database"])
    assert "db.example" not in said
