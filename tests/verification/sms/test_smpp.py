"""The SMPP gateway against a server of our own."""

import logging
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.cluster.nginx import certify
from tests.verification.sms import smsc
from tests.verification.sms.smsc import ANSWER, BIND, ENQUIRE, NACK, SUBMIT, UNBIND, Behaviour, running
from verification.sms import gateways, gsm
from verification.sms.gateways import GatewayDown, Refused, memory
from verification.sms.gateways.smpp import lines

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1"])

TO, TEXT = "+6281211112222", "BPJS Kesehatan: kode 123456"
TAKING = smsc.answering(b"abc-1\0")


@pytest.fixture(autouse=True)
def _hung_up() -> Iterator[None]:
    yield
    lines.close()


def described(settings: Any, server: smsc.Smsc, **given: Any) -> None:
    account = {"host": "127.0.0.1", "port": server.port, "tls": False, "user": "jkn", "password": "hidden", **given}
    settings.SMS_SMPP = {"local": {"sender": "BPJSKes", "seconds": 1.0, **account}}


def send(text: str = TEXT) -> str:
    return lines.send(name="local", to=TO, text=text)


def test_a_message_goes_out_and_the_reference_comes_back(settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server)
        assert send() == "abc-1"
    assert server.taken == [
        smsc.Submitted((5, 0, "BPJSKes"), (1, 1, TO[1:]), coding=0, receipt=1, octets=TEXT.encode(), payload=b"")
    ]
    (bound,) = server.wait_for(BIND)
    assert bound.body.startswith(b"jkn\0hidden\0\0\x34")


def test_all_messages_share_one_line_and_goodbye_is_said(settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server, seconds=5)
        threads = [threading.Thread(target=send) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.taken) == 8
        lines.close()
        server.wait_for(UNBIND)
    assert len(server.lines) == 1


