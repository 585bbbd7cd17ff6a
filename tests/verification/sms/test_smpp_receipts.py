"""Delivery receipts that an SMPP gateway sends over its line."""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jknoffice.audit.models import AuditLog
from jknoffice.hands import Hand
from tests import cases
from tests.hands import logged_in_as
from tests.verification.sms import smsc
from tests.verification.sms.smsc import ANSWER, BIND, DELIVER, option, receipt, running
from tests.verification.sms.test_smpp import described
from verification import deliveries, outbox, tasks
from verification.models import OutboxMessage
from verification.models.outbox import Delivery
from verification.sms import gateways
from verification.sms.gateways import memory
from verification.sms.gateways.smpp import account, lines, packets, said
from verification.sms.receipts import Receipt

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TAKING = smsc.answering(b"abc-1\0")
TEXT = b"id:%s sub:001 dlvrd:001 submit date:2611290810 done date:2611290811 stat:%s err:000 text:BPJS Keseh"
DELIVERED = receipt(TEXT % (b"abc-1", b"DELIVRD"))
OURS = account.Account(name="local", host="127.0.0.1", user="jkn")
DECIMAL = account.Account(name="local", host="127.0.0.1", user="jkn", decimal_receipts=True)


@pytest.fixture(autouse=True)
def _hung_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(lines, "PAUSES", (0, 0.1, 0.3))
    yield
    lines.close()


def read(body: bytes, described: account.Account = OURS) -> Receipt | None:
    return said.receipt(described, packets.read(smsc.made(DELIVER, body, number=1)))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (DELIVERED, Receipt("abc-1", Delivery.DELIVERED)),
        (receipt(TEXT % (b"1", b"UNDELIV")), Receipt("1", Delivery.UNDELIVERED)),
        (receipt(TEXT % (b"1", b"EXPIRED")), Receipt("1", Delivery.UNDELIVERED)),
        (receipt(TEXT % (b"1", b"REJECTD")), Receipt("1", Delivery.UNDELIVERED)),
        (receipt(TEXT % (b"1", b"delivrd")), Receipt("1", Delivery.DELIVERED)),
        (receipt(TEXT % (b"1", b"ACCEPTD")), Receipt("1", None)),
        (receipt(TEXT % (b"1", b"ENROUTE"), esm_class=0x20), Receipt("1", None)),
        (receipt(b"", options=option(0x1E, b"x-9\0") + option(0x427, b"\2")), Receipt("x-9", Delivery.DELIVERED)),
        (receipt(b"", options=option(0x427, b"\5") + option(0x1E, b"x-9\0")), Receipt("x-9", Delivery.UNDELIVERED)),
        (receipt(b"", options=option(0x427, b"\1") + option(0x1E, b"x-9")), Receipt("x-9", None)),
        (
            receipt(b"", esm_class=0, options=option(0x1E, b"x\0") + option(0x427, b"\2")),
            Receipt("x", Delivery.DELIVERED),
        ),
        # Parameters of vendors, and of other packets than this one, stand in nobody's way.
        (DELIVERED + option(0x1400, b"v") + option(0x1D, b"ok\0"), Receipt("abc-1", Delivery.DELIVERED)),
        (receipt(b"", options=option(0x424, TEXT % (b"8", b"DELIVRD"))), Receipt("8", Delivery.DELIVERED)),
        (receipt(b"id: 77 stat: DELIVRD"), Receipt("77", Delivery.DELIVERED)),
        (receipt(b"id:abc"), Receipt("abc", None)),
        (receipt(b"stat:DELIVRD"), None),
        (receipt(b""), None),
        (receipt(b"id:1 stat:DELIVRD", esm_class=0), None),  # what somebody wrote to us
    ],
)
def test_a_receipt_is_read(body: bytes, expected: Receipt | None) -> None:
    assert read(body) == expected


