"""A small SMPP server of our own on a local port, as rude as it is told to be. It knows nothing of smpplib."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, NamedTuple

from verification.sms import gsm

BIND, SUBMIT, DELIVER, UNBIND, ENQUIRE = 0x09, 0x04, 0x05, 0x06, 0x15
ANSWER, NACK = 0x8000_0000, 0x8000_0000


class Packet(NamedTuple):
    """One packet as it came in."""

    command: int
    status: int
    number: int
    body: bytes


class Submitted(NamedTuple):
    """The fields of a `submit_sm`."""

    sender: tuple[int, int, str]
    to: tuple[int, int, str]
    coding: int
    receipt: int
    octets: bytes
    payload: bytes

    @property
    def text(self) -> str:
        """What it says; of the GSM alphabet only the signs of one place."""
        octets = self.octets or self.payload
        return octets.decode("utf-16-be") if self.coding == 8 else "".join(gsm.DEFAULT[each] for each in octets)


Behaviour = Callable[["Conversation", Packet], None]


class Conversation:
    """One connection."""

    def __init__(self, server: "Smsc", connection: socket.socket) -> None:
        self.server, self.number = server, 0
        self.connection: Any = connection

    def run(self) -> None:
        """Answer until the other side hangs up."""
        with suppress(OSError), ExitStack() as closed:
            closed.callback(lambda: self.connection.close())
            if self.server.context:
                made_safe = self.server.context.wrap_socket
                self.connection = made_safe(self.connection, server_side=True, do_handshake_on_connect=False)
                self.connection.do_handshake()
            while packet := self.read():
                self.server.heard.append(packet)
                if packet.command == BIND:
                    self.server.on_bind(self, packet)
                elif packet.command == SUBMIT:
                    self.server.taken.append(submitted(packet.body))
                    self.server.on_submit(self, packet)
                elif packet.command == ENQUIRE:
                    self.server.on_enquire(self, packet)
                elif packet.command == UNBIND:
                    self.answer(packet)
                    return

    def read(self) -> Packet | None:
        """Return the next packet; None when the other side hung up."""
        head = self._exactly(16)
        if len(head) < 16:
            return None
        length, command, status, number = struct.unpack(">LLLL", head)
        return Packet(command, status, number, self._exactly(length - 16))

    def answer(self, packet: Packet, body: bytes = b"", *, status: int = 0) -> None:
        """Answer a packet of the other side."""
        self.send(made(packet.command | ANSWER, body, status=status, number=packet.number))

    def ask(self, command: int, body: bytes = b"") -> int:
        """Send a request of our own; return its number."""
        self.number += 1
        self.send(made(command, body, number=self.number))
        return self.number

    def send(self, octets: bytes) -> None:
        """Send these bytes as they stand."""
        self.connection.sendall(octets)

    def hang_up(self) -> None:
        """Cut the line."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _exactly(self, length: int) -> bytes:
        found = b""
        while len(found) < length and (more := self.connection.recv(length - len(found))):
            found += more
        return found


class Smsc:
    """The server: `heard` holds each packet, `taken` each message, `lines` each connection, oldest first."""

    def __init__(
        self, on_submit: Behaviour, on_bind: Behaviour, context: ssl.SSLContext | None, *, port: int = 0
    ) -> None:
        self.on_submit, self.on_bind, self.context = on_submit, on_bind, context
        self.on_enquire: Behaviour = answering()
        self.heard: list[Packet] = []
        self.taken: list[Submitted] = []
        self.lines: list[Conversation] = []
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port: int = self.socket.getsockname()[1]

    def serve(self) -> None:
        """Take connections until the socket is closed."""
        with suppress(OSError):
            while True:
                self.lines.append(Conversation(self, self.socket.accept()[0]))
                threading.Thread(target=self.lines[-1].run, daemon=True).start()

    def wait_for(self, command: int, *, times: int = 1, seconds: float = 5) -> list[Packet]:
        """Return the packets of this command once so many have come."""
        end = time.monotonic() + seconds
        while len(found := [packet for packet in self.heard if packet.command == command]) < times:
            assert time.monotonic() < end, f"{command:#x} did not come: {self.heard}"
            time.sleep(0.005)
        return found


@contextmanager
def running(
    on_submit: Behaviour, *, on_bind: Behaviour | None = None, context: ssl.SSLContext | None = None
) -> Iterator[Smsc]:
    """Serve until the end of the block."""
    server = Smsc(on_submit, on_bind or answering(b"smsc\0"), context)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            server.socket.shutdown(socket.SHUT_RDWR)
        server.socket.close()
        for line in server.lines:
            line.hang_up()
        thread.join()


def made(command: int, body: bytes = b"", *, status: int = 0, number: int = 0) -> bytes:
    """Return a packet."""
    return struct.pack(">LLLL", 16 + len(body), command, status, number) + body


def answering(body: bytes = b"", *, status: int = 0) -> Behaviour:
    """Always the same answer."""
    return lambda line, packet: line.answer(packet, body, status=status)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Behave in one way after the other."""
    waiting = list(behaviours)
    return lambda line, packet: waiting.pop(0)(line, packet)


def silent(line: Conversation, packet: Packet) -> None:
    """Say nothing."""


def sending(octets: bytes) -> Behaviour:
    """Send these bytes, then nothing more."""
    return lambda line, _packet: line.send(octets)


def hanging_up(line: Conversation, packet: Packet) -> None:
    """Cut the line without an answer."""
    line.hang_up()


def cut_in_the_middle(line: Conversation, packet: Packet) -> None:
    """Begin an answer and cut the line."""
    line.send(made(SUBMIT | ANSWER, b"abc\0", number=packet.number)[:18])
    line.hang_up()


def receipt(text: bytes, *, options: bytes = b"", esm_class: int = 4) -> bytes:
    """Return the body of a `deliver_sm`."""
    numbers = b"\1\1" + b"6281211112222\0" + b"\5\0" + b"BPJSKes\0"
    return b"\0" + numbers + bytes([esm_class, 0, 0, 0, 0, 0, 0, 0, 0, len(text)]) + text + options


def option(tag: int, value: bytes) -> bytes:
    """Return an optional parameter."""
    return struct.pack(">HH", tag, len(value)) + value


def submitted(body: bytes) -> Submitted:
    """Read the body of a `submit_sm` (SMPP 3.4, 4.4.1)."""
    _service, rest = _string(body)
    sender, rest = _address(rest)
    to, rest = _address(rest)
    rest = rest[3:]
    _at, rest = _string(rest)
    _until, rest = _string(rest)
    receipt_, _replace, coding, _default, length = rest[:5]
    octets, options = rest[5 : 5 + length], rest[5 + length :]
    payload = options[4:] if options[:2] == b"\x04\x24" else b""
    return Submitted(sender, to, coding, receipt_, octets, payload)


def _string(body: bytes) -> tuple[str, bytes]:
    text, _, rest = body.partition(b"\0")
    return text.decode(), rest


def _address(body: bytes) -> tuple[tuple[int, int, str], bytes]:
    address, rest = _string(body[2:])
    return (body[0], body[1], address), rest
