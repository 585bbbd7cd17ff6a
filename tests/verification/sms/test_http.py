"""The HTTP gateway against a real server."""

import json
import logging
import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from tests.verification.sms import gateway
from tests.verification.sms.gateway import Behaviour, answering, running, taking
from verification.sms import gateways
from verification.sms.gateways import GatewayDown, http, memory, ways

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TO, TEXT = "+6281211112222", "BPJS Kesehatan: kode 123456"


def described(settings: Any, url: str, **given: Any) -> None:
    settings.SMS_HTTP = {"local": {"url": url, "sender": "BPJSKes", "seconds": 1.0, **given}}


def test_a_message_goes_as_json_and_the_reference_comes_back(settings: Any) -> None:
    with running(taking(id="abc-1")) as server:
        described(settings, server.url)
        assert http.send(name="local", to=TO, text=TEXT) == "abc-1"
    ((path, headers, body),) = server.asked
    assert path == "/v1/messages?key=1"
    assert headers["Content-Type"] == "application/json"
    assert "Authorization" not in headers
    assert json.loads(body) == {"sender": "BPJSKes", "to": TO, "text": TEXT}


def test_oca_calls_the_fields_its_own_way(settings: Any) -> None:
    with running(taking(msg_id=4711)) as server:
        described(settings, server.url, preset="oca", token="secret", bare_numbers=True, extra={"type": "otp"})
        assert http.send(name="local", to=TO, text=TEXT) == "4711"
    ((_path, headers, body),) = server.asked
    assert headers["Authorization"] == "Bearer secret"
    assert json.loads(body) == {
        "sender_id": "BPJSKes",
        "recipient_number": TO[1:],
        "message_body": TEXT,
        "type": "otp",
    }


def test_a_twilio_shaped_gateway_gets_a_form_and_basic_authentication(settings: Any) -> None:
    with running(answering(201, b'{"sid": "SM1", "status": "queued"}')) as server:
        described(settings, server.url, preset="twilio", user="AC1", password="pw")
        assert http.send(name="local", to=TO, text=TEXT) == "SM1"
    ((_path, headers, body),) = server.asked
    assert headers["Authorization"] == "Basic QUMxOnB3"
    assert parse_qs(body.decode()) == {"From": ["BPJSKes"], "To": [TO], "Body": [TEXT]}


def test_a_reference_may_lie_deep_in_the_answer(settings: Any) -> None:
    with running(taking(data={"message": {"id": "x"}})) as server:
        described(settings, server.url, reference="data.message.id")
        assert http.send(name="local", to=TO, text=TEXT) == "x"


RUDE: dict[str, Behaviour] = {
    "429": answering(429, b"{}"),
    "500": answering(500, b'{"id": "x"}'),
    "no JSON": answering(200, b"<html>"),
    "no object": answering(200, b"[]"),
    "no reference": taking(error=TO),
    "empty reference": taking(id=""),
    "odd reference": taking(id={"a": 1}),
    "true": taking(id=True),
    "long reference": taking(id="x" * 81),
    "NUL": taking(id="x\0"),
    "deep": answering(200, b"[" * 50_000),
    "huge": answering(200, b'{"id": "x"}' + b" " * 5_000_000),
    "hanging up": gateway.hanging_up,
    "cut in the middle": gateway.cut_in_the_middle,
    "silent": gateway.silent,
    "dripping": gateway.dripping,
    "no HTTP": gateway.not_http,
}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30), ("0", 0), ("", 0), ("-1", 0), ("Mon, 23 Nov 2026 14:00:00 GMT", 0), ("9" * 400, 0), ("1.5", 0)],
)
def test_a_gateway_may_say_how_long_to_leave_it_alone(header: str, seconds: int, settings: Any) -> None:
    def busy(handler: gateway.Handler) -> None:
        handler.answer(503, b"{}", **{"Retry-After": header})

    with running(busy) as server:
        described(settings, server.url)
        with pytest.raises(GatewayDown) as failure:
            http.send(name="local", to=TO, text=TEXT)
    assert failure.value.wait == timedelta(seconds=seconds)


@pytest.mark.parametrize("how", RUDE)
def test_whatever_a_gateway_does_it_is_one_failure_in_time_that_quotes_nothing(how: str, settings: Any) -> None:
    with running(RUDE[how]) as server:
        described(settings, server.url)
        begin = time.monotonic()
        with pytest.raises(GatewayDown) as failure:
            http.send(name="local", to=TO, text=TEXT)
        assert time.monotonic() - begin < 5  # one second, on a machine that has time
    assert TO not in str(failure.value)
    assert "123456" not in str(failure.value)
    assert failure.value.__cause__ is None


def test_a_redirect_is_not_followed(settings: Any) -> None:
    with (
        running(taking(id="elsewhere")) as elsewhere,
        running(answering(307, b"", Location=elsewhere.url)) as server,
    ):
        described(settings, server.url)
        with pytest.raises(GatewayDown, match="307"):
            http.send(name="local", to=TO, text=TEXT)
    assert elsewhere.asked == []


def test_nobody_listening_is_a_failure(settings: Any) -> None:
    with running(taking(id="x")) as server:
        described(settings, server.url)
    with pytest.raises(GatewayDown, match="ConnectionRefusedError"):
        http.send(name="local", to=TO, text=TEXT)


def test_the_next_gateway_takes_what_the_first_one_does_not(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    with running(answering(503, b"")) as server:
        described(settings, server.url)
        settings.SMS_GATEWAY = "local, memory"
        assert gateways.send(to=TO, text=TEXT) == ("memory", "1")
    assert "gateway local: GatewayDown" in caplog.text
    assert TO not in caplog.text


def test_when_none_takes_it_the_last_failure_is_told(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    settings.SMS_GATEWAY = "memory,memory"
    memory.failures.extend([OSError(TO), GatewayDown("last")])
    with pytest.raises(GatewayDown, match="last"):
        gateways.send(to=TO, text=TEXT)
    assert TO not in caplog.text


@pytest.mark.parametrize(
    ("to", "expected"),
    [("+6281211112222", ["b", "a"]), ("+6281100001111", ["c"]), ("+6285500001111", ["a"])],
)
def test_the_longest_prefix_decides_the_route(to: str, expected: list[str], settings: Any) -> None:
    settings.SMS_GATEWAY, settings.SMS_ROUTES = "a", {"+6281": "b,a", "+62811": "c"}
    assert gateways.order(to) == expected


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"url": "http://gateway.example/"},
        {"url": "ftp://127.0.0.1/"},
        {"url": "https://"},
        {"url": "https://gateway.example/", "preset": "other"},
        {"url": "https://gateway.example/", "tokn": "hidden"},
        {"url": "https://gateway.example/", "names": {"to": "to"}},
    ],
)
def test_a_bad_description_is_refused_without_quoting_a_secret(given: dict[str, Any]) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        ways.read("x", {"token": "hidden secret", **given})
    assert "hidden secret" not in str(refusal.value)


def test_a_secret_is_not_shown_with_the_description() -> None:
    way = ways.read("x", {"url": "https://gateway.example/", "token": "hidden", "user": "u", "password": "covered"})
    assert "hidden" not in repr(way)
    assert "covered" not in repr(way)


@given(st.binary(max_size=200))
def test_no_answer_breaks_anything_but_the_attempt(answer: bytes) -> None:
    way = ways.read("x", {"url": "https://gateway.example/", "reference": "a.b"})
    try:
        reference = http._reference("x", way, answer)
    except GatewayDown:
        return
    assert 0 < len(reference) <= 80
