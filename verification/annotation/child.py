"""The reader's process: it holds no key and no database, and is killed when a photo takes too long or too much."""

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, BinaryIO, cast

from django.conf import settings

from verification.reading.result import Reading

MEMORY = 3 * 1024**3
"""Bytes of address space; the models use about 650 MB of it in earnest."""
PHOTOS_EACH = 500
"""After so many photos the process is replaced, so that no leak grows."""


class NotRead(Exception):
    """There is no reading; the only argument says why: `late`, `crashed` or `no_picture`."""


class Reader:
    """One process with the models loaded, started by its first photo. One photo at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._left = 0

    def read(self, jpeg: bytes) -> Reading:
        """Return what a photo says. Raises `NotRead`."""
        with self._lock:
            process = self._ready()
            self._left -= 1
            late = threading.Event()
            guard = threading.Timer(settings.READING_SECONDS, _stop, [process, late])
            guard.start()
            try:
                told = _asked(process, jpeg)
            except (OSError, ValueError) as error:
                self.close()
                raise NotRead("late" if late.is_set() else "crashed") from error
            finally:
                guard.cancel()
        if "failure" in told:
            raise NotRead(told["failure"])
        return Reading.from_json(told)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _ready(self) -> "subprocess.Popen[bytes]":
        if self._left <= 0:
            self.close()
        if self._process is None:
            self._left = PHOTOS_EACH
            # An environment without our keys.
            self._process = subprocess.Popen(  # noqa: S603  (this very module)
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", ""), "OMP_NUM_THREADS": "1"},
                cwd=settings.BASE_DIR,
            )
        return self._process


def _stop(process: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    process.kill()


def _asked(process: "subprocess.Popen[bytes]", jpeg: bytes) -> dict[str, str]:
    stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    stdin.write(len(jpeg).to_bytes(4, "big") + jpeg)
    stdin.flush()
    told: dict[str, str] = json.loads(stdout.readline())
    return told


def serve(given: BinaryIO, answers: BinaryIO) -> None:
    """Answer one photo after the other, until there are no more: four bytes of length and the photo; a line of JSON."""
    from verification.reading import read

    trim = _trimming()
    while head := given.read(4):
        try:
            told = read(given.read(int.from_bytes(head, "big"))).as_json()
        except ValueError:
            told = {"failure": "no_picture"}
        trim(0)
        answers.write(json.dumps(told).encode() + b"\n")
        answers.flush()


def _trimming() -> Callable[[int], int]:
    """Return malloc_trim(3) of glibc, or nothing to do where another library is in its place.

    Pictures and the models' tensors are of many sizes, so that glibc keeps ever more free memory between what is in
    use. Measured: 200 MiB after each photo and no growth, in place of 460 that grew to 532.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim or (lambda _keep: 0)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(sys.stdin.buffer, sys.stdout.buffer)
