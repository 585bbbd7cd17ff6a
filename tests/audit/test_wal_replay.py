"""The runbook's way A for real: a base back-up, an archive of the WAL, a lost server, and all of it back.

On a server of its own, by the commands that an operations engineer would type.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
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

    @property
    def home(self) -> Path:
        return places.home(self.var).resolve()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"JKN_VAR": str(self.var), "DJANGO_SETTINGS_MODULE": "jknoffice.settings"}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120, check=False
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


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "var")
    launcher.start(server.var)
    try:
        server.ask(
            "ALTER SYSTEM SET archive_mode = on",
            "ALTER SYSTEM SET archive_command = 'test ! -f ../archive/%f && cp %p ../archive/%f'",
        )
        launcher.stop(server.var)
        (server.home / "archive").mkdir()
        server.give(server.home / "archive")
        launcher.start(server.var)
        migrated = server.manage("migrate", "-v", "0")
        assert migrated.returncode == 0, migrated.stderr
        yield server
    finally:
        launcher.remove(server.var)


def test_a_base_back_up_alone_halts_the_sealer_and_the_wal_brings_everything_back(server: Server) -> None:
    # Given a base back-up, and entries that were sealed after it
    assert server.seal(new=5).returncode == 0
    server.back_up()
    assert server.seal(new=7).returncode == 0
    server.ask("SELECT pg_switch_wal()")

    # When only the base back-up is brought back
    server.restore(replay=False)

    # Then the sealer signs nothing, and says why
    halted = server.seal(new=1)
    assert halted.returncode == 1
    assert "has seen 12 entries" in halted.stderr + halted.stdout
    assert server.manage("verify_audit").returncode == 1

    # When the archive is replayed as well
    server.restore(replay=True)

    # Then nothing is lost, the log goes on, and it verifies
    assert server.seal(new=2).returncode == 0
    verified = server.manage("verify_audit", "--format", "json")
    assert verified.returncode == 0, verified.stdout
    assert '"sealed": 14' in verified.stdout
