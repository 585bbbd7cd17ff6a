"""What `pg_basebackup` is called with."""

from pathlib import Path

import pytest
from pyrage.x25519 import Recipient

from jknoffice.backup import manifest, photos, taking
from verification.documents import store

SECRET = "made@up/9"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program that notes its arguments and its password, and fails."""
    file = tmp_path / "pg_basebackup"
    file.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\necho "$PGPASSWORD" > {tmp_path}/password\nexit 1\n')
    file.chmod(0o700)
    return file


@pytest.mark.parametrize(
    "server",
    [
        "postgres://jkn_replication:made%40up%2F9@db:5432/",
        "host=db user=jkn_replication password=made@up/9",
        "postgres://jkn_replication@db:5432/?password=made%40up%2F9",
    ],
)
def test_the_password_stands_in_no_list_of_processes(
    server: str, program: Path, key: Recipient, tmp_path: Path
) -> None:
    with pytest.raises(manifest.SetError, match="pg_basebackup failed"):
        taking.take(to=tmp_path / "set", recipient=str(key), program=program, server=server)
    assert (tmp_path / "password").read_text().strip() == SECRET
    said = (tmp_path / "arguments").read_text()
    assert ("made" in said, "host=db" in said, "user=jkn_replication" in said) == (False, True, True)


def test_what_is_no_connection_string_is_not_quoted(program: Path, key: Recipient, tmp_path: Path) -> None:
    with pytest.raises(manifest.SetError, match="JKN_BACKUP_URL cannot be read") as refused:
        taking.take(to=tmp_path / "set", recipient=str(key), program=program, server=f"postgres://u:%zz{SECRET}@db/")
    assert "made" not in str(refused.value)


def test_a_run_whose_photos_fail_leaves_nothing_behind(
    key: Recipient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, to = tmp_path / "pg_basebackup", tmp_path / "set"
    program.write_text("#!/bin/sh\necho base\n")
    program.chmod(0o700)

    def away() -> list[str]:
        assert list((to / "base").iterdir())
        raise store.Away

    monkeypatch.setattr(photos, "names", away)
    with pytest.raises(store.Away):
        taking.take(to=to, recipient=str(key), program=program, server="host=db")
    assert not [file for file in to.rglob("*") if file.is_file()]