def test_a_gateway_may_tell_in_decimal_what_it_took_in_hexadecimal() -> None:
    taken = packets.read(smsc.made(smsc.SUBMIT | ANSWER, b"00001A2b\0"))
    assert said.reference(DECIMAL, taken) == "6699"
    assert read(receipt(TEXT % (b"0000006699", b"DELIVRD")), DECIMAL) == Receipt("6699", Delivery.DELIVERED)
    named = option(0x1E, b"1a2B\0") + option(0x427, b"\2")
    assert read(receipt(TEXT % (b"0000006699", b"DELIVRD"), options=named), DECIMAL) == Receipt(
        "6699", Delivery.DELIVERED
    )
    assert read(receipt(TEXT % (b"x-1", b"DELIVRD")), DECIMAL) == Receipt("x-1", Delivery.DELIVERED)


@given(st.binary(max_size=200), st.integers(min_value=0, max_value=0x110))
def test_no_packet_breaks_anything(body: bytes, command: int) -> None:
    for each in (command, command | ANSWER):
        try:
            packet = packets.read(smsc.made(each, body, number=1))
        except packets.Unreadable:
            continue
        if packet.command == "deliver_sm":
            found = said.receipt(OURS, packet)
            assert found is None or 0 < len(found.reference) <= 64


# --- kept in the database -----------------------------------------------------------------------


def sent(settings: Any, server: smsc.Smsc) -> OutboxMessage:
    described(settings, server, seconds=5)
    settings.SMS_GATEWAY = "local"
    message = cases.submitted().messages.get()
    outbox.deliver(message_id=message.pk)
    message.refresh_from_db()
    assert (message.gateway, message.provider_id) == ("local", "abc-1")
    return message


