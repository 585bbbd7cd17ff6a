"""Asking clamd: whatever is not plainly clean is not kept."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests import pictures
from verification.documents import antivirus
from verification.documents.pictures import PictureRefused, read

Answer = Callable[[socket.socket], None]


class Clamd:
    """As much of clamd as INSTREAM needs, at any socket; `seen` has what was sent for scanning."""

    def __init__(self, door: socket.socket) -> None:
        self.seen: list[bytes] = []
        self.answer: bytes | None = b"stream: OK\0"
        self._door = door
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                caller, _address = self._door.accept()
                with caller, suppress(OSError):
                    self._hear(caller)

    def _hear(self, caller: socket.socket) -> None:
        file = caller.makefile("rb")
        assert file.read(10) == b"zINSTREAM\0"
        if self.answer is None:
            return
        heard = b""
        while length := int.from_bytes(file.read(4), "big"):
            heard += file.read(length)
        self.seen.append(heard)
        caller.sendall(self.answer)


@pytest.fixture
def clamd(tmp_path: Path, settings: Any) -> Iterator[Clamd]:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "clamd"))
        door.listen()
        settings.CLAMD = f"unix:{tmp_path / 'clamd'}"
        yield Clamd(door)


def reason() -> str:
    with pytest.raises(PictureRefused) as refusal:
        read(pictures.upload())
    return refusal.value.reason


def test_what_is_clean_is_kept_and_was_seen_whole(clamd: Clamd) -> None:
    large = pictures.photo() + bytes(200_000)
    assert read(pictures.upload(large)).width == 856
    assert clamd.seen == [large]


def test_what_is_found_is_refused_as_harmful(clamd: Clamd) -> None:
    clamd.answer = b"stream: Win.Test.EICAR_HDB-1 FOUND\0"
    assert reason() == "harmful"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"stream: OK and something else\0",
        b"OK\0",
        b"stream: INSTREAM size limit exceeded. ERROR\0",
        b"x" * 10_000,
        None,
    ],
)
def test_an_answer_that_is_none_counts_as_not_clean(clamd: Clamd, answer: bytes | None) -> None:
    clamd.answer = answer
    assert reason() == "unchecked"


def test_a_scanner_that_is_absent_lets_nothing_through(tmp_path: Path, settings: Any) -> None:
    settings.CLAMD = f"unix:{tmp_path / 'nobody'}"
    assert reason() == "unchecked"


def test_a_scanner_that_is_silent_lets_nothing_through(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    monkeypatch.setattr(antivirus, "SECONDS", 0.05)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent"))
        silent.listen()
        settings.CLAMD = f"unix:{tmp_path / 'silent'}"
        assert reason() == "unchecked"


@pytest.mark.enable_socket
@pytest.mark.parametrize("where", ["127.0.0.1:1", "127.0.0.1", "nonsense:port", "unix:"])
def test_a_scanner_that_is_not_where_it_should_be_lets_nothing_through(where: str, settings: Any) -> None:
    settings.CLAMD = where
    assert reason() == "unchecked"


@pytest.mark.enable_socket
def test_a_scanner_may_stand_on_a_port(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        settings.CLAMD = f"127.0.0.1:{door.getsockname()[1]}"
        Clamd(door)
        assert read(pictures.upload()).width == 856


def test_without_a_scanner_nobody_is_asked() -> None:
    antivirus.demand_clean(b"anything")
