"""Who must know that sealing does not go well, knows."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app

from jknoffice.audit import tasks
from jknoffice.audit.models import AuditHalt, AuditLeaf
from jknoffice.audit.sealing import health, sealer
from jknoffice.hands import Hand
from tests.audit.entries import tamper, write
from tests.hands import run_worker

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_is_well_on_an_empty_and_on_a_sealed_log() -> None:
    assert health.trouble() is None
    write(at=timezone.now() - timedelta(hours=1))
    sealer.seal()
    assert (health.halted(), health.unsealed_oldest_seconds(), health.trouble()) == (None, 0, None)


@pytest.mark.parametrize(("age", "told"), [(5, False), (59, False), (70, True)])
def test_an_entry_may_wait_a_minute(age: int, told: bool) -> None:
    write()
    sealer.seal()
    write(at=timezone.now() - timedelta(seconds=age))
    assert age <= health.unsealed_oldest_seconds() <= age + 5
    assert (health.trouble() is not None) is told


def test_the_start_page_says_that_entries_wait(client: Client) -> None:
    client.get("/admin/audit/auditlog/")
    assert "waiting to be sealed" not in client.get("/admin/audit/auditlog/").content.decode()
    write(at=timezone.now() - timedelta(seconds=100))
    tamper("DELETE FROM audit_auditlog WHERE at_us > %s", [10**6 * int(timezone.now().timestamp() - 50)])
    assert "waiting to be sealed" in client.get("/admin/audit/auditlog/").content.decode()


def test_the_start_page_says_why_the_sealer_halted(client: Client) -> None:
    AuditHalt.objects.create(reason="the root does not fit", halted_at=timezone.now())
    shown = client.get("/admin/audit/auditlog/").content.decode()
    assert "has halted" in shown
    assert "the root does not fit" in shown
    assert health.halted() == "the root does not fit"


def test_the_worker_seals_all_that_waits(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        write()
    with caplog.at_level("INFO", "jknoffice.audit.tasks"):
        tasks.seal(timestamp=0)
        tasks.seal(timestamp=0)
        tasks.seal_stragglers(timestamp=0)
    assert AuditLeaf.objects.count() == 3
    assert caplog.messages == ["sealed 3 entries, 3 in all"]


def test_the_worker_tells_of_a_halt_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    write()
    tamper("UPDATE audit_auditlog SET mac = %s", [b"x"])
    tasks.seal(timestamp=0)
    assert "sealing has halted" in caplog.text
    assert health.halted() is not None


@pytest.mark.parametrize("batch", [1, 2, 3, 7])
def test_everything_is_sealed_in_batches(batch: int) -> None:
    for _ in range(6):
        write()
    assert sealer.seal_all(batch=batch) == sealer.Sealed(6, 6)


def test_the_command_says_how_much(capsys: pytest.CaptureFixture[str]) -> None:
    write()
    call_command("seal_audit")
    call_command("seal_audit", "--everything", format="json")
    assert capsys.readouterr().out == 'Sealed 1 entries now, 1 in all.\n{"sealed": 0, "size": 1}\n'


def test_the_command_fails_when_the_sealer_halts() -> None:
    write()
    tamper("UPDATE audit_auditlog SET mac = %s", [b"x"])
    with pytest.raises(CommandError, match="has halted") as failed:
        call_command("seal_audit")
    assert failed.value.returncode == 1


def test_the_worker_forgets_finished_jobs_of_the_queue_after_a_day() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
        for queue, age in (("seal", 25), ("seal", 1), ("default", 25)):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES (%s, %s, 'doing') RETURNING id",
                [queue, f"{queue} {age}"],
            )
            [job] = cursor.fetchone() or [None]
            cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job])
            cursor.execute("UPDATE procrastinate_events SET at = now() - make_interval(hours => %s) WHERE job_id = %s",
                           [age, job])  # fmt: skip
        app.configure_task("audit.forget_jobs", queue="seal").defer(timestamp=0)
    run_worker(Hand.SEALER, queue="seal")
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE task_name LIKE '%% %%' ORDER BY 1", [])
        assert cursor.fetchall() == [("default 25",), ("seal 1",)]
