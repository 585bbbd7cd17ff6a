"""Whether it is alive and ready, for load balancers."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from jknoffice.audit.models import AuditHalt
from jknoffice.embedded import places


@pytest.fixture
def database_out_of_reach(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The default connection leads to a server that cannot come up."""
    settings.JKN_VAR = tmp_path
    broken = connection.copy()
    monkeypatch.setattr("jknoffice.health.connection", broken)
    folder = places.socket_folder(tmp_path)
    folder.symlink_to(tmp_path)
    yield
    folder.unlink()


def test_alive_needs_no_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"alive": True})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_the_database_answers_and_is_migrated(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {"database": True, "migrations": True, "audit_log": True, "hands": True},
    }
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = 'accounts' and name = '0002_recorded'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "checks": {"database": True, "migrations": False, "audit_log": True, "hands": True},
    }


@pytest.mark.django_db
def test_not_ready_while_the_sealer_has_halted(client: Client) -> None:
    halt = AuditHalt.objects.create(reason="the root does not fit", halted_at=timezone.now())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "checks": {"database": True, "migrations": True, "audit_log": False, "hands": True},
    }
    halt.ended_at = timezone.now()
    halt.save()
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("database_out_of_reach")
def test_not_ready_without_a_database(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "checks": {"database": False, "migrations": False, "audit_log": False, "hands": False},
    }


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_is_answered(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
