"""What gateways tell about messages that they took."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jknoffice.accounts.limits import Limit
from jknoffice.audit.models import AuditLog
from tests.verification.sms.receipts import KEY, post, sent_message, tell
from verification import checks, webhook
from verification.models import OutboxMessage
from verification.sms import receipts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _key(settings: Any) -> None:
    settings.SMS_RECEIPT_KEY = KEY.encode()


def noted() -> int:
    return AuditLog.objects.filter(action__in=["message.delivered", "message.undelivered"]).count()


@pytest.mark.parametrize(
    ("word", "expected"),
    [("delivered", "delivered"), ("DELIVERED", "delivered"), ("failed", "undelivered"), ("queued", "")],
)
def test_a_receipt_is_written_down_at_its_message(word: str, expected: str, client: Client) -> None:
    message = sent_message()
    assert tell(client, message.provider_id, word).status_code == 204
    message.refresh_from_db()
    assert (message.delivery, bool(message.delivery_at)) == (expected, bool(expected))
    assert noted() == bool(expected)


def test_the_browser_guard_does_not_stand_in_the_way() -> None:
    message = sent_message()
    assert tell(Client(enforce_csrf_checks=True), message.provider_id).status_code == 204


def test_a_receipt_that_comes_again_changes_nothing_nor_does_another_word(client: Client) -> None:
    message = sent_message()
    tell(client, message.provider_id)
    before = OutboxMessage.objects.values().get(pk=message.pk)
    assert tell(client, message.provider_id).status_code == 204
    assert tell(client, message.provider_id, "failed").status_code == 204
    assert OutboxMessage.objects.values().get(pk=message.pk) == before
    assert noted() == 1


@pytest.mark.parametrize("early", [timedelta(minutes=-6), timedelta(minutes=6)])
def test_an_old_receipt_cannot_be_played_again(early: timedelta, client: Client) -> None:
    message = sent_message()
    assert tell(client, message.provider_id, at=timezone.now() + early).status_code == 403
    assert noted() == 0


@pytest.mark.parametrize("timestamp", ["x", "²", "-1", "1.5", "9" * 5000, " 1"])
def test_a_time_stamp_that_is_none_is_refused(timestamp: str) -> None:
    signed = receipts.signature(key=b"k", timestamp=timestamp, body=b"")
    with pytest.raises(receipts.Forged):
        receipts.check(key=b"k", timestamp=timestamp, signed=signed, body=b"", at=timezone.now())


@pytest.mark.parametrize("signed", ["", "0" * 64, "é", "x" * 9000])
def test_a_wrong_signature_is_refused(signed: str, client: Client) -> None:
    message = sent_message()
    body = f'{{"reference": "{message.provider_id}", "status": "delivered"}}'.encode()
    assert post(client, body, signed=signed).status_code == 403
    assert noted() == 0


def test_a_signature_covers_each_byte_and_the_time() -> None:
    now = timezone.now()
    stamp, body = str(int(now.timestamp())), b'{"reference": "1"}'
    signed = receipts.signature(key=b"k", timestamp=stamp, body=body)
    receipts.check(key=b"k", timestamp=stamp, signed=signed, body=body, at=now)
    for other_stamp, other_body, key in [
        (stamp, body + b" ", b"k"),
        (str(int(stamp) + 1), body, b"k"),
        (stamp, body, b"l"),
    ]:
        with pytest.raises(receipts.Forged):
            receipts.check(key=key, timestamp=other_stamp, signed=signed, body=other_body, at=now)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b"null",
        b'{"reference": 1, "status": "delivered"}',
        b'{"reference": "", "status": "delivered"}',
        b'{"reference": "a\\u0000", "status": "delivered"}',
        b'{"reference": "\\ud800", "status": "delivered"}',
        b'{"reference": "x"}',
        b"[" * 4000,
    ],
)
def test_a_signed_receipt_that_cannot_be_read_is_a_bad_request(body: bytes, client: Client) -> None:
    assert post(client, body).status_code == 400


@given(st.binary(max_size=300))
def test_reading_ends_in_a_receipt_or_in_malformed(body: bytes) -> None:
    try:
        said = receipts.read(body)
    except receipts.Malformed:
        return
    assert said.reference


def test_an_unknown_message_may_be_told_again_later(client: Client) -> None:
    message = sent_message()
    assert tell(client, "nobody").status_code == 404
    assert tell(client, message.provider_id, gateway="other").status_code == 404


def test_a_long_body_is_refused(client: Client) -> None:
    assert post(client, b" " * (receipts.MOST_BYTES + 1)).status_code == 413


def test_without_a_key_there_is_no_such_page(client: Client, settings: Any) -> None:
    settings.SMS_RECEIPT_KEY = b""
    assert tell(client, "1").status_code == 404


def test_a_receipt_comes_by_post_only(client: Client) -> None:
    assert client.get("/sms/receipts/memory/").status_code == 405


def test_guessing_is_slowed_down_but_stops_no_signed_receipt(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    message = sent_message()
    monkeypatch.setattr(webhook, "FORGED", Limit(name="few", most=2, window=timedelta(days=1)))
    assert [post(client, b"", signed="x").status_code for _ in range(4)] == [403, 403, 429, 429]
    assert tell(client, message.provider_id).status_code == 204


def test_too_many_signed_receipts_are_put_off(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    message = sent_message()
    monkeypatch.setattr(webhook, "SIGNED", Limit(name="few", most=1, window=timedelta(days=1)))
    assert [tell(client, message.provider_id).status_code for _ in range(2)] == [204, 429]


def test_the_check_names_gateways_that_are_none_and_a_short_key(settings: Any) -> None:
    settings.SMS_HTTP = {
        "good": {"url": "https://gateway.example/"},
        "bare": {"url": "http://gateway.example/"},
        "odd": 3,
    }
    settings.SMS_GATEWAY, settings.SMS_ROUTES = "good, memory", {"+62811": "nobody"}
    settings.SMS_RECEIPT_KEY = b"short"
    assert [found.id for found in checks.gateways_are_known([])] == [
        "verification.E001",
        "verification.E001",
        "verification.E002",
        "verification.E003",
    ]
    settings.SMS_HTTP, settings.SMS_ROUTES, settings.SMS_RECEIPT_KEY = {}, {}, b""
    settings.SMS_GATEWAY = "console"
    assert checks.gateways_are_known([]) == []
