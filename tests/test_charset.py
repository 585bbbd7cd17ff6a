"""Requests that say they are written in some other encoding."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.test.client import FakePayload

pytestmark = pytest.mark.django_db(transaction=True)

BODY = b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\nsiti\r\n--x--\r\n'
KINDS = ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/html"]
ODD = ["foo", "base64", "rot13", "idna", "undefined", "utf-16", "utf-7", "\0", "x" * 9999, "é"]


def status_of(content_type: str, method: str = "POST") -> int:
    """What a server of WSGI hears from us: the test client would not go through `jknoffice/wsgi.py`."""
    from jknoffice.wsgi import application  # asks the database when it is imported

    statuses: list[str] = []

    def start(status: str, _headers: list[tuple[str, str]], *_rest: Any) -> None:
        statuses.append(status)

    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": settings.STATIC_URL + "none" if method == "GET" else "/admin/login/",
        "QUERY_STRING": "x=%41",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(BODY)),
        "wsgi.input": FakePayload(BODY),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
    }
    answer = application(environ, start)
    getattr(answer, "close", list)()
    return int(statuses[0].split()[0])


@pytest.mark.parametrize("charset", ODD)
def test_another_encoding_is_a_bad_request(charset: str) -> None:
    asked = [(kind, method) for kind in KINDS for method in ("GET", "POST")]
    assert {status_of(f"{kind}; charset={charset}", method) for kind, method in asked} == {400}


def test_a_header_that_nobody_can_read_is_a_bad_request() -> None:
    assert status_of("text/html; charset*=foo''%41") == 400


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; charset="utf-8"'])
def test_utf_8_is_read(charset: str, kind: str) -> None:
    # There is no token against forgery in it.
    assert status_of(kind + charset) == 403
    assert status_of(kind + charset, "GET") == 404
