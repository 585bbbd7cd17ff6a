"""The log that is streamed: what is full goes to the archive, and what is needed to go on stays."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from pyrage.x25519 import Recipient

from jknoffice.backup import receive, wal

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
    server = {"host": "db", "user": "jkn_replication", "password": "secret"}

    # When it is followed
    def follow() -> None:
        receive.receive(spool, program=program, server=server, over=over, say=lambda _words: None)

    work = threading.Thread(target=follow)
    work.start()
    while not (spool.to / wal.FOLDER / f"{FIRST}{wal.SUFFIX}").exists():
        assert work.is_alive()
    over.set()
    work.join(timeout=10)

    # Then it ends at once, and the password was on no command line
    assert not work.is_alive()
    made, _password, followed, password = (tmp_path / "asked").read_text().splitlines()
    assert ("--create-slot" in made, "--no-loop" in followed, password) == (True, True, "password secret")
    assert "secret" not in made + followed


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "The public key for back-ups is not an age key"),
        ({"JKN_BACKUP_URL": "postgres://:secret@[x"}, "JKN_BACKUP_URL cannot be read"),
    ],
)
def test_what_it_needs_is_told(environment: dict[str, str], said: str, recipient: Path, tmp_path: Path) -> None:
    key = {"JKN_BACKUP_RECIPIENT": recipient.read_text()} if environment else {}
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
