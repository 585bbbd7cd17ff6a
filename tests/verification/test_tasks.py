"""The worker: real jobs, taken from the real queue."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from tests import cases
from tests.hands import run_worker
from verification.models import PhoneChangeRequest
from verification.sms.gateways import memory
from verification.states import Status

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_submitted_request_gets_its_code_sent(sms: list[memory.Message]) -> None:
    request = cases.submitted()
    run_worker()
    assert [message.to for message in sms] == [request.new_phone]


def test_a_hold_that_is_over_is_applied(sms: list[memory.Message]) -> None:
    request = cases.in_state(Status.ON_HOLD, at=timezone.now() - timedelta(days=2))
    app.configure_task("verification.apply_holds").defer(timestamp=0)
    run_worker()
    request.refresh_from_db()
    assert request.status == Status.APPLIED


def test_orphaned_photos_are_removed_on_time() -> None:
    cases.submitted().documents.all().delete()
    app.configure_task("verification.remove_orphans").defer(timestamp=0)
    run_worker()
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE task_name = 'verification.remove_orphans'")
        # At seven past the hour the worker orders one more by itself.
        assert set(cursor.fetchall()) == {("succeeded",)}


def test_a_job_of_a_killed_worker_runs_again(sms: list[memory.Message]) -> None:
    request = cases.submitted()
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH w AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 day') RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM w)"
        )
    app.configure_task("verification.retry_stalled").defer(timestamp=0)
    run_worker()
    assert [message.to for message in sms] == [request.new_phone]
    assert PhoneChangeRequest.objects.get().messages.get().status == "sent"
