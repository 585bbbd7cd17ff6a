"""The processes that decode photos: few, limited in memory and time, replaced when a picture kills one.

Each web process has its own, started by its first upload within a fifth of a second. They end when the web process
does, because their input ends.
"""

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from django.conf import settings

from verification.documents import drawing
from verification.documents.drawing import Drawn, Undrawable
from verification.documents.weight import is_heavy, pixels_said

MEMORY = 768 * 1024 * 1024
"""Bytes of address space: a picture of 40 megapixels needs 160 MB once or twice, Python and Pillow the rest."""
AT_ONCE = 2
PATIENCE = 10.0
"""Seconds that an upload waits for its turn."""
NICE = 10
"""By how much (nice(2)) heavy pictures stand back behind everything else."""
PICTURES_EACH = 200
"""After so many pictures a helper is replaced, so that no leak grows."""


class Helper:
    """One process, and the pipe to it."""

    def __init__(self, niceness: int) -> None:
        limits = (settings.PHOTO_LONGEST_SIDE, settings.PHOTO_MAX_PIXELS, MEMORY, niceness)
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
        guard = threading.Timer(settings.PHOTO_SECONDS, self._stop)
        guard.start()
        try:
            stdin.write(len(raw).to_bytes(4, "big") + raw)
            stdin.flush()
            told = json.loads(stdout.readline())
            jpeg = stdout.read(told["bytes"])
        except (OSError, ValueError) as error:
            self._stop()
            raise Undrawable("too_much") from error
        finally:
            guard.cancel()
            # The guard may have struck just after the answer: then this helper is not to be used again.
            guard.join()
        if "refused" in told:
            raise Undrawable(told["refused"])
        return Drawn(jpeg, told["width"], told["height"], tuple(told["hints"]))

    @property
    def usable(self) -> bool:
        """Whether another picture may be given to it."""
        return self.left > 0 and self.process.poll() is None

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.forget()
        self.process.wait()

    def forget(self) -> None:
        """Let go of the pipes, without touching the process."""
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                cast("IO[bytes]", pipe).close()

    def _stop(self) -> None:
        self.left = 0
        self.process.kill()


class Helpers:
    """As many helpers as may decode at the same time."""

    def __init__(self, at_once: int, *, niceness: int = 0) -> None:
        self._niceness = niceness
        self._turns = threading.BoundedSemaphore(at_once)
        self._free: list[Helper] = []

    def draw(self, raw: bytes) -> Drawn:
        """Let a free helper draw. Raises `Undrawable`, "busy" when none becomes free in time."""
        if not self._turns.acquire(timeout=PATIENCE):
            raise Undrawable("busy")
        try:
            helper = self._take()
            try:
                return helper.draw(raw)
            finally:
                if helper.usable:
                    self._free.append(helper)
                else:
                    helper.close()
        finally:
            self._turns.release()

    def _take(self) -> Helper:
        """Return a helper that is free and alive, a new one where there is none."""
        while self._free:
            helper = self._free.pop()
            if helper.usable:
                return helper
            helper.close()
        return Helper(self._niceness)

    def leave_to_parent(self) -> None:
        """In a forked child: let go of helpers that the parent goes on using."""
        for helper in self._free:
            helper.forget()
            helper.process.returncode = 0  # so that nobody here waits for a process that is not our child

    def close(self) -> None:
        """End those that are free."""
        while self._free:
            self._free.pop().close()


_ours = Helpers(AT_ONCE)
_heavy = Helpers(1, niceness=NICE)
"""For pictures that are much work: honest ones of usual size never wait behind them."""


@atexit.register
def _close() -> None:
    _ours.close()
    _heavy.close()


def draw(raw: bytes) -> Drawn:
    """Draw a picture in a helper of this process.

    What says itself that it has too many pixels does not take the turn of one that can be drawn.
    """
    if pixels_said(raw) > settings.PHOTO_MAX_PIXELS:
        raise Undrawable("too_many_pixels")
    return (_heavy if is_heavy(raw) else _ours).draw(raw)


def _begin_anew() -> None:
    """In a forked child: the helpers belong to the parent, which may be using them."""
    global _ours, _heavy
    _ours.leave_to_parent()
    _heavy.leave_to_parent()
    _ours, _heavy = Helpers(AT_ONCE), Helpers(1, niceness=NICE)


os.register_at_fork(after_in_child=_begin_anew)