def test_answers_are_told_apart_by_their_numbers(settings: Any) -> None:
    """The first of two is answered last."""
    both, first = threading.Barrier(2, timeout=5), list[tuple[smsc.Conversation, smsc.Packet]]()

    def late(line: smsc.Conversation, packet: smsc.Packet) -> None:
        first.append((line, packet))
        if len(first) == 2:
            for kept_line, kept in reversed(first):
                kept_line.answer(kept, smsc.submitted(kept.body).octets[-1:] + b"\0")

    with running(late) as server:
        described(settings, server, seconds=5)
        answers = dict[str, str]()

        def one(text: str) -> None:
            both.wait()
            answers[text] = send(text)

        threads = [threading.Thread(target=one, args=[text]) for text in ("x1", "x2")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == {"x1": "1", "x2": "2"}


@pytest.mark.parametrize("status", [0x58, 0x14])
def test_a_gateway_that_is_throttling_is_left_alone_for_a_while(status: int, settings: Any) -> None:
    with running(smsc.in_turn(smsc.answering(status=status), TAKING)) as server:
        described(settings, server)
        with pytest.raises(GatewayDown) as failure:
            send()
        assert failure.value.wait == timedelta(seconds=30)
        assert send() == "abc-1"
    assert len(server.lines) == 1


def test_a_number_that_cannot_be_is_refused_for_good(settings: Any) -> None:
    with running(smsc.answering(status=0x0B)) as server:
        described(settings, server)
        with pytest.raises(Refused, match="0xb"):
            send()


RUDE: dict[str, Behaviour] = {
    "system error": smsc.answering(status=0x08),
    "no reference": smsc.answering(b"\0"),
    "no body": smsc.answering(),
    "odd reference": smsc.answering(b"a\1b\0"),
    "long reference": smsc.answering(b"x" * 65 + b"\0"),
    "reference without an end": smsc.answering(b"abc"),
    "nack": lambda line, packet: line.send(smsc.made(NACK, status=3, number=packet.number)),
    "another answer": lambda line, packet: line.send(smsc.made(ENQUIRE | ANSWER, number=packet.number)),
    "unknown answer": lambda line, packet: line.send(smsc.made(0x8000_0999, number=packet.number)),
    "answer to nobody": lambda line, _packet: line.send(smsc.made(SUBMIT | ANSWER, b"x\0", number=999)),
    "silent": smsc.silent,
    "hanging up": smsc.hanging_up,
    "cut in the middle of a packet": smsc.cut_in_the_middle,
    "half a packet": smsc.sending(smsc.made(SUBMIT | ANSWER, b"abc\0")[:10]),
    "garbage": smsc.sending(b"HTTP/1.1 200 OK\r\n\r\n"),
    "too short a length": smsc.sending(b"\0\0\0\3" + b"\0" * 20),
    "too long a length": smsc.sending(b"\xff\xff\xff\xff" + b"\0" * 20),
    "unbind": lambda line, _packet: line.send(smsc.made(UNBIND, number=7)),
}


@pytest.mark.parametrize("how", RUDE)
def test_whatever_a_gateway_does_it_is_one_failure_in_time_and_the_next_message_goes(
    how: str, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with running(smsc.in_turn(RUDE[how], TAKING)) as server:
        described(settings, server)
        begin = time.monotonic()
        with pytest.raises(GatewayDown) as failure:
            send()
        assert time.monotonic() - begin < 5  # one second, on a machine that has time
        assert send() == "abc-1"
    for told in (str(failure.value), caplog.text):
        assert TO[1:] not in told
        assert "123456" not in told
        assert "hidden" not in told


def test_a_late_answer_is_thrown_away(settings: Any) -> None:
    kept = list[smsc.Packet]()

    def late(line: smsc.Conversation, packet: smsc.Packet) -> None:
        kept.append(packet)
        if len(kept) == 2:
            line.answer(kept[0], b"first\0")
            line.answer(kept[1], b"second\0")

    with running(late) as server:
        described(settings, server)
        with pytest.raises(GatewayDown):
            send()
        assert send() == "second"
    assert len(server.lines) == 1


REFUSING: dict[str, Behaviour] = {
    "wrong password": smsc.answering(status=0x0E),
    "already bound": smsc.answering(b"smsc\0", status=0x05),
    "silent": smsc.silent,
    "hanging up": smsc.hanging_up,
    "another answer": lambda line, packet: line.send(smsc.made(SUBMIT | ANSWER, b"x\0", number=packet.number)),
}


@pytest.mark.parametrize("how", REFUSING)
def test_without_a_bind_nothing_is_sent(how: str, settings: Any) -> None:
    with running(TAKING, on_bind=smsc.in_turn(REFUSING[how], smsc.answering(b"smsc\0"))) as server:
        described(settings, server)
        with pytest.raises(GatewayDown):
            send()
        assert server.taken == []
        assert send() == "abc-1"


def test_nobody_listening_is_a_failure(settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server)
    with pytest.raises(GatewayDown, match="ConnectionRefusedError"):
        send()


def test_after_a_break_a_new_line_is_opened(settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server)
        send()
        server.lines[0].hang_up()
        wait_until_broken()
        assert send() == "abc-1"
        assert len(server.lines) == 2


def wait_until_broken() -> None:
    end = time.monotonic() + 5
    while any(line.is_open for line in lines._board()._lines.values()):
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_silent_gateway_is_asked_whether_it_lives(settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server, idle=0.05)
        send()
        server.wait_for(ENQUIRE, times=3)
        assert send() == "abc-1"
    assert len(server.lines) == 1


def test_one_that_does_not_answer_that_is_hung_up_on(settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server, idle=0.05)
        server.on_enquire = smsc.silent
        send()
        server.wait_for(ENQUIRE)
        wait_until_broken()
        assert send() == "abc-1"
        assert len(server.lines) == 2


def test_the_gateway_may_ask_whether_we_live(settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server)
        send()
        number = server.lines[0].ask(ENQUIRE)
        assert [packet.number for packet in server.wait_for(ENQUIRE | ANSWER)] == [number]


def test_a_gateway_that_says_goodbye_is_answered_and_called_again(settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server)
        send()
        server.lines[0].ask(UNBIND)
        server.wait_for(UNBIND | ANSWER)
        wait_until_broken()
        assert send() == "abc-1"


def test_what_is_not_understood_is_said_so_and_the_line_goes_on(settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server)
        send()
        for odd in (0x999, SUBMIT):
            server.lines[0].ask(odd, b"\xff" * 3)
        assert [packet.status for packet in server.wait_for(NACK, times=2)] == [3, 3]
        assert send() == "abc-1"
    assert len(server.lines) == 1


@pytest.mark.parametrize(
    ("text", "coding", "octets"),
    [
        ("@_$ü", 0, b"\x00\x11\x02\x7e"),
        ("[€]", 0, b"\x1b\x3c\x1b\x65\x1b\x3e"),
        ("kode ✓", 8, "kode ✓".encode("utf-16-be")),
        ("a" * 160, 0, b"a" * 160),
    ],
)
def test_a_text_goes_in_the_gsm_alphabet_where_it_can(text: str, coding: int, octets: bytes, settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server)
        send(text)
    assert [(sent.coding, sent.octets) for sent in server.taken] == [(coding, octets)]


@pytest.mark.parametrize("text", ["a" * 161, "✓" * 71, "a" * 400])
def test_a_text_longer_than_a_segment_is_left_to_the_gateway_to_part(text: str, settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server)
        send(text)
    assert [(sent.octets, sent.text) for sent in server.taken] == [(b"", text)]


def test_the_alphabet_is_that_of_the_standard() -> None:
    assert len(gsm.DEFAULT) == 128 == len(set(gsm.DEFAULT))
    assert [gsm.DEFAULT[number] for number in (0x00, 0x10, 0x20, 0x40, 0x5F, 0x7F)] == list("@Δ ¡§à")
    assert gsm.encoded("`") is None
    assert gsm.encoded("\x1b") is None


def test_sender_and_numbers_go_as_the_setting_says(settings: Any) -> None:
    with running(TAKING) as server:
        kinds = {"sender": "1500400", "sender_ton": 3, "sender_npi": 8, "number_ton": 2, "number_npi": 6}
        described(settings, server, receipts=False, **kinds)
        send()
    (sent,) = server.taken
    assert (sent.sender, sent.to, sent.receipt) == ((3, 8, "1500400"), (2, 6, TO[1:]), 0)


def test_no_more_go_out_in_a_second_than_the_setting_says(settings: Any) -> None:
    with running(TAKING) as server:
        described(settings, server, per_second=20)
        begin = time.monotonic()
        for _ in range(5):
            send()
        assert time.monotonic() - begin >= 0.2


def test_gateways_of_both_kinds_stand_in_for_each_other(settings: Any) -> None:
    with running(smsc.in_turn(smsc.answering(status=0x08), TAKING)) as server:
        described(settings, server)
        settings.SMS_GATEWAY, settings.SMS_ROUTES = "local,memory", {"+62811": "memory,local"}
        assert gateways.send(to=TO, text=TEXT) == ("memory", "1")
        memory.failures.append(GatewayDown())
        assert gateways.send(to="+6281100001111", text=TEXT) == ("local", "abc-1")


def test_only_when_all_refuse_is_it_for_good(settings: Any) -> None:
    settings.SMS_GATEWAY = "memory,memory"
    memory.failures.extend([GatewayDown("down"), Refused("never")])
    with pytest.raises(GatewayDown, match="down"):
        gateways.send(to=TO, text=TEXT)
    memory.failures.extend([Refused("one"), Refused("never")])
    with pytest.raises(Refused, match="never"):
        gateways.send(to=TO, text=TEXT)


def test_the_line_may_be_encrypted(settings: Any, tmp_path: Path) -> None:
    certify(tmp_path)
    context, ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), tmp_path / "fullchain.pem"
    context.load_cert_chain(ours, tmp_path / "privkey.pem")
    with running(TAKING, context=context) as server:
        described(settings, server, host="localhost", tls=True, ca=str(ours), seconds=5)
        assert send() == "abc-1"
        described(settings, server, host="127.0.0.1", tls=True, ca=str(ours), seconds=5)  # not the certificate's name
        with pytest.raises(GatewayDown, match="SSLCertVerificationError"):
            send()
        described(settings, server, host="localhost", tls=True, seconds=5)  # nobody vouches for it
        with pytest.raises(GatewayDown, match="SSLCertVerificationError"):
            send()
    assert len(server.taken) == 1
