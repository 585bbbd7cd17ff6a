"""A restore that is tried: a set goes into a scratch server, up to a log that verifies and photos that open."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from pyrage.x25519 import Identity

from jknoffice.backup import manifest
from jknoffice.backup.manifest import Manifest, Piece, SetError
from jknoffice.backup.scratch import Scratch, unpack_tars


@dataclass(slots=True)
class Report:
    """What a drill found: seconds by step, the recovery point, and what did not fit."""

    seconds: dict[str, float] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """Restores the newest run of the set `source`, and the log in `archive`, into `scratch`.

    `database` is the name of ours in it, `to` the moment up to which the log is replayed, `sample` how many photos are
    opened.
    """

    source: Path
    archive: Path
    identity: Identity
    scratch: Scratch
    database: str
    to: datetime | None = None
    sample: int = 20
    progress: Callable[[str], None] = lambda _words: None

    def run(self) -> Report:
        """Do all of it, and leave the server running.

        Raises BoxError, SetError, ArchiveError or EmbeddedError when nothing could be restored; what was restored and
        does not fit stands in the report.
        """
        told = Report()
        runs = [each for each in manifest.read_all(self.source) if self.to is None or each.at <= self.to]
        if not runs:
            raise SetError("No back-up of the set is old enough for this moment.")
        newest = runs[-1]
        with self._step(told, "check digests"):
            self._check([newest.base, *(each.documents for each in runs if each.documents)])
        with self._step(told, "restore base"):
            since = self.scratch.unpack(self.source / newest.base.file, by=self.identity)
        with self._step(told, "decrypt log"):
            count, missing = self.scratch.fetch_wal(self.archive, since=since, by=self.identity)
        told.facts |= {"base of": newest.at.isoformat(), "files of the log": count}
        if missing:
            told.wrong.append(
                f"The archive lacks files of the log, and all after them is lost: {', '.join(missing[:5])}."
            )
        with self._step(told, "replay log"):
            self.scratch.start(to=self.to)
        told.facts["recovery point"] = self._recovery_point() or newest.at.isoformat()
        with self._step(told, "restore photos"):
            files = [self.source / each.documents.file for each in runs if each.documents]
            unpack_tars(files, self.scratch.folder / "documents", by=self.identity)
        self._look(told, newest)
        return told

    def _look(self, told: Report, newest: Manifest) -> None:
        """Let the product say whether what was restored is whole; `verify_audit` has the last word."""
        photos = ("check_documents", "--sample", str(self.sample), "--until", newest.at.isoformat())
        steps: Mapping[str, tuple[str, ...]] = {
            "migrations": ("migrate", "--check"),
            "reapply_shredding": ("reapply_shredding",),
            "photos": photos,
            "verify_audit": ("verify_audit", "--format", "json"),
        }
        for name, words in steps.items():
            with self._step(told, name):
                done = self._manage(*words)
            said = done.stdout.strip()
            if done.returncode:
                told.wrong.append(f"{name}: {_why(name, said) or done.stderr.strip()[-300:] or 'it failed'}")
            elif name == "verify_audit":
                told.facts["entries"] = json.loads(said)["entries"]
            elif said:
                told.facts[name] = said

    def _check(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            try:
                with (self.source / piece.file).open("rb") as source:
                    digest = hashlib.file_digest(source, "sha256").hexdigest()
            except FileNotFoundError:
                raise SetError(f"{piece.file} is missing.") from None
            if digest != piece.sha256:
                raise SetError(f"{piece.file} is not what was written: its digest differs.")

    def _recovery_point(self) -> str:
        with self.scratch.connect() as server:
            row = server.execute("SELECT pg_last_xact_replay_timestamp()").fetchone()
        found = row[0] if row else None
        return found.isoformat() if isinstance(found, datetime) else ""

    def _manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product on what was restored: its database, its photos, and the present witnesses."""
        elsewhere = {f"JKN_S3_{name}": "" for name in ("BUCKET", "ENDPOINT", "ACCESS_KEY", "SECRET_KEY")}
        here = {
            "DATABASE_URL": self.scratch.url(self.database),
            "JKN_REPLICA_URL": "",
            "JKN_VAR": str(self.scratch.folder),
            "JKN_SEAL_FOLDER": str(settings.JKN_SEAL_FOLDER),
            "JKN_SEAL_KEY_FILE": str(settings.JKN_SEAL_KEY_FILE),
        }
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(  # noqa: S603
            command,
            cwd=settings.BASE_DIR,
            env=os.environ | elsewhere | here,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def _step(self, told: Report, name: str) -> Iterator[None]:
        self.progress(name)
        begun = time.monotonic()
        yield
        told.seconds[name] = round(time.monotonic() - begun, 1)


def _why(name: str, said: str) -> str:
    """Return in a line what a command found wrong."""
    if name != "verify_audit":
        return said
    try:
        return "; ".join(str(each) for each in json.loads(said)["problems"][:3])
    except (ValueError, KeyError):
        return said[-300:]


def age(report: Report, *, now: datetime) -> timedelta:
    """Return how long before `now` the recovery point is."""
    return now - datetime.fromisoformat(str(report.facts["recovery point"]))
