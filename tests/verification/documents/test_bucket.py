"""What can go wrong with a bucket, by a server that does just that; tests/long has the same against a real one."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from jknoffice.condition import measures
from jknoffice.condition.findings import _places
from verification.documents import bucket, store
from verification.documents.bucket import Bucket

pytestmark = pytest.mark.enable_socket

ERROR = "<?xml version='1.0'?><Error><Code>{}</Code><Message>why</Message></Error>"


class Liar(BaseHTTPRequestHandler):
    """An S3 server that has one answer for everything: `status` and `code`; status 0 is silence."""

    protocol_version = "HTTP/1.1"  # the older one knows no "100 Continue", for which the client waits a second
    status, code = 200, ""
    patience = threading.Event()

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.status:
            self.patience.wait(5)
            return
        self.send_response(self.status)
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write((ERROR.format(self.code) if self.status != 200 else "<ListBucketResult/>").encode())

    do_PUT = do_HEAD = do_DELETE = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def liar(settings: Any) -> Iterator[type[Liar]]:
    """The server, which is the storage of photos as well."""

    class Handler(Liar):
        patience = threading.Event()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    settings.STORAGES = {**settings.STORAGES, "documents": at(server.server_port)}
    yield Handler
    Handler.patience.set()
    server.shutdown()
    server.server_close()


def at(port: int) -> dict[str, Any]:
    options = {"endpoint": f"http://127.0.0.1:{port}", "access_key": "jkn", "secret_key": "made-up-secret"}
    return {"BACKEND": "verification.documents.bucket.Bucket", "OPTIONS": {**options, "bucket": "b", "region": "r"}}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "TRIES", 1)


FAULTS = [
    (403, "AccessDenied", "refuses our keys"),
    (404, "NoSuchBucket", "has no bucket of this name"),
    (500, "InternalError", "fault of its own"),
    (0, "", "does not answer"),
]


def test_a_fault_is_told_in_plain_words_without_address_or_key(
    liar: type[Liar], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for liar.status, liar.code, said in FAULTS:
        monkeypatch.setattr(bucket, "ANSWER_SECONDS", 5 if liar.status else 0.2)
        trouble = measures.storage_trouble()
        assert said in trouble
        assert "127.0.0.1" not in trouble
        with pytest.raises(store.Away):
            store.put("a", b"x")
        if liar.status != 404:
            with pytest.raises(store.StorageFault):
                store.delete(["a"])
    assert not measures.storage_is_public()
    assert "made-up-secret" not in caplog.text


def test_a_server_that_is_gone_is_one_that_does_not_answer(settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.STORAGES = {**settings.STORAGES, "documents": at(free.getsockname()[1])}
        assert "does not answer" in measures.storage_trouble()


def test_an_object_that_is_missing_is_told_from_a_bucket_that_is(liar: type[Liar]) -> None:
    liar.status, liar.code = 404, "NoSuchKey"
    with pytest.raises(FileNotFoundError):
        store.get("a")


def test_no_photo_has_an_address() -> None:
    with pytest.raises(NotImplementedError, match="application only"):
        Bucket(**at(1)["OPTIONS"]).url("a")


def test_a_bucket_that_anybody_can_list_is_named(liar: type[Liar]) -> None:
    assert measures.storage_is_public()
    assert "storage_public" in {finding.code for finding in _places()}
