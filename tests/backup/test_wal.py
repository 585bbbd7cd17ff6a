"""`archive_command`: encrypted, on the disk, once."""

import errno
import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from pyrage.x25519 import Recipient

from jknoffice.backup import boxes, wal

NAME = "000000010000000000000007"


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    file = tmp_path / "pg_wal" / NAME
    file.parent.mkdir()
    file.write_bytes(os.urandom(100_000))
    return file


def test_postgresql_calls_it_without_any_of_our_keys(segment: Path, recipient: Path, tmp_path: Path) -> None:
    given = [str(each) for each in (segment, "--to", tmp_path / "set", "--recipient", recipient)]
    command = [sys.executable, "-m", "jknoffice.backup.wal", *given]
    for _time in range(2):
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, env={"PATH": os.defpath}, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
    (file,) = (tmp_path / "set" / "wal").glob("*.age")
    with boxes.opened(file, by=boxes.identity(recipient.with_name("identity"))) as stream:
        assert gzip.decompress(stream.read()) == segment.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    segment.write_bytes(b"of another server")
    refused = subprocess.run(
        command, cwd=settings.BASE_DIR, env={"PATH": os.defpath}, capture_output=True, text=True, check=False
    )
    assert (refused.returncode, "other content" in refused.stderr) == (1, True)


def test_a_file_that_was_closed_early_takes_little_room(segment: Path, key: Recipient, tmp_path: Path) -> None:
    with segment.open("r+b") as file:
        file.truncate(16 << 20)
    assert wal.archive(segment, to=tmp_path, recipient=key)
    assert (tmp_path / "wal" / f"{NAME}.gz.age").stat().st_size < 200_000


def test_the_same_file_again_is_well_and_another_one_is_refused(segment: Path, key: Recipient, tmp_path: Path) -> None:
    assert wal.archive(segment, to=tmp_path, recipient=key)
    before = (tmp_path / "wal" / f"{NAME}.gz.age").read_bytes()
    assert not wal.archive(segment, to=tmp_path, recipient=key)
    segment.write_bytes(b"other")
    with pytest.raises(wal.ArchiveError, match="does another server write there"):
        wal.archive(segment, to=tmp_path, recipient=key)
    assert (tmp_path / "wal" / f"{NAME}.gz.age").read_bytes() == before


@pytest.mark.parametrize("beside", [f"{NAME}.00000028.backup", f"{NAME}.partial"])
def test_a_file_that_is_called_after_another_is_not_taken_for_it(
    beside: str, segment: Path, key: Recipient, tmp_path: Path
) -> None:
    other = segment.with_name(beside)
    other.write_bytes(b"where a base back-up began")
    for file in (segment, other):
        assert wal.archive(file, to=tmp_path, recipient=key)
    for file in (segment, other):
        assert not wal.archive(file, to=tmp_path, recipient=key)


def test_two_servers_at_one_archive_do_not_win_both(
    segment: Path, key: Recipient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other" / NAME
    other.parent.mkdir()
    other.write_bytes(b"other")
    write = boxes.write

    def meanwhile(*args: object, **options: object) -> object:
        monkeypatch.setattr(boxes, "write", write)
        assert wal.archive(other, to=tmp_path, recipient=key)
        return write(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(boxes, "write", meanwhile)
    with pytest.raises(wal.ArchiveError):
        wal.archive(segment, to=tmp_path, recipient=key)
    assert not [*(tmp_path / "wal").glob(".*")]


def test_an_archive_that_was_interrupted_begins_anew(
    segment: Path, key: Recipient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            wal.archive(segment, to=tmp_path, recipient=key)
    assert not [*(tmp_path / "wal").iterdir()]
    assert wal.archive(segment, to=tmp_path, recipient=key)


@pytest.mark.parametrize("name", ["base.tar", "00000001000000000000000g", "../000000010000000000000007x"])
def test_only_files_of_the_log_are_taken(name: str, key: Recipient, tmp_path: Path) -> None:
    with pytest.raises(wal.ArchiveError, match="no file of the log"):
        wal.archive(tmp_path / name, to=tmp_path, recipient=key)
