"""A server of its own with an archive of its log, by the commands that an operations engineer would type."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.conf import settings

from jknoffice.embedded import binaries, launcher, places

ENTRIES = """
from django.db import transaction
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
with transaction.atomic():
    for number in range({count}):
        record("peserta.viewed", by=Actor.system("test"), after={{"n": number}})
"""


@dataclass
class Server:
    """A server with an archive, and the sealer beside it."""

    var: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return places.home(self.var).resolve()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        own = {"JKN_VAR": str(self.var), "DJANGO_SETTINGS_MODULE": "jknoffice.settings"}
        environment = os.environ | own | self.environment
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=600, check=False
        )

    def seal(self, *, new: int) -> subprocess.CompletedProcess[str]:
        written = self.manage("shell", "-v", "0", "-c", ENTRIES.format(count=new))
        assert written.returncode == 0, written.stderr
        return self.manage("seal_audit", "--everything")

    def ask(self, *statements: str) -> None:
        with psycopg.connect(
            host=str(launcher.start(self.var)), user=launcher.SUPERUSER, dbname=launcher.DATABASE, autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def wait_for_archive(self) -> None:
        """Wait until the last file of the log that is full is in the archive."""
        with psycopg.connect(
            host=str(launcher.start(self.var)), user=launcher.SUPERUSER, dbname=launcher.DATABASE, autocommit=True
        ) as connection:
            for _time in range(300):
                row = connection.execute(
                    "SELECT last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 16777216)"
                    " OR last_archived_wal IS NULL, failed_count FROM pg_stat_archiver"
                ).fetchone()
                if row and row[0]:
                    return
                time.sleep(0.1)
        raise AssertionError(f"not archived: {row}")

    def give(self, folder: Path) -> None:
        """Let the server's user have a folder."""
        user = places.owner(self.var)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.uid, user.gid)

    def back_up(self) -> None:
        program = binaries.for_server(self.home) / "pg_basebackup"
        target = ("-h", str(places.socket_folder(self.var)), "-U", launcher.SUPERUSER, "-D", str(self.home / "backup"))
        subprocess.run([program, *target, "--checkpoint=fast", "--wal-method=none"], check=True, timeout=120)

    def restore(self, *, replay: bool) -> None:
        """Put the base back-up in the place of what is there; without the archive it ends where it was taken."""
        launcher.stop(self.var)
        shutil.rmtree(self.home / "data")
        shutil.copytree(self.home / "backup", self.home / "data")
        own = self.home / "data" / "postgresql.auto.conf"
        # Of the time line that was backed up: a restore that went on has begun another one in the archive.
        recovery = ["restore_command = 'cp ../archive/%f %p'", "recovery_target_timeline = 'current'"]
        if not replay:
            recovery += ["recovery_target = 'immediate'", "recovery_target_action = 'promote'"]
        own.write_text("\n".join([own.read_text(), *recovery, ""]))
        (self.home / "data" / "recovery.signal").touch()
        (self.home / "data").chmod(0o700)
        self.give(self.home / "data")
        launcher.start(self.var)
