"""A made-up SMS gateway: takes every message, and keeps each as a line of JSON. `python -m … PORT FILE`."""

import json
import sys
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock


class Gateway(BaseHTTPRequestHandler):
    """Answers `POST /` with `{"id": …}`."""

    file: Path
    lock = Lock()

    def do_POST(self) -> None:
        """Keep the message, then say that it was taken."""
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.lock, self.file.open("a") as file:
            file.write(json.dumps(message) + "\n")
        body = json.dumps({"id": uuid.uuid4().hex}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing: numbers and codes are in it."""


if __name__ == "__main__":
    Gateway.file = Path(sys.argv[2])
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Gateway).serve_forever()
