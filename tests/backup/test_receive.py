"""The log that is streamed: what is full goes to the archive, and what is needed to go on stays."""

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pyrage.x25519 import Recipient

from jknoffice.backup import boxes, receive, wal
from jknoffice.condition import measures

FIRST, SECOND, THIRD = (f"00000001000000000000000{number}" for number in (7, 8, 9))
NEXT_LINE = "000000020000000000000009"


@pytest.fixture
def spool(tmp_path: Path, key: Recipient) -> receive.Spool:
    folder = tmp_path / "spool"
    folder.mkdir()
    return receive.Spool(folder, to=tmp_path / "set", recipient=key)


def put(spool: receive.Spool, *names: str) -> None:
    for name in names:
        (spool.folder / name).write_bytes(name.encode())


def left(spool: receive.Spool) -> list[str]:
    return sorted(file.name for file in spool.folder.iterdir())


def archived(spool: receive.Spool) -> list[str]:
    return sorted(file.name.removesuffix(wal.SUFFIX) for file in (spool.to / wal.FOLDER).glob(f"*{wal.SUFFIX}"))


def test_the_slot_that_is_watched_is_the_one_that_is_used() -> None:
    assert measures.ARCHIVE_SLOT == receive.SLOT


def test_what_is_full_is_archived_and_the_last_of_it_stays(spool: receive.Spool) -> None:
    put(spool, FIRST, SECOND, f"{THIRD}.partial")
    assert spool.clear() == 2
    assert archived(spool) == [FIRST, SECOND]
    assert left(spool) == [SECOND, f"{THIRD}.partial"]
    assert spool.clear() == 0


def test_after_a_restart_nothing_is_archived_twice(spool: receive.Spool) -> None:
    put(spool, FIRST, SECOND)
    spool.clear()
    again = receive.Spool(spool.folder, to=spool.to, recipient=spool.recipient)
    put(spool, FIRST)  # as if it had died between the archive and the deletion
    assert again.clear() == 0
    assert left(spool) == [SECOND]


def test_after_a_promotion_the_half_file_of_the_old_line_goes(spool: receive.Spool) -> None:
    put(spool, SECOND, f"{THIRD}.partial", "00000002.history")
    spool.clear()
    assert left(spool) == [SECOND, f"{THIRD}.partial"]
    put(spool, NEXT_LINE, "00000002000000000000000A.partial")
    assert spool.clear() == 1
    assert archived(spool) == [SECOND, "00000002.history", NEXT_LINE]
    assert left(spool) == [NEXT_LINE, "00000002000000000000000A.partial"]


def test_a_file_that_differs_from_the_archive_stays_and_is_told(spool: receive.Spool) -> None:
    put(spool, FIRST, SECOND)
    spool.clear()
    (spool.folder / FIRST).write_bytes(b"of another server")
    with pytest.raises(wal.ArchiveError, match="does another server write there"):
        spool.clear()
    assert FIRST in left(spool)


def test_a_half_that_a_full_disk_left_is_received_again(spool: receive.Spool) -> None:
    put(spool, f"{FIRST}.partial", f"{SECOND}.partial", f"{THIRD}.partial")
    (spool.folder / f"{SECOND}.partial").write_bytes(b"")
    (spool.folder / f"{THIRD}.partial").write_bytes(bytes(receive.SEGMENT_BYTES))
    spool.forget_misfits()
    assert left(spool) == [f"{SECOND}.partial", f"{THIRD}.partial"]


PROGRAM = """#!/bin/sh
echo "$@" >> {folder}/asked
echo "password $PGPASSWORD" >> {folder}/asked
case "$*" in *--create-slot*) exit 0;; esac
printf full > {folder}/spool/{name}
sleep 30
"""


def test_it_receives_until_it_is_told_to_end(spool: receive.Spool, tmp_path: Path) -> None:
    # Given a `pg_receivewal` that writes one file and waits
    program = tmp_path / "pg_receivewal"
    program.write_text(PROGRAM.format(folder=tmp_path, name=FIRST))
    program.chmod(0o700)
    over = threading.Event()
    server = "postgres://jkn_replication:secret@db/postgres"

    # When it is followed
    def follow() -> None:
        receive.receive(spool, program=program, server=server, over=over, say=lambda _words: None)

    work = threading.Thread(target=follow)
    work.start()
    until(lambda: archived(spool) == [FIRST])
    over.set()
    work.join(timeout=10)

    # Then it ends at once, and the password was on no command line
    assert not work.is_alive()
    made, _password, followed, password = (tmp_path / "asked").read_text().splitlines()
    assert ("--create-slot" in made, "--no-loop" in followed, password) == (True, True, "password secret")
    assert "secret" not in made + followed


def test_nothing_is_received_while_the_archive_cannot_be_written_to(
    spool: receive.Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given an archive without room, and a server that would be followed
    program, said = tmp_path / "pg_receivewal", list[str]()
    program.write_text(PROGRAM.format(folder=tmp_path, name=SECOND))
    program.chmod(0o700)
    put(spool, FIRST)
    room, over = threading.Event(), threading.Event()
    write = boxes.write

    def full(*given: Any, **named: Any) -> Any:
        if not room.is_set():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(*given, **named)

    monkeypatch.setattr(boxes, "write", full)
    monkeypatch.setattr(receive, "TRY_AGAIN", 0.01)
    work = threading.Thread(
        target=receive.receive,
        args=[spool],
        kwargs={"program": program, "server": "host=db", "over": over, "say": said.append},
    )
    work.start()
    try:
        # Then the server is not asked, so that it keeps the log
        until(lambda: len(said) > 3)
        assert not (tmp_path / "asked").exists()
        assert "No space left on device" in said[0]
        # And when there is room it goes on
        room.set()
        until(lambda: archived(spool) == [FIRST, SECOND])
    finally:
        over.set()
        work.join(timeout=10)
    assert not work.is_alive()


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "Set JKN_BACKUP_URL"),
        ({"JKN_BACKUP_URL": "postgres://db/postgres", "JKN_BACKUP_RECIPIENT": "age1"}, "is not an age key"),
        ({"JKN_BACKUP_URL": "postgres://:secret@[x"}, "JKN_BACKUP_URL cannot be read"),
    ],
)
def test_what_it_needs_is_told(environment: dict[str, str], said: str, recipient: Path, tmp_path: Path) -> None:
    key = {"JKN_BACKUP_RECIPIENT": recipient.read_text()}
    done = subprocess.run(
        [sys.executable, "-m", "jknoffice.backup.receive", "--to", tmp_path / "set", "--spool", tmp_path / "spool"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.defpath, **key, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, said in done.stderr, "secret" in done.stderr) == (1, True, False)
    assert "Traceback" not in done.stderr
