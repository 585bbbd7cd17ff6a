"""Messages on their way out."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests import cases
from verification import outbox
from verification.models import OutboxMessage
from verification.sms import gateways, segment, texts
from verification.sms.gateways import console, memory
from verification.states import Status

pytestmark = pytest.mark.django_db


def _message() -> OutboxMessage:
    return cases.submitted().messages.get()


def test_a_code_is_sent_to_the_new_number_and_then_forgotten() -> None:
    message = _message()
    assert bytes(message.sealed_context or b"")
    outbox.deliver(message_id=message.pk)
    message.refresh_from_db()
    assert (message.status, message.sealed_context, message.attempts) == ("sent", None, 1)
    assert memory.sent[0].to == message.to
    assert (message.gateway, message.provider_id) == ("memory", "1")
    assert message.sent_at


def test_a_sent_message_is_not_sent_again() -> None:
    message = _message()
    outbox.deliver(message_id=message.pk)
    outbox.deliver(message_id=message.pk)
    assert outbox.deliver_waiting() == 0
    assert len(memory.sent) == 1


def test_a_failed_attempt_is_made_again_after_a_pause() -> None:
    message, at = _message(), timezone.now()
    memory.failures.append(gateways.GatewayDown())
    outbox.deliver(message_id=message.pk, at=at)
    assert outbox.deliver_waiting(at=at + outbox.PAUSES[0] * (1 - outbox.JITTER) - timedelta(seconds=1)) == 0
    assert outbox.deliver_waiting(at=at + outbox.PAUSES[0]) == 1
    assert len(memory.sent) == 1


def test_a_gateway_that_breaks_in_an_unforeseen_way_holds_up_no_other_message(caplog: pytest.LogCaptureFixture) -> None:
    first, second, at = _message(), _message(), timezone.now()
    memory.failures.append(OSError(f"no way to {first.to}"))
    assert outbox.deliver_waiting(at=at) == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.attempts, second.status) == ("waiting", 1, "sent")
    assert at + outbox.PAUSES[0] * (1 - outbox.JITTER) <= first.next_try_at <= at + outbox.PAUSES[0]
    assert "OSError" in caplog.text
    assert first.to not in caplog.text


def _notice() -> OutboxMessage:
    return cases.in_state(Status.REJECTED).messages.get(template="rejected_new")


def _tries(message: OutboxMessage) -> list[timedelta]:
    """When after it was written a message is tried while no gateway takes it, with the longest pauses."""
    tries = list[timedelta]()
    while message.status == "waiting":
        memory.failures[:] = [gateways.GatewayDown()]
        outbox.deliver(message_id=message.pk, at=message.next_try_at)
        if not memory.failures:
            tries.append(message.next_try_at - message.created_at)
        message.refresh_from_db()
    return tries


def test_a_notice_outlives_an_outage_of_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "JITTER", 0)
    message = _notice()
    minutes = [round(tried / timedelta(minutes=1)) for tried in _tries(message)]
    assert minutes == [0, 0, 1, 3, 13, 43, 103, 223, 463, 943, 1423]
    assert message.status == "failed"
    # Whoever looks the next day can still send it by hand.
    assert message.expires_at - message.created_at >= timedelta(days=3)


def test_a_code_is_tried_until_its_ten_minutes_are_over_and_ends_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "JITTER", 0)
    message = _message()
    seconds = [tried / timedelta(seconds=1) for tried in _tries(message)]
    assert seconds == [0, 10, 40, 160, 310, 460]
    assert (message.status, message.next_try_at) == ("expired", message.expires_at)


def test_after_three_quarters_of_an_hour_the_log_says_loudly_that_no_gateway_takes_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    message = _notice()
    _tries(message)
    loud = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert loud == [
        f"message {message.pk}: no gateway took it in 6 attempts, it is still tried",
        f"message {message.pk}: given up after 11 attempts",
    ]
    assert message.to not in caplog.text


def test_after_all_attempts_a_message_is_given_up_loudly(caplog: pytest.LogCaptureFixture) -> None:
    message = _notice()
    memory.failures.extend(gateways.GatewayDown() for _ in range(outbox.ATTEMPTS))
    at = timezone.now()
    for pause in (*outbox.PAUSES, timedelta(0)):
        outbox.deliver(message_id=message.pk, at=at)
        at += pause
    message.refresh_from_db()
    assert message.status == "failed"
    assert any(record.levelno == logging.ERROR and "given up" in record.message for record in caplog.records)
    assert message.to not in caplog.text


@pytest.mark.parametrize(
    ("asked", "waits"),
    [(timedelta(seconds=1), outbox.PAUSES[0]), (timedelta(minutes=5),) * 2, (timedelta(days=9), outbox.LONGEST_WAIT)],
)
def test_a_gateway_that_asks_for_it_is_left_alone(asked: timedelta, waits: timedelta) -> None:
    message, at = _notice(), timezone.now()
    memory.failures.append(gateways.GatewayDown(wait=asked))
    outbox.deliver(message_id=message.pk, at=at)
    message.refresh_from_db()
    assert waits * (1 - outbox.JITTER) <= message.next_try_at - at <= waits


def test_a_code_is_not_sent_after_its_time() -> None:
    message = _message()
    outbox.deliver(message_id=message.pk, at=message.expires_at)
    message.refresh_from_db()
    assert (message.status, memory.sent) == ("expired", [])


def test_writing_a_message_orders_its_sending_in_the_same_transaction() -> None:
    message = _message()
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'message_id' FROM procrastinate_jobs WHERE task_name = %s", [outbox.SEND_TASK])
        assert cursor.fetchall() == [(str(message.pk),)]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("template", texts.TEXTS)
def test_each_text_fits_one_segment_and_names_the_sender(template: str, language: str) -> None:
    context = segment.LONGEST | {"link": "https://jkn-office.bpjs-kesehatan.go.id/n/" + 22 * "x"}
    text = texts.text_of(template=template, language=language, context=context)
    assert len(text) <= 160
    assert set(text) <= segment.ALPHABET
    assert text.startswith("BPJS Kesehatan")


def test_the_console_gateway_prints_and_keeps(capsys: pytest.CaptureFixture[str], tmp_path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SMS_GATEWAY, settings.SMS_CONSOLE_FILE = "console", tmp_path / "var" / "sms.jsonl"
    assert console.messages() == []
    gateways.send(to="+6281211112222", text="BPJS Kesehatan: halo")
    assert "halo" in capsys.readouterr().out
    assert [(sent["to"], sent["text"]) for sent in console.messages()] == [("+6281211112222", "BPJS Kesehatan: halo")]


def test_one_message_that_cannot_be_read_does_not_hold_up_the_others(caplog: pytest.LogCaptureFixture) -> None:
    broken, other = _message(), _message()
    OutboxMessage.objects.filter(pk=broken.pk).update(sealed_context=b"not ours")
    assert outbox.deliver_waiting() == 2
    assert [message.to for message in memory.sent] == [other.to]
    broken.refresh_from_db()
    assert broken.attempts == 1
    assert broken.status == "waiting"
