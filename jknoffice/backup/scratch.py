"""A scratch server of the embedded binaries, into which a set is restored; nothing of it reaches the archive."""

import gzip
import os
import re
import shutil
import tarfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from pyrage.x25519 import Identity

from jknoffice.backup import boxes, wal
from jknoffice.backup.manifest import SetError
from jknoffice.embedded import launcher, places, running

LONGEST = 12 * 3600
"""Seconds that a replay may take."""
_START = re.compile(r"^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Scratch:
    """A server in `folder`, ours alone: made by `unpack()`, `fetch_wal()` and `start()`, gone by `remove()`."""

    folder: Path

    @property
    def home(self) -> Path:
        """Where its data, and the unpacked log, lie."""
        return places.home(self.folder).resolve()

    def unpack(self, file: Path, *, by: Identity) -> str:
        """Unpack a base back-up, and return the file of the log that it needs first. Raises BoxError and SetError."""
        self.folder.mkdir(parents=True)
        # PostgreSQL does not run as root, and its user has to pass.
        self.folder.chmod(0o711)
        home = places.make_home(self.folder, places.owner(self.folder))
        data = home / "data"
        data.mkdir(mode=0o700)
        # "*": packed, as it is written now, or not, as it was.
        with boxes.opened(file, by=by) as stream, tarfile.open(fileobj=stream, mode="r|*") as tar:
            tar.extractall(data, filter="data")
        if any((data / "pg_tblspc").iterdir()):
            raise SetError("The server has tablespaces, and those are not in the base back-up.")
        found = _START.search((data / "backup_label").read_text())
        if not found:
            raise SetError("The base back-up does not say where its log begins.")
        return found[1]

    def fetch_wal(self, archive: Path, *, since: str, by: Identity) -> tuple[int, list[str]]:
        """Decrypt what a replay from the file `since` on needs; return how many files, and which ones are missing.

        Missing is what stands between two files that are there: PostgreSQL would end there, and say nothing. They are
        named by the last 16 digits after a `*`, since nobody knows of which time line they were. Raises BoxError, and
        SetError when one does not hold what was archived.
        """
        target, found = self.home / "wal", list(_needed(archive / wal.FOLDER, since))
        target.mkdir(mode=0o700)
        for file in found:
            name = file.name.removesuffix(wal.SUFFIX)
            with boxes.opened(file, by=by) as stream, gzip.open(stream) as whole, (target / name).open("wb") as plain:
                shutil.copyfileobj(whole, plain, 1 << 20)
            wal.check(target / name, file.parent)
        numbers = sorted(
            {_number(name) for each in found if len(name := each.name.split(".")[0]) == 24} | {_number(since)}
        )
        missing = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
        return len(found), [f"*{each // 256:08X}{each % 256:08X}" for each in missing]

    def start(self, *, to: datetime | None) -> None:
        """Replay the log, to its end or to a moment, and begin a time line of its own.

        The configuration is ours: that of the server waits for a standby, archives, and may name what is not here.
        Raises EmbeddedError.
        """
        data = self.home / "data"
        recovery = ["restore_command = 'cp ../wal/%f %p'", "recovery_target_action = 'promote'", "archive_mode = off"]
        # Not hot: one that answers while it replays must be as large as the primary was.
        recovery += ["hot_standby = off", "recovery_target_timeline = 'latest'"]
        if to:
            recovery.append(f"recovery_target_time = '{to.isoformat()}'")
        (data / "postgresql.conf").write_text("\n".join([*recovery, ""]))
        (data / "postgresql.auto.conf").write_text("")
        (data / "pg_hba.conf").write_text("local all all trust\n")
        (data / "standby.signal").unlink(missing_ok=True)
        (data / "recovery.signal").touch()
        user = places.owner(self.folder)
        for path in (self.home / "wal", *(self.home / "wal").iterdir(), data, *data.rglob("*")):
            os.chown(path, user.uid, user.gid, follow_symlinks=False)
        launcher.start(self.folder, seconds=LONGEST)
        # It is up while it replays, and lets nobody in until that is done.
        end = time.monotonic() + LONGEST
        while not self._lets_in():
            if not running.postmaster(self.folder) or time.monotonic() > end:
                raise SetError(f"The log could not be replayed. {self._last_words()}")
            time.sleep(0.1)

    def _lets_in(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _last_words(self) -> str:
        lines = (self.home / "server.log").read_text(errors="replace").splitlines()
        return " ".join(line.split("FATAL:")[-1].strip() for line in lines if "FATAL:" in line)[-300:]

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """Return a connection of the superuser."""
        host = str(places.socket_folder(self.folder))
        return psycopg.connect(host=host, user=launcher.SUPERUSER, dbname=database, autocommit=True)

    def url(self, database: str) -> str:
        """Return its DATABASE_URL."""
        return f"postgres://{launcher.SUPERUSER}@/{database}?host={places.socket_folder(self.folder)}"

    def remove(self) -> None:
        """Stop it and delete all of it."""
        if self.folder.exists():
            launcher.remove(self.folder)
            shutil.rmtree(self.folder)


def _needed(folder: Path, since: str) -> Iterator[Path]:
    """Yield the archived files of the log from one on, of this and later time lines, and where those begin."""
    if not folder.is_dir():
        return
    for file in sorted(folder.glob(f"*{wal.SUFFIX}")):
        name = file.name.removesuffix(wal.SUFFIX)
        if name.endswith(".history") or (len(name) == 24 and name[:8] >= since[:8] and name[8:] >= since[8:]):
            yield file


def _number(name: str) -> int:
    """Return the number of a file of 16 MiB, whatever its time line."""
    return int(name[8:16], 16) * 256 + int(name[16:24], 16)


def unpack_tars(files: Sequence[Path], target: Path, *, by: Identity) -> None:
    """Unpack photos into a folder, a name that comes twice by the newest. Raises BoxError."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in files:
        with boxes.opened(file, by=by) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            tar.extractall(target, filter="data")
