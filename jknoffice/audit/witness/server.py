"""The witness over HTTP: POST /add-checkpoint and GET /checkpoint/<SHA-256 of the origin>."""

import base64
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from jknoffice.audit.sealing.merkle import Mismatch
from jknoffice.audit.sealing.note import NoteError
from jknoffice.audit.witness.memory import Conflict, Memory, Untrusted

LONGEST = 64 * 1024
LONGEST_PROOF = 63


class Malformed(ValueError):
    """The body is not what c2sp.org/tlog-witness prescribes."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A checkpoint as it is handed in: the size that the witness is thought to have, the proof, the note."""

    old: int
    proof: list[bytes]
    note: str

    @classmethod
    def parse(cls, body: bytes) -> "Submission":
        """Return what a body says: `old <size>`, lines of the proof, an empty line, the note. Raises `Malformed`."""
        try:
            head, gap, text = body.decode().partition("\n\n")
            first, *lines = head.split("\n")
            word, _space, size = first.partition(" ")
            if not gap or word != "old" or not (size.isascii() and size.isdigit()) or len(size) > 19:
                raise Malformed("not `old <size>`, proof, empty line, note")
            if len(lines) > LONGEST_PROOF:
                raise Malformed("the proof is longer than any can be")
            return cls(int(size), [base64.b64decode(line, validate=True) for line in lines], text)
        except ValueError as error:
            raise Malformed(str(error)) from error


class Witness(ThreadingHTTPServer):
    """Serves a `Memory` on host and port; port 0 takes a free one (`server_port` says which)."""

    daemon_threads = True

    def __init__(self, memory: Memory, *, host: str, port: int) -> None:
        self.memory = memory
        super().__init__((host, port), Handler)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Witness
    server_version = "jkn-witness"
    timeout = 10

    def do_GET(self) -> None:
        """Answer with the newest note of a log, or 404."""
        place = self.path.removeprefix("/checkpoint/")
        found = self.server.memory.newest(place) if place != self.path else None
        if found is None:
            self._answer(HTTPStatus.NOT_FOUND, "no such checkpoint\n")
        else:
            self._answer(HTTPStatus.OK, found)

    def do_POST(self) -> None:
        """Take a checkpoint: 200; 400 malformed; 403 unknown log or key; 409 with the size seen; 422 wrong proof."""
        if self.path != "/add-checkpoint":
            self._answer(HTTPStatus.NOT_FOUND, "POST goes to /add-checkpoint\n")
            return
        try:
            given = Submission.parse(self._body())
            self.server.memory.add(given.note, old=given.old, proof=given.proof)
        except (Malformed, NoteError) as error:
            self._answer(HTTPStatus.BAD_REQUEST, f"{error}\n")
        except Untrusted as error:
            self._answer(HTTPStatus.FORBIDDEN, f"{error}\n")
        except Conflict as error:
            self._answer(HTTPStatus.CONFLICT, f"{error.size}\n", "text/x.tlog.size")
        except Mismatch as error:
            self._answer(HTTPStatus.UNPROCESSABLE_ENTITY, f"{error}\n")
        else:
            self._answer(HTTPStatus.OK, "")

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or len(length) > 9 or int(length) > LONGEST:
            raise Malformed("the length of the body is missing or too large")
        return self.rfile.read(int(length))

    def _answer(self, status: HTTPStatus, text: str, kind: str = "text/plain; charset=utf-8") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
