"""Gateways that take a message by HTTP POST and answer with a reference in JSON.

Redirects are not followed: whoever answers is the host that the setting names. What is raised quotes neither the
number nor the text nor the answer.
"""

import json
import socket
import ssl
from contextlib import closing, suppress
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from verification.sms.gateways.failures import GatewayDown
from verification.sms.gateways.ways import Way, read

MOST_BYTES = 64 * 1024
"""An answer longer than this is none."""
LONGEST_REFERENCE = 80


def send(*, name: str, to: str, text: str) -> str:
    """Hand a message (`to` in E.164) to the gateway `name` of `settings.SMS_HTTP`; return the gateway's reference.

    Raises `GatewayDown` when it does not take the message, or does not say so in time.
    """
    way = read(name, settings.SMS_HTTP[name])
    try:
        status, wait, answer = _post(way, way.message(to=to, text=text))
    except (OSError, HTTPException, ValueError) as error:
        raise GatewayDown(f"{name}: {type(error).__name__}") from None
    if not 200 <= status < 300:
        raise GatewayDown(f"{name}: answered {status}", wait=wait)
    return _reference(name, way, answer)


def _post(way: Way, fields: dict[str, Any]) -> tuple[int, timedelta, bytes]:
    """Return the status, how long the gateway asks to be left alone, and the first bytes of the answer."""
    body = urlencode(fields) if way.form else json.dumps(fields)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded" if way.form else "application/json",
        "Accept": "application/json",
        "Connection": "close",
    }
    if way.authorization:
        headers["Authorization"] = way.authorization
    path = (way.place.path or "/") + (f"?{way.place.query}" if way.place.query else "")
    with closing(_connection(way)) as connection:
        connection.connect()
        # The time-out of a socket counts anew with each byte: a gateway that drips would hold the worker for ever.
        timer = Timer(way.seconds, _shut, [connection.sock])
        timer.daemon = True
        timer.start()
        try:
            connection.request("POST", path, body=body.encode(), headers=headers)
            answer = connection.getresponse()
            return answer.status, _wait(answer.getheader("Retry-After", "")), answer.read(MOST_BYTES + 1)
        finally:
            timer.cancel()


def _wait(asked: str) -> timedelta:
    """Return what `Retry-After` asks for in seconds (RFC 9110, 10.2.3); nothing where it holds a date or nonsense."""
    return timedelta(seconds=int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else timedelta(0)


def _connection(way: Way) -> HTTPConnection:
    host = str(way.place.hostname)
    if way.place.scheme == "https":
        return HTTPSConnection(host, way.place.port, timeout=way.seconds, context=ssl.create_default_context())
    return HTTPConnection(host, way.place.port, timeout=way.seconds)


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):  # the other side was faster
        opened.shutdown(socket.SHUT_RDWR)


def _reference(name: str, way: Way, answer: bytes) -> str:
    """Return the reference in the answer. Without one the message may not have been taken: many answer 200 to a no."""
    if len(answer) > MOST_BYTES:
        raise GatewayDown(f"{name}: answer too long")
    try:
        found = json.loads(answer)
        for key in way.reference.split("."):
            found = found[key]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise GatewayDown(f"{name}: answer without a reference") from None
    reference = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    if not 0 < len(reference) <= LONGEST_REFERENCE or not reference.isascii() or not reference.isprintable():
        raise GatewayDown(f"{name}: answer without a usable reference")
    return reference
