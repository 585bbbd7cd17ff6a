"""The processes that decode photos: few, limited in memory and time, replaced when a picture kills one.

Each web process has its own, started by its first upload. They end when the web process does.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, cast

from django.conf import settings

from verification.documents import drawing
from verification.documents.drawing import Drawn, Undrawable

MEMORY = 768 * 1024 * 1024
"""Bytes of address space: a picture of 40 megapixels needs 160 MB once or twice, Python and Pillow the rest."""
AT_ONCE = 2
PATIENCE = 10.0
"""Seconds that an upload waits for its turn."""
PICTURES_EACH = 200
"""After so many pictures a helper is replaced, so that no leak grows."""


class Helper:
    """One process, and the pipe to it."""

    def __init__(self) -> None:
        limits = (settings.PHOTO_LONGEST_SIDE, settings.PHOTO_MAX_PIXELS, MEMORY)
        self.left = PICTURES_EACH
        # An empty environment: the keys of the product stand in ours.
        self.process = subprocess.Popen(  # noqa: S603  (our own file, numbers from our settings)
            [sys.executable, "-I", str(Path(drawing.__file__)), *map(str, limits)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
        )

    def draw(self, raw: bytes) -> Drawn:
        """Return what `drawing.draw()` makes of `raw`. Raises `Undrawable`, "too_much" also when the process died."""
        self.left -= 1
        stdin, stdout = cast("IO[bytes]", self.process.stdin), cast("IO[bytes]", self.process.stdout)
        guard = threading.Timer(settings.PHOTO_SECONDS, self.process.kill)
        guard.start()
        try:
            stdin.write(len(raw).to_bytes(4, "big") + raw)
            stdin.flush()
            told = json.loads(stdout.readline())
            jpeg = stdout.read(told["bytes"])
        except (OSError, ValueError) as error:
            self.left = 0
            raise Undrawable("too_much") from error
        finally:
            guard.cancel()
        if "refused" in told:
            raise Undrawable(told["refused"])
        return Drawn(jpeg, told["width"], told["height"], tuple(told["hints"]))

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.communicate()


class Helpers:
    """As many helpers as may decode at the same time."""

    def __init__(self, at_once: int) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._free: list[Helper] = []

    def draw(self, raw: bytes) -> Drawn:
        """Let a free helper draw. Raises `Undrawable`, "busy" when none becomes free in time."""
        if not self._turns.acquire(timeout=PATIENCE):
            raise Undrawable("busy")
        try:
            helper = self._free.pop() if self._free else Helper()
            try:
                return helper.draw(raw)
            finally:
                if helper.left > 0:
                    self._free.append(helper)
                else:
                    helper.close()
        finally:
            self._turns.release()

    def close(self) -> None:
        """End those that are free."""
        while self._free:
            self._free.pop().close()


_ours = Helpers(AT_ONCE)
atexit.register(lambda: _ours.close())


def draw(raw: bytes) -> Drawn:
    """Draw a picture in a helper of this process."""
    return _ours.draw(raw)


def _begin_anew() -> None:
    """In a forked child: the helpers belong to the parent, which may be using them."""
    global _ours
    _ours = Helpers(AT_ONCE)


os.register_at_fork(after_in_child=_begin_anew)
