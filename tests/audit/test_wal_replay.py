"""The runbook's way A for real: a base back-up, an archive of the WAL, a lost server, and all of it back.

On a server of its own, by the commands that an operations engineer would type.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jknoffice.embedded import launcher
from tests.audit.archiving import Server


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
