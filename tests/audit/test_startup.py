"""The settings that matter stand in the log when they change."""

import importlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from jknoffice.audit import startup
from jknoffice.audit.models import AuditLog
from jknoffice.hands import Hand
from tests.hands import acting_as, run_worker

pytestmark = pytest.mark.django_db(transaction=True)


def noted() -> list[tuple[str, dict[str, str]]]:
    entries = AuditLog.objects.filter(action=startup.NOTED).order_by("pk")
    return [(entry.actor, json.loads(entry.entry)["after"]["settings"]) for entry in entries]


def test_settings_are_recorded_once_for_each_process_and_again_when_they_change(settings: Any) -> None:
    with acting_as(Hand.WEB):
        assert [startup.note(process=process) for process in ("web", "worker", "web")] == [True, True, False]
        settings.HOLD = timedelta(hours=1)
        assert startup.note(process="web")
        assert not startup.note(process="web")
    assert [(who, said["HOLD"]) for who, said in noted()] == [
        ("web", "1 day, 0:00:00"),
        ("worker", "1 day, 0:00:00"),
        ("web", "1:00:00"),
    ]


def test_of_many_processes_that_start_at_once_one_records_them() -> None:
    def start(_number: int) -> bool:
        try:
            return startup.note(process="web")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as processes:
        assert sorted(processes.map(start, range(8))) == [False] * 7 + [True]
    assert len(noted()) == 1


def test_of_a_witness_only_the_host_is_told(settings: Any) -> None:
    settings.JKN_SEAL_WITNESSES = ["https://user:secret@witness.example:8443/add?key=1"]
    startup.note(process="web")
    assert noted()[0][1]["witnesses"] == "witness.example"


def test_a_key_has_a_name_that_tells_nothing_and_a_new_one_is_noted(settings: Any) -> None:
    startup.note(process="web")
    settings.JKN_DATA_KEY = b"n" * 32
    assert startup.note(process="web")
    before, after = (said for _who, said in noted())
    assert {name for name in before if before[name] != after[name]} == {"data_key"}
    assert [len(after[name]) for name in startup.KEYS] == [16, 16, 16]


def test_another_identity_key_than_the_first_is_found(settings: Any) -> None:
    assert not startup.identity_is_another()
    startup.note(process="web")
    assert not startup.identity_is_another()
    settings.JKN_IDENTITY_KEY = b"n" * 32
    assert startup.identity_is_another()
    startup.note(process="web")
    assert startup.identity_is_another()


def test_no_key_and_no_password_is_among_them() -> None:
    assert not any(word in name for name in startup.NAMES for word in ("KEY", "SECRET", "PASSWORD", "DATABASE"))


def test_the_web_process_notes_them_when_it_starts() -> None:
    sys.modules.pop("jknoffice.wsgi", None)
    importlib.import_module("jknoffice.wsgi")
    assert [who for who, _said in noted()] == ["web"]


def test_the_worker_notes_them_within_an_hour() -> None:
    app.configure_task("verification.note_settings").defer(timestamp=0)
    run_worker()
    assert [who for who, _said in noted()] == ["worker"]


def test_a_database_that_does_not_answer_keeps_nobody_from_starting(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditlog RENAME TO hidden")
    try:
        assert not startup.note(process="web")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE hidden RENAME TO audit_auditlog")
    assert "could not be recorded: ProgrammingError" in caplog.text
