"""`python -m jknoffice.backup.receive --to DIR --spool DIR`: the log, streamed into the archive, without our keys.

For where PostgreSQL cannot run `wal` as its `archive_command` (its image has no Python), or the archive is on another
machine. `pg_receivewal` follows the server that takes changes, also after a promotion; its replication slot lets the
server keep what was not received yet. A file of the log lies in `--spool` in clear, as it does in the server's data,
until it is full: it is then encrypted into the archive, exactly as `wal` does it.

The environment says from where (`JKN_BACKUP_URL`: a role that may replicate) and to which key (`JKN_BACKUP_RECIPIENT`,
age1…). Ends at SIGTERM with exit status 0; with 1 and a sentence where a person is needed; what is away is tried again.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from pyrage.x25519 import Recipient

from jknoffice.backup import boxes, wal
from jknoffice.backup.manifest import SetError
from jknoffice.backup.server import called
from jknoffice.embedded import binaries, places

SLOT = "archive"
FULL = re.compile(r"[0-9A-F]{24}")
HALF = ".partial"
SEGMENT_BYTES = 16 << 20
LOOK_AGAIN = 1.0
"""Seconds between two looks for files that are full."""
STILL_THERE = {"connect_timeout": "10", "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3"}
"""A server that a network has lost is noticed after 25 s; the system's own settings would take two hours."""
TRY_AGAIN = 5.0
"""Seconds before a server, or an archive, that was away is asked again."""


class Spool:
    """The folder in which `pg_receivewal` writes, and what of it is in the archive already."""

    def __init__(self, folder: Path, *, to: Path, recipient: Recipient) -> None:
        self.folder, self.to, self.recipient = folder, to, recipient
        self._archived: set[str] = set()

    def clear(self) -> int:
        """Encrypt what is full into the archive, delete it here, and return how many files were new there.

        The last full file stays: by it `pg_receivewal` knows where to go on. What is half and older is of a time line
        that has ended: the next one has its content. Raises ArchiveError and OSError.
        """
        here = sorted(file for file in self.folder.iterdir() if wal.NAME.fullmatch(file.name))
        last = max((file.name for file in here if FULL.fullmatch(file.name)), default="")
        new = 0
        for file in here:
            if file.suffix != HALF and file.name not in self._archived:
                new += wal.archive(file, to=self.to, recipient=self.recipient)
                self._archived.add(file.name)
            if file.name != last and (file.suffix != HALF or file.name < last):
                file.unlink()
                self._archived.discard(file.name)
        return new

    def forget_misfits(self) -> None:
        """Delete halves of a size that `pg_receivewal` refuses to go on with, as a full disk leaves them.

        Their log is received again. To be called while none writes.
        """
        for file in self.folder.glob(f"*{HALF}"):
            if file.stat().st_size not in {0, SEGMENT_BYTES}:
                file.unlink()


def receive(
    spool: Spool,
    *,
    program: Path,
    server: str,
    over: threading.Event,
    say: Callable[[str], object],
) -> None:
    """Follow `server` (a connection string) by `program`, `pg_receivewal`, until `over` is set.

    Raises ArchiveError when a person has to look: the archive holds a file of this name with other content. Raises
    SetError when `server` cannot be read.
    """
    target, environment = called(server, otherwise=STILL_THERE)
    common = [str(program), "--no-password", "--slot", SLOT, "-d", target]
    while not over.is_set():
        spool.forget_misfits()
        # While the archive cannot be written to nothing is received: the log waits on the server, and `doctor` says so.
        # After a promotion the slot is not there: it belongs to a server, not to the data.
        if _cleared(spool, say) and not _run([*common, "--create-slot", "--if-not-exists"], environment):
            _follow(spool, [*common, "-D", str(spool.folder), "--no-loop"], environment, over, say)
        over.wait(TRY_AGAIN)


def _follow(
    spool: Spool,
    command: list[str],
    environment: Mapping[str, str],
    over: threading.Event,
    say: Callable[[str], object],
) -> None:
    """Let `pg_receivewal` write, and clear what is full, until it ends, is told to, or the archive takes no more."""
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL) as process:  # noqa: S603 - ours
        try:
            while process.poll() is None and not over.wait(LOOK_AGAIN) and _cleared(spool, say):
                pass
        finally:
            process.terminate()


def _run(command: list[str], environment: Mapping[str, str]) -> int:
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode  # noqa: S603 - ours


def _cleared(spool: Spool, say: Callable[[str], object]) -> bool:
    try:
        spool.clear()
    except OSError as error:
        say(f"The archive cannot be written to ({error.strerror}): the log waits on the server, until it can.")
        return False
    return True


def main(arguments: list[str]) -> int:
    """Do what the command line says until SIGTERM; return 0, or 1 with a sentence on standard error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, required=True, help="the archive (`restore_drill --wal`)")
    parser.add_argument("--spool", type=Path, required=True, help="a folder of its own, kept over restarts")
    given = parser.parse_args(arguments)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: over.set())
    programs = os.environ.get("JKN_PG_PROGRAMS")
    try:
        server = os.environ.get("JKN_BACKUP_URL", "")
        if not server:
            raise wal.ArchiveError("Set JKN_BACKUP_URL: postgres://jkn_replication:password@host:port/postgres.")
        given.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        receive(
            Spool(given.spool, to=given.to, recipient=boxes.recipient(os.environ.get("JKN_BACKUP_RECIPIENT", ""))),
            program=(Path(programs) if programs else binaries.folder()) / "pg_receivewal",
            server=server,
            over=over,
            say=lambda words: sys.stderr.write(f"{words}\n"),
        )
    except (wal.ArchiveError, boxes.BoxError, SetError, places.EmbeddedError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
