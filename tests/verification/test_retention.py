"""What is deleted after a while."""

import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from jknoffice.accounts.models import Counter, PasskeyChallenge, WebSession
from jknoffice.audit.models import AuditLog
from tests import cases, make
from tests.audit.writers import accounts
from tests.hands import run_worker
from tests.verification.api.partner import Partner
from verification import retention
from verification.models import AccountCode, ApiClient, OutboxMessage, PhoneCode, PrivateLink

DAY = timedelta(days=1)


def fill() -> datetime:  # noqa: C901 - a case for each rule
    """Two of each kind: one whose time is over at the moment that is returned, one whose time is nearly over."""
    now = timezone.now()
    for late in (True, False):
        for name, rule in retention.RULES.items():
            at = now - rule.kept + (-DAY if late else DAY / 24)
            match name:
                case "codes":
                    cases.submitted()
                    newest = PhoneCode.objects.order_by("-pk")[:1].values("pk")
                    PhoneCode.objects.filter(pk__in=newest).update(sent_at=at, expires_at=at + DAY)
                case "account_codes":
                    row = accounts.ordered()
                    AccountCode.objects.filter(pk=row.pk).update(sent_at=at)
                case "messages":
                    OutboxMessage.objects.filter(pk=OutboxMessage.objects.latest("pk").pk).update(created_at=at)
                case "links":
                    PrivateLink.objects.create(
                        kind="draft", digest=bytes([late]), sealed=b"", created_at=at, expires_at=at
                    )
                case "answers":
                    answers = ApiClient.objects.get(client_id=Partner(f"partner-{late}".lower()).client_id).answers
                    answers.create(key=b"k", asked=b"", asked_at=at)
                case "counters":
                    Counter.objects.create(key=bytes([late]), window_start=at, window_seconds=60, n=1)
                case "challenges":
                    PasskeyChallenge.objects.create(
                        user=make.staff(), session=f"s{late}", purpose="proof", challenge=b"c", expires_at=at
                    )
                case "sessions":
                    WebSession.objects.create(session_key=f"key{late}", session_data="", expire_date=at)
    return now


@pytest.mark.django_db
def test_what_is_over_goes_and_the_rest_stays() -> None:
    now = fill()
    before = {name: rule.rows().count() for name, rule in retention.RULES.items()}
    assert retention.sweep(at=now) == dict.fromkeys(retention.RULES, 1)
    assert {name: rule.rows().count() for name, rule in retention.RULES.items()} == {
        name: count - 1 for name, count in before.items()
    }
    assert AuditLog.objects.filter(action="retention.swept").count() == len(retention.RULES)
    assert retention.sweep(at=now) == dict.fromkeys(retention.RULES, 0)


@pytest.mark.django_db
def test_a_dry_run_deletes_nothing() -> None:
    now = fill()
    out = io.StringIO()
    call_command("sweep", dry_run=True, format="json", stdout=out)
    assert json.loads(out.getvalue()) == {"dry_run": True, **dict.fromkeys(retention.RULES, 1), "alarms": 0}
    assert retention.sweep(at=now) == dict.fromkeys(retention.RULES, 1)


@pytest.mark.django_db
def test_much_goes_in_batches_each_with_its_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(5):
        Counter.objects.create(key=bytes([number]), window_start=timezone.now() - 9 * DAY, window_seconds=60, n=1)
    out = io.StringIO()
    call_command("sweep", stdout=out)
    assert "counters            5 gone" in out.getvalue()
    entries = AuditLog.objects.filter(action="retention.swept").order_by("pk")
    assert [json.loads(entry.entry)["after"]["deleted"] for entry in entries] == [2, 2, 1]


@pytest.mark.django_db(transaction=True)
def test_the_worker_does_it_at_night_with_its_own_rights() -> None:
    now = fill()
    app.configure_task("verification.sweep").defer(timestamp=0)
    run_worker()
    assert {name: rule.over(now).count() for name, rule in retention.RULES.items()} == dict.fromkeys(retention.RULES, 0)


@pytest.mark.django_db(transaction=True)
def test_jobs_that_ended_days_ago_are_forgotten(sms: Any) -> None:
    cases.submitted()
    run_worker()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '4 days'")
    app.configure_task("verification.forget_jobs").defer(timestamp=0)
    run_worker()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE task_name = 'verification.send_message'")
        assert cursor.fetchall() == []
