"""A telephone line between browser and server that breaks when a test says so: real sockets, closed in mid-air."""

import select
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Page

ABORT = struct.pack("ii", 1, 0)
"""SO_LINGER: closing throws away what is under way and tells the other end so (RST)."""


@dataclass
class Cut:
    """Where the line breaks: in requests that POST to `path`.

    `after` is how many of their bytes get through; None lets the whole request through and loses the answer.
    `times` is how often it has broken.
    """

    path: str
    after: int | None = None
    times: int = 0


class Line:
    """Listens at `address` and carries everything to the server at `to` (such as `http://localhost:8000`) and back."""

    def __init__(self, to: str) -> None:
        self._to = (urlsplit(to).hostname or "", urlsplit(to).port or 80)
        self._cut: Cut | None = None
        self._ear = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self._ear.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._ear.close()

    @contextmanager
    def cut(self, path: str, *, after: int | None = None) -> Iterator[Cut]:
        """Break the line in every POST to `path`: a browser may send one again by itself, and that breaks too."""
        self._cut = Cut(path, after)
        yield self._cut
        assert self._cut.times, "nothing went over the line that could be cut"
        self._cut = None

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._ear.accept()
                threading.Thread(target=self._carry, args=[browser], daemon=True).start()

    def _carry(self, browser: socket.socket) -> None:
        with suppress(OSError), browser, socket.create_connection(self._to) as server:
            cut, carried = None, 0
            while True:
                for end in select.select([browser, server], [], [])[0]:
                    data = end.recv(4096)
                    if not data:
                        return
                    if end is browser and self._cut and data.startswith(f"POST {self._cut.path} ".encode()):
                        cut, carried = self._cut, 0
                    if cut and end is browser and cut.after is not None and carried + len(data) > cut.after:
                        server.sendall(data[: cut.after - carried])
                        self._break(cut, browser)
                        return
                    if cut and end is server and cut.after is None:
                        self._break(cut, browser)
                        return
                    carried += len(data)
                    (server if end is browser else browser).sendall(data)

    def _break(self, cut: Cut, browser: socket.socket) -> None:
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
        cut.times += 1


def slow_down(page: Page) -> None:
    """Let the page's network be as slow as 2G: 50 kbit/s both ways, 300 ms until anything answers."""
    bytes_per_second = 50_000 // 8
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 300,
            "downloadThroughput": bytes_per_second,
            "uploadThroughput": bytes_per_second,
        },
    )
