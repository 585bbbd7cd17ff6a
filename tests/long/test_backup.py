"""Back-up and restore as the runbook says: an archiving server, encrypted files, a drill up to `verify_audit`."""

import gzip
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import psycopg
import pytest
from django.conf import settings

from jknoffice.backup import boxes, keys, wal
from jknoffice.embedded import launcher, places
from tests.audit.archiving import Server


class Backed(Server):
    """A server whose log goes to an encrypted archive in `set`, beside the keys."""

    @property
    def set(self) -> Path:
        return self.home / "set"

    @property
    def identity(self) -> Path:
        return self.var.parent / "identity"

    def take(self) -> str:
        done = self.manage("backup", "--to", str(self.set))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def drill(self, *words: str) -> tuple[int, dict[str, Any], str]:
        given = ("--from", str(self.set), "--identity", str(self.identity), "--format", "json", *words)
        done = self.manage("restore_drill", *given)
        return done.returncode, json.loads(done.stdout or "{}"), done.stderr


def python() -> str:
    """A Python for the server's user, who may not be able to enter root's."""
    own = Path(sys.executable).resolve()
    if all(folder.stat().st_mode & 0o001 for folder in (own, *own.parents)):
        return sys.executable
    packages = Path(psycopg.__file__).parents[1]
    return f"PYTHONPATH={packages} /usr/bin/python3.{sys.version_info.minor}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backed]:
    found = Backed(tmp_path_factory.mktemp("backed") / "var")
    recipient = keys.write(found.identity)
    (found.var.parent / "recipient").write_text(recipient)
    launcher.start(found.var)
    try:
        (found.home / "recipient").write_text(recipient)
        (found.home / "set").mkdir()
        found.give(found.home / "set")
        command = f"cd {settings.BASE_DIR} && {python()} -m jknoffice.backup.wal {found.home}/data/%p"
        command += f" --to {found.home}/set --recipient {found.home}/recipient"
        found.ask("ALTER SYSTEM SET archive_mode = on", f"ALTER SYSTEM SET archive_command = '{command}'")
        launcher.stop(found.var)
        launcher.start(found.var)
        found.environment = {"JKN_BACKUP_RECIPIENT": recipient}
        assert found.manage("demo", "--participants", "500").returncode == 0
        yield found
    finally:
        launcher.remove(found.var)


def archived(server: Backed) -> None:
    """Wait until what was written is in the archive."""
    server.ask("SELECT pg_switch_wal()", "CHECKPOINT")
    server.wait_for_archive()


def test_a_drill_restores_everything_and_the_log_verifies(server: Backed) -> None:
    # Given a back-up, what was written after it, and photos that came later
    assert "photos" in server.take()
    assert server.seal(new=7).returncode == 0
    archived(server)
    before = datetime.now(UTC)

    # When it is restored
    status, told, said = server.drill()

    # Then all of it is there, nothing of it is left behind, and nothing of it lies about in clear
    assert (status, told["wrong"]) == (0, []), said
    assert told["photos"].startswith("20 of 20")
    assert list(told["seconds"])[-1] == "verify_audit"
    assert datetime.fromisoformat(told["recovery point"]) < before
    assert not (server.var / "drill").exists()
    assert not any(b"PG_VERSION" in file.read_bytes()[:2000] for file in server.set.rglob("*.age"))

    # And a second run brings the new photos only
    assert ", 0 photos" in server.take()


def test_a_run_from_before_base_backups_were_packed_is_restored_too(server: Backed, tmp_path: Path) -> None:
    # Given a run as it was written then
    server.take()
    archived(server)
    file = max((server.set / "manifests").iterdir())
    told = json.loads(file.read_text())
    packed = server.set / told["base"]["file"]
    plain = packed.with_name(packed.name.replace(".gz", ""))
    recipient = boxes.recipient((server.var.parent / "recipient").read_text())
    with boxes.opened(packed, by=boxes.identity(server.identity)) as stream, gzip.open(stream) as whole:
        size, digest = boxes.write(cast(BinaryIO, whole), plain, to=recipient)
    boxes.keep(plain)
    packed.unlink()
    assert size > 3 * told["base"]["size"]
    told["base"] = {"file": f"base/{plain.name}", "size": size, "sha256": digest}
    file.write_text(json.dumps(told))

    # When it is restored, then all of it is there
    status, found, said = server.drill()
    assert (status, found["wrong"]) == (0, []), said


def test_a_moment_before_the_witnesses_is_restored_and_told(server: Backed) -> None:
    server.take()
    server.seal(new=1)
    moment = datetime.now(UTC)
    server.seal(new=5)
    archived(server)
    status, told, said = server.drill("--to-time", moment.isoformat())
    assert status == 1, said
    assert any("has seen" in each or "witness" in each for each in told["wrong"]), told
    assert datetime.fromisoformat(told["recovery point"]) <= moment


def test_what_is_lacking_or_altered_is_named(server: Backed, tmp_path: Path) -> None:
    server.take()
    for _time in range(3):
        server.seal(new=1)
        archived(server)
    middle = sorted((server.set / "wal").glob("?" * 24 + wal.SUFFIX))[-2]
    aside = middle.rename(tmp_path / middle.name)
    status, told, _said = server.drill()
    assert (status, f"*{middle.name[8:24]}" in told["wrong"][0]) == (1, True)
    aside.rename(middle)
    server.give(server.set)
    keys.write(tmp_path / "another")
    status, _told, said = server.drill("--identity", str(tmp_path / "another"))
    assert (status, "another key" in said) == (2, True)
    base = max((server.set / "base").iterdir())
    base.write_bytes(base.read_bytes()[:-1])
    status, _told, said = server.drill()
    assert (status, "its digest differs" in said) == (2, True)
    assert not places.home(server.var / "drill").exists()
