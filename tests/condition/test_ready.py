"""Whether it is alive and ready, for load balancers."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from jknoffice.audit.models import AuditHalt
from jknoffice.embedded import places
from tests.condition import worker

ALL_WELL = dict.fromkeys(["database", "migrations", "audit_log", "hands", "storage"], True)


@pytest.fixture
def database_out_of_reach(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The default connection leads to a server that cannot come up."""
    settings.JKN_VAR = tmp_path
    broken = connection.copy()
    monkeypatch.setattr("jknoffice.condition.pages.connection", broken)
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
    assert answer.json() == {"ready": True, "checks": ALL_WELL, "worker": False}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations WHERE app = 'accounts')"
        )
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "checks": ALL_WELL | {"migrations": False}, "worker": False}


@pytest.mark.django_db
def test_not_ready_while_the_sealer_has_halted(client: Client) -> None:
    halt = AuditHalt.objects.create(reason="the root does not fit", halted_at=timezone.now())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "checks": ALL_WELL | {"audit_log": False}, "worker": False}
    halt.ended_at = timezone.now()
    halt.save()
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("database_out_of_reach")
def test_not_ready_without_a_database(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "checks": dict.fromkeys(ALL_WELL, False), "worker": False}


@pytest.mark.django_db
def test_not_ready_while_photos_cannot_be_stored(client: Client, settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "documents": {"BACKEND": "tests.condition.broken.BrokenStorage"}}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    said = "The storage does not answer (OSError)."
    assert answer.json() == {"ready": False, "checks": ALL_WELL | {"storage": False}, "worker": False, "storage": said}


@pytest.mark.django_db
def test_a_worker_that_lives_is_told_and_one_that_fell_silent_keeps_the_web_ready(client: Client) -> None:
    worker.beats(seconds_ago=5)
    assert client.get("/readyz").json()["worker"] is True
    worker.beats(seconds_ago=120)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (200, False)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_only_reading_is_answered(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
