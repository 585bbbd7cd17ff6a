"""`python -m jknoffice.audit.witness` as a program, without Django, and the sealer that talks to it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from jknoffice.audit import log
from jknoffice.audit.actor import Actor
from jknoffice.audit.models import AuditHalt
from jknoffice.audit.sealing import keys, opening, sealer, witnesses
from jknoffice.audit.sealing.witnesses.base import Unreachable
from jknoffice.audit.sealing.witnesses.http import HttpWitness
from jknoffice.audit.verify import whole
from tests.audit.entries import SOMEBODY, tamper, write

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.django_db(transaction=True)]


class Program:
    """A witness in a process of its own."""

    def __init__(self, folder: Path, *keys: str) -> None:
        trusted = [word for key in keys for word in ("--key", key)]
        self.command = [sys.executable, "-m", "jknoffice.audit.witness", "--folder", str(folder), *trusted, "--port"]
        self.url = ""

    def start(self) -> None:
        outside = {
            name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "JKN", "SECRET"))
        }
        self.process = subprocess.Popen(
            [*self.command, "0"],
            cwd=django_settings.BASE_DIR,
            env=outside,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        found = re.search(r"http://\S+", self.process.stdout.readline())
        assert found
        self.url = found[0]

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=10)
        return self.process.returncode


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    found = Program(tmp_path / "witness", keys.signer(sealer.origin()).verifier.vkey)
    found.start()
    yield found
    if found.process.poll() is None:
        found.end(signal.SIGKILL)


@pytest.fixture(autouse=True)
def _watched(settings: Any, program: Program) -> None:
    settings.JKN_SEAL_WITNESSES = [program.url]


def newest(program: Program) -> str | None:
    return HttpWitness(program.url).newest(sealer.origin().name)


def test_the_sealer_hands_each_checkpoint_to_it(program: Program) -> None:
    assert newest(program) is None
    for size in (1, 2, 3):
        write()
        sealer.seal()
        assert f"\n{size}\n" in (newest(program) or "")


def test_it_remembers_after_kill_9(program: Program, settings: Any) -> None:
    write()
    sealer.seal()
    before = newest(program)
    program.end(signal.SIGKILL)
    program.start()
    settings.JKN_SEAL_WITNESSES = [program.url]
    assert newest(program) == before
    write()
    sealer.seal()
    assert newest(program) != before


def test_it_sees_what_the_database_and_the_folder_have_forgotten(settings: Any) -> None:
    with transaction.atomic():
        for _ in range(3):
            log.record("peserta.viewed", by=Actor.system("test"))
    sealer.seal()
    tamper("DELETE FROM audit_auditcheckpoint; DELETE FROM audit_auditleaf; DELETE FROM audit_auditlog", [])
    shutil.rmtree(settings.JKN_SEAL_FOLDER)
    write()
    with pytest.raises(sealer.Halted, match="has seen 3 entries"):
        sealer.seal()
    assert AuditHalt.objects.get().ended_at is None


def test_a_witness_that_is_down_holds_nothing_up(program: Program) -> None:
    program.end(signal.SIGTERM)
    write()
    assert sealer.seal().entries == 1
    with pytest.raises(Unreachable):
        newest(program)


def test_a_witness_that_is_back_gets_the_newest(program: Program, settings: Any) -> None:
    settings.JKN_SEAL_WITNESSES = []
    for _ in range(3):
        write()
        sealer.seal()
    settings.JKN_SEAL_WITNESSES = [program.url]
    sealer.seal()
    assert "\n3\n" in (newest(program) or "")


def test_it_sees_a_new_origin_grow_beside_the_old_one(program: Program, tmp_path: Path, settings: Any) -> None:
    # Given a log that has lost an entry which the witness has seen
    for _ in range(2):
        write()
        sealer.seal()
    old, first_key = sealer.origin(), keys.signer(sealer.origin()).verifier.vkey
    tamper("DELETE FROM audit_auditcheckpoint WHERE size = 2; DELETE FROM audit_auditleaf WHERE seq = 1", [])

    # When two officers open a new origin, whose key the witness does not know
    opening.open_origin(name="second", why=opening.Why.RESTORED, by=SOMEBODY, second=SOMEBODY, at=timezone.now())
    with pytest.raises(sealer.Halted, match="refuses 1 entries: 403"):
        sealer.seal()

    # And the witness is told its key
    program.end(signal.SIGTERM)
    program = Program(tmp_path / "witness", first_key, keys.signer(sealer.origin()).verifier.vkey)
    program.start()
    settings.JKN_SEAL_WITNESSES = [program.url]

    # Then it sees the new log grow, keeps what it has seen of the old one, and all of it verifies
    try:
        assert sealer.seal_all().size == 3
        assert "\n3\n" in (newest(program) or "")
        assert "\n2\n" in (HttpWitness(program.url).newest(old.name) or "")
        assert whole.verify().problems == []
    finally:
        program.end(signal.SIGTERM)


def test_what_it_refuses_is_a_disagreement(program: Program, tmp_path: Path, settings: Any) -> None:
    write()
    settings.JKN_SEAL_KEY_FILE = tmp_path / "a key that the witness does not know"
    with pytest.raises(sealer.Halted, match="refuses 1 entries: 403"):
        sealer.seal()
    assert witnesses.all_witnesses()[1].name == program.url


def test_it_ends_when_it_is_told_to(program: Program) -> None:
    assert program.end(signal.SIGTERM) == 0


def test_it_ends_at_ctrl_c(program: Program) -> None:
    assert program.end(signal.SIGINT) == 0


@pytest.mark.parametrize("port", ["0", "99999"])
def test_two_do_not_share_a_folder_or_listen_where_no_port_is(program: Program, port: str, tmp_path: Path) -> None:
    if port != "0":
        program.end(signal.SIGTERM)
    second = subprocess.run([*program.command, port], cwd=django_settings.BASE_DIR, capture_output=True, check=False)
    assert second.returncode == 2
    assert b"cannot start" in second.stderr


def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    command = Program(tmp_path, "no key").command
    done = subprocess.run([*command, "0"], cwd=django_settings.BASE_DIR, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"not a verifier key" in done.stderr
