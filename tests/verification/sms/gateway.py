"""A gateway of our own on a local port, as rude as it is told to be."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Keeps what was asked, then behaves as the server says."""

    server: "Gateway"

    def do_POST(self) -> None:
        """Read the message and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), body))
        self.server.behaviour(self)

    do_GET = do_POST  # noqa: N815 - the name is the library's

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Stay silent."""

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        """Answer in one piece."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Gateway(ThreadingHTTPServer):
    """The server; `asked` holds path, headers and body of each call."""

    daemon_threads = True

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour = behaviour
        self.asked: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}/v1/messages?key=1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: a caller that hung up is what many tests are about."""


@contextmanager
def running(behaviour: Behaviour) -> Iterator[Gateway]:
    """Serve until the end of the block."""
    server = Gateway(behaviour)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answering(status: int, body: bytes, **headers: str) -> Behaviour:
    """Always the same answer."""
    return lambda handler: handler.answer(status, body, **headers)


def taking(**answer: Any) -> Behaviour:
    """The message is taken; the answer is this JSON."""
    return answering(200, json.dumps(answer).encode())


def hanging_up(handler: Handler) -> None:
    """Cut the line without an answer."""
    handler.connection.close()


def cut_in_the_middle(handler: Handler) -> None:
    """Promise a hundred bytes and cut the line after five."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b'{"id"')
    handler.wfile.flush()
    handler.connection.close()


def silent(handler: Handler) -> None:
    """Say nothing for longer than anybody waits."""
    time.sleep(6)


def dripping(handler: Handler) -> None:
    """Send a byte now and then, so that no read times out."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(60):
        handler.wfile.write(b"X")
        handler.wfile.flush()
        time.sleep(0.1)


def not_http(handler: Handler) -> None:
    """Answer something that is no HTTP."""
    handler.wfile.write(b"\x00\xff garbage \r\n\r\n")
