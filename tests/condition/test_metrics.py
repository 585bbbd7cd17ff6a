"""The figures for Prometheus."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tests import cases, make
from tests.condition import worker
from verification.models import Document, OutboxMessage
from verification.states import Status

pytestmark = pytest.mark.django_db

TOKEN = "a token of the collector"


@pytest.fixture(autouse=True)
def _open(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def ask(token: str = TOKEN) -> Any:
    return Client().get("/metrics", headers={"Authorization": f"Bearer {token}"})


def figures() -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(ask().content.decode())
    return {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}


def test_each_figure_counts_what_is_there() -> None:
    at = timezone.now()
    cases.queued(at=at - timedelta(hours=2))
    cases.queued(at=at - timedelta(hours=1))
    cases.in_state(Status.REJECTED)
    OutboxMessage.objects.filter(template="rejected_new").update(status="failed")
    OutboxMessage.objects.filter(status="waiting").update(next_try_at=at - timedelta(minutes=5))
    OutboxMessage.objects.filter(template="received_new").update(attempts=3)
    worker.beats(seconds_ago=7)
    found = figures()
    assert found["jkn_requests_open", "queued"] == 2
    assert found["jkn_requests_open", "frozen"] == 0
    assert found["jkn_requests_closed_last_day", "rejected"] == 1
    assert 7200 <= found[("jkn_queue_oldest_seconds",)] < 7260
    assert found["jkn_messages", "failed"] == 1
    assert found["jkn_messages", "waiting"] == OutboxMessage.objects.filter(status="waiting").count()
    refused = OutboxMessage.objects.filter(status="waiting", attempts=3).count()
    assert found[("jkn_messages_refused",)] == refused > 0
    assert 300 <= found[("jkn_message_oldest_seconds",)] < 360
    assert found["jkn_jobs", "default", "todo"] == OutboxMessage.objects.count() + Document.objects.count()
    assert 7 <= found[("jkn_worker_silent_seconds",)] < 60
    assert 7200 <= found[("jkn_seal_lag_seconds",)] < 7260
    assert found[("jkn_seal_halted",)] == 0


def test_an_empty_office_has_figures_as_well() -> None:
    found = figures()
    assert found[("jkn_worker_silent_seconds",)] == float("inf")
    assert found[("jkn_queue_oldest_seconds",)] == found[("jkn_message_oldest_seconds",)] == 0


def test_no_figure_names_anybody() -> None:
    case = cases.queued(by=make.staff())
    page = ask().content.decode()
    for secret in (case.reference, case.new_phone, case.peserta.nik, case.peserta.name, case.entered_by.username):  # type: ignore[union-attr]
        assert secret not in page


@pytest.mark.parametrize("token", ["", "another", TOKEN + "x", "é"])
def test_without_the_token_there_is_no_such_page(token: str) -> None:
    assert ask(token).status_code == 404


def test_without_the_setting_there_is_no_such_page(settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert ask("").status_code == 404
    assert Client().get("/metrics").status_code == 404


def test_it_is_never_cached() -> None:
    assert "no-store" in ask()["Cache-Control"]
