"""HTTP/1.1 over TLS, as light as it gets: a crowd of a thousand must not take the processor from those it measures."""

import asyncio
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass, field

PATIENCE = 30.0
"""Seconds after which a browser would still wait, and a person has long given up."""
_LINES = 2
"""A browser has six to a server; a case has two photos."""


class WireError(OSError):
    """The answer did not come, or is none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and Location of an answer; `cookies` are the values that it sets."""

    status: int
    body: bytes
    location: str
    cookies: dict[str, str]

    @property
    def token(self) -> str:
        """The CSRF token of the first form of the page, "" without one."""
        found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', self.body)
        return found[1].decode() if found else ""


@dataclass(slots=True)
class Browser:
    """The cookies and the kept connections of one person, who calls from the loopback address `source`."""

    port: int
    context: ssl.SSLContext
    source: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)
    _idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    async def get(self, path: str) -> Answer:
        """Ask for a page. Raises WireError."""
        return await self._ask("GET", path, "", b"")

    async def post(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form, whose values need no escapes. Raises WireError."""
        body = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
        return await self._ask("POST", path, "application/x-www-form-urlencoded", body)

    async def upload(self, path: str, fields: dict[str, str], *, name: str, jpeg: bytes) -> Answer:
        """Send a form with a photo. Raises WireError."""
        mark = "----jkn-office-benchmark"
        plain = "".join(
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        )
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="p.jpg"\r\n'
        body = f"{plain}{head}Content-Type: image/jpeg\r\n\r\n".encode() + jpeg + f"\r\n--{mark}--\r\n".encode()
        return await self._ask("POST", path, f"multipart/form-data; boundary={mark}", body)

    def hang_up(self) -> None:
        """Close the connections."""
        while self._idle:
            self._idle.pop()[1].transport.abort()

    async def _ask(self, method: str, path: str, kind: str, body: bytes) -> Answer:
        origin = f"https://localhost:{self.port}"
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\nOrigin: {origin}\r\nReferer: {origin}/\r\n"
        if self.cookies:
            head += "Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()) + "\r\n"
        if kind:
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._exchange(head.encode() + b"\r\n" + body)
        except (OSError, EOFError, ValueError, TimeoutError, asyncio.LimitOverrunError) as error:
            self.hang_up()
            raise WireError(f"{type(error).__name__}: {error}") from error
        self.cookies |= answer.cookies
        return answer

    async def _exchange(self, sent: bytes) -> Answer:
        reader, writer = self._idle.pop() if self._idle else await self._call()
        try:
            writer.write(sent)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            answer = _answer(head, await _body(reader, head))
        except BaseException:
            writer.transport.abort()
            raise
        if re.search(r"(?i)\r\nconnection: close", head) or len(self._idle) >= _LINES:
            writer.close()
        else:
            self._idle.append((reader, writer))
        return answer

    async def _call(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(
            "127.0.0.1",
            self.port,
            ssl=self.context,
            server_hostname="localhost",
            local_addr=(self.source, 0),
            limit=256 * 1024,
        )


async def _body(reader: asyncio.StreamReader, head: str) -> bytes:
    if length := re.search(r"(?i)\r\ncontent-length: (\d+)", head):
        return await reader.readexactly(int(length[1]))
    if not re.search(r"(?i)\r\ntransfer-encoding: chunked", head):
        return b""
    parts = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        parts.append((await reader.readexactly(size + 2))[:-2])
    with suppress(asyncio.IncompleteReadError):
        await reader.readuntil(b"\r\n")
    return b"".join(parts)


def _answer(head: str, body: bytes) -> Answer:
    location = re.search(r"(?i)\r\nlocation: (\S+)", head)
    cookies = dict(re.findall(r"(?i)\r\nset-cookie: ([^=]+)=([^;\r]*)", head))
    return Answer(int(head.split(" ", 2)[1]), body, location[1] if location else "", cookies)