@pytest.mark.django_db(transaction=True)
def test_a_receipt_is_kept_at_its_message_before_it_is_answered(
    settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    plain, heard_before = deliveries.note, list[int]()

    def noting(**given: Any) -> Any:
        heard_before.append(len([packet for packet in server.heard if packet.command == DELIVER | ANSWER]))
        return plain(**given)

    monkeypatch.setattr(deliveries, "note", noting)
    with running(TAKING) as server:
        message = sent(settings, server)
        number = server.lines[0].ask(DELIVER, DELIVERED)
        (answer,) = server.wait_for(DELIVER | ANSWER)
    assert (answer.number, answer.status, heard_before) == (number, 0, [0])
    message.refresh_from_db()
    assert message.delivery == Delivery.DELIVERED
    assert AuditLog.objects.filter(action="message.delivered").count() == 1
    assert message.to[1:] not in caplog.text
    assert "BPJS Keseh" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_receipt_of_another_process_s_message_is_kept_as_well(settings: Any) -> None:
    """Of a message that was sent before, perhaps by a worker that is no more; that task makes a line of its own."""
    with running(TAKING) as server:
        message = sent(settings, server)
        lines.close()
        with logged_in_as(Hand.WORKER):
            tasks.deliver_messages(timestamp=0)
            server.wait_for(BIND, times=2)
            server.lines[-1].ask(DELIVER, DELIVERED)
            server.wait_for(DELIVER | ANSWER)
    message.refresh_from_db()
    assert message.delivery == Delivery.DELIVERED


@pytest.mark.django_db(transaction=True)
def test_a_receipt_that_is_faster_than_our_database_waits_for_it(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "PAUSES", (0, 0.1, 0.3, 10))  # the last one for a machine that is slow
    with running(TAKING) as server:
        message = sent(settings, server)
        OutboxMessage.objects.filter(pk=message.pk).update(provider_id="")
        server.lines[0].ask(DELIVER, DELIVERED)
        time.sleep(0.05)
        OutboxMessage.objects.filter(pk=message.pk).update(provider_id="abc-1")
        (answer,) = server.wait_for(DELIVER | ANSWER)
    assert answer.status == 0


@pytest.mark.django_db(transaction=True)
def test_of_an_unknown_message_the_gateway_is_asked_to_tell_later(settings: Any) -> None:
    with running(TAKING) as server:
        sent(settings, server)
        server.lines[0].ask(DELIVER, receipt(TEXT % (b"nobody", b"DELIVRD")))
        assert [answer.status for answer in server.wait_for(DELIVER | ANSWER)] == [packets.TRY_LATER]


def test_a_database_that_is_away_has_it_told_later(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*given: Any) -> None:
        raise OperationalError("values of a row")

    monkeypatch.setattr(lines, "_note", away)
    with running(TAKING) as server:
        described(settings, server)
        lines.send(name="local", to="+6281211112222", text="x")
        server.lines[0].ask(DELIVER, DELIVERED)
        assert [answer.status for answer in server.wait_for(DELIVER | ANSWER)] == [packets.TRY_LATER]
    assert "a receipt was not kept: OperationalError" in caplog.text
    assert "values of a row" not in caplog.text


def test_too_many_receipts_at_a_time_are_put_off(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verification.sms.gateways.smpp.line.MOST_RECEIPTS", 0)
    with running(TAKING) as server:
        described(settings, server)
        lines.send(name="local", to="+6281211112222", text="x")
        server.lines[0].ask(DELIVER, DELIVERED)
        assert [answer.status for answer in server.wait_for(DELIVER | ANSWER)] == [packets.BUSY]


@pytest.mark.parametrize("body", [receipt(b"halo", esm_class=0), receipt(TEXT % (b"1", b"ACCEPTD")), b"\xff" * 3])
def test_what_says_nothing_is_thanked_for_and_thrown_away(body: bytes, settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server)
        lines.send(name="local", to="+6281211112222", text="x")
        server.lines[0].ask(DELIVER, body)
        assert [answer.status for answer in server.wait_for(DELIVER | ANSWER)] == [0]


def test_without_receipts_there_is_nothing_to_listen_for(settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server, receipts=False)
        lines.listen("local")
        described(settings, server)
        lines.listen("local")
        server.wait_for(BIND)
    assert len(server.lines) == 1


def test_a_gateway_that_is_away_hinders_nobody_who_listens(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    with running(TAKING) as server:
        described(settings, server)
    lines.listen("local")
    until_said("gateway local: no line: GatewayDown", caplog)


def test_whatever_keeps_a_line_from_opening_is_told(
    settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(TAKING) as server:
        described(settings, server)

    async def unforeseen(*_given: object, **_named: object) -> None:
        raise ValueError("hidden")

    monkeypatch.setattr(lines, "open_line", unforeseen)
    lines.listen("local")
    until_said("gateway local: no line: ValueError", caplog)
    assert "hidden" not in caplog.text


def until_said(words: str, caplog: pytest.LogCaptureFixture) -> None:
    end = time.monotonic() + 5
    while words not in caplog.text:
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_gateway_that_cannot_be_described_holds_up_no_message_of_others(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_SMPP, settings.SMS_GATEWAY = {"odd": {"password": "hidden"}}, "odd,memory"
    gateways.listen()
    assert "gateway odd: no line: ImproperlyConfigured" in caplog.text
    assert gateways.send(to="+6281211112222", text="x").gateway == "memory"
    assert "hidden" not in caplog.text


@pytest.mark.django_db
def test_a_message_that_is_refused_for_good_is_given_up_at_once(settings: Any, sms: list[memory.Message]) -> None:
    with running(smsc.answering(status=0x0B)) as server:
        described(settings, server)
        settings.SMS_GATEWAY = "local"
        message = cases.submitted().messages.get()
        outbox.deliver(message_id=message.pk)
    message.refresh_from_db()
    assert (message.status, message.attempts) == ("failed", 1)


@pytest.mark.django_db
def test_a_throttled_message_waits(settings: Any) -> None:
    with running(smsc.answering(status=0x58)) as server:
        described(settings, server)
        settings.SMS_GATEWAY = "local"
        message, at = cases.submitted().messages.get(), timezone.now()
        outbox.deliver(message_id=message.pk, at=at)
    message.refresh_from_db()
    assert (message.status, message.next_try_at - at) == ("waiting", timedelta(seconds=30))
