"""The processes that decode photos: what one picture does to its helper, the next does not feel."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import pictures
from verification.documents import drawing, helpers
from verification.documents.drawing import Undrawable
from verification.documents.helpers import Helpers

LARGE = (6000, 6000)


@pytest.fixture
def ours() -> Iterator[Helpers]:
    found = Helpers(2)
    yield found
    found.close()


def refused(ours: Helpers, raw: bytes) -> str:
    with pytest.raises(Undrawable) as refusal:
        ours.draw(raw)
    return str(refusal.value)


def only(ours: Helpers) -> helpers.Helper:
    (helper,) = ours._free
    return helper


def test_one_helper_draws_one_picture_after_the_other(ours: Helpers) -> None:
    first = ours.draw(pictures.photo())
    process = only(ours).process.pid
    assert ours.draw(pictures.photo()) == first
    assert refused(ours, b"\xff\xd8\xff nothing") == "not_a_photo"
    assert only(ours).process.pid == process


def test_a_picture_that_takes_too_long_kills_its_helper_and_nobody_else(ours: Helpers, settings: Any) -> None:
    slow = pictures.photo(kind="PNG", size=LARGE)
    settings.PHOTO_SECONDS = 0.02
    assert refused(ours, slow) == "too_much"
    assert not ours._free
    settings.PHOTO_SECONDS = 20
    assert ours.draw(pictures.photo()).width == 856


def test_a_picture_that_needs_too_much_memory_is_refused_and_the_next_is_drawn(
    ours: Helpers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helpers, "MEMORY", 160 * 1024 * 1024)
    assert refused(ours, pictures.photo(kind="PNG", size=LARGE)) == "too_much"
    assert ours.draw(pictures.photo()).width == 856


def test_a_helper_that_somebody_killed_is_replaced(ours: Helpers) -> None:
    ours.draw(pictures.photo())
    killed = only(ours).process
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert ours.draw(pictures.photo()).width == 856
    assert only(ours).process.pid != killed.pid


def test_a_helper_is_replaced_after_many_pictures(ours: Helpers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helpers, "PICTURES_EACH", 2)
    ours.draw(pictures.photo())
    first = only(ours).process
    ours.draw(pictures.photo())
    assert not ours._free
    assert first.returncode is not None


def test_who_waits_too_long_for_a_turn_is_asked_to_come_again(ours: Helpers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helpers, "PATIENCE", 0.01)
    for _ in range(2):
        ours._turns.acquire()
    assert refused(ours, pictures.photo()) == "busy"
    ours._turns.release()
    assert ours.draw(pictures.photo()).width == 856


def test_several_at_once_get_each_their_own_picture(ours: Helpers) -> None:
    widths: dict[int, int] = {}

    def draw(width: int) -> None:
        widths[width] = ours.draw(pictures.photo(size=(width, 500))).width

    threads = [threading.Thread(target=draw, args=(width,)) for width in range(600, 612)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert widths == {width: width for width in range(600, 612)}
    assert len(ours._free) <= 2


def test_a_forked_child_has_helpers_of_its_own(ours: Helpers, monkeypatch: pytest.MonkeyPatch) -> None:
    # Those of this process have drawn for other tests, and may be due to be replaced.
    monkeypatch.setattr(helpers, "_ours", ours)
    helpers.draw(pictures.photo())
    parents = {helper.process.pid for helper in helpers._ours._free}
    child = os.fork()
    if child == 0:  # as a worker of gunicorn
        status = 1
        try:
            helpers.draw(pictures.photo())
            status = int(bool(parents & {helper.process.pid for helper in helpers._ours._free}))
            helpers._ours.close()
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert helpers.draw(pictures.photo()).width == 856
    assert parents <= {helper.process.pid for helper in helpers._ours._free}


def test_a_helper_holds_no_key_and_can_write_no_file(ours: Helpers) -> None:
    ours.draw(pictures.photo())
    process = Path(f"/proc/{only(ours).process.pid}")
    assert process.joinpath("environ").read_bytes() == b""
    limits = process.joinpath("limits").read_text()
    assert f"Max address space         {helpers.MEMORY}" in limits
    assert "Max file size             0 " in limits


def test_a_helper_ends_when_its_web_process_does() -> None:
    script = [sys.executable, "-I", drawing.__file__, "2400", "40000000", str(helpers.MEMORY), "0"]
    assert subprocess.run(script, stdin=subprocess.DEVNULL, timeout=20, env={}).returncode == 0
