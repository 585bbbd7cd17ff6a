"""The number of messages of a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from jknoffice.audit.models import AuditLog
from tests import cases
from verification import cap, outbox
from verification.sms.gateways import GatewayDown, memory

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def alarms() -> list[str]:
    return list(
        AuditLog.objects.filter(action__startswith="message.cap").order_by("pk").values_list("action", flat=True)
    )


def test_without_a_cap_everything_goes_out_and_nothing_is_counted() -> None:
    assert all(cap.take(at=NOW) for _ in range(50))
    assert alarms() == []


def test_near_the_cap_and_at_it_an_alarm_goes_out_once(settings: Any) -> None:
    settings.SMS_DAILY_CAP, settings.ALARM_TO = 10, ["duty@office.example"]
    assert [cap.take(at=NOW) for _ in range(8)] == [True] * 8
    assert alarms() == []
    assert [cap.take(at=NOW) for _ in range(4)] == [True, True, False, False]
    assert alarms() == ["message.cap_near", "message.cap_reached"]
    assert ["10 SMS" in letter.body for letter in mail.outbox] == [True, True]
    assert cap.take(at=NOW + cap.wait(at=NOW))


def test_a_message_over_the_cap_waits_for_the_next_day(settings: Any) -> None:
    first, second = cases.submitted(at=NOW).messages.get(), cases.submitted(at=NOW).messages.get()
    second.expires_at += timedelta(days=2)
    second.save()
    settings.SMS_DAILY_CAP = 1
    for message in (first, second):
        outbox.deliver(message_id=message.pk, at=NOW)
    second.refresh_from_db()
    assert (len(memory.sent), second.status, second.attempts) == (1, "waiting", 0)
    assert second.next_try_at == NOW + cap.wait(at=NOW)
    outbox.deliver_waiting(at=second.next_try_at)
    assert [message.to for message in memory.sent] == [first.to, second.to]


def test_a_code_over_the_cap_ends_with_its_ten_minutes(settings: Any) -> None:
    first, second = cases.submitted(at=NOW).messages.get(), cases.submitted(at=NOW).messages.get()
    settings.SMS_DAILY_CAP = 1
    for message in (first, second):
        outbox.deliver(message_id=message.pk, at=NOW)
    outbox.deliver_waiting(at=second.expires_at)
    second.refresh_from_db()
    assert second.status == "expired"


def test_what_no_gateway_was_asked_for_does_not_count(settings: Any) -> None:
    message = cases.submitted(at=NOW).messages.get()
    settings.SMS_DAILY_CAP = 2
    for _ in range(3):
        outbox.deliver(message_id=message.pk, at=NOW)
    assert cap.take(at=NOW)
    assert not cap.take(at=NOW)


def test_a_failed_attempt_counts_for_the_gateway_may_charge_it(settings: Any) -> None:
    message = cases.submitted(at=NOW).messages.get()
    settings.SMS_DAILY_CAP = 1
    memory.failures.append(GatewayDown())
    outbox.deliver(message_id=message.pk, at=NOW)
    assert not cap.take(at=NOW)


def test_a_mail_server_that_is_away_holds_up_no_message(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.SMS_DAILY_CAP, settings.ALARM_TO = 1, ["duty@office.example"]
    settings.EMAIL_BACKEND = "nowhere.Backend"
    message = cases.submitted(at=NOW).messages.get()
    outbox.deliver(message_id=message.pk, at=NOW)
    assert len(memory.sent) == 1
    assert "the e-mail did not go out" in caplog.text
    assert "duty@" not in caplog.text
