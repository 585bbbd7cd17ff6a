"""From an export alone: whom an account has seen."""

import json
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from jknoffice.accounts.roles import Role
from jknoffice.audit import log
from jknoffice.audit.export import folder
from jknoffice.audit.offline import who_was_seen
from jknoffice.audit.sealing import sealer
from tests import make
from tests.audit.entries import SOMEBODY

pytestmark = pytest.mark.django_db


def asked(export: Path, who: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, who_was_seen.__file__, "--export", str(export), "--who", who, "--format", "json"]
    done = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def test_people_that_were_opened_and_people_in_lists_are_named_once(tmp_path: Path) -> None:
    opened, listed, other = (str(uuid.uuid4()) for _ in range(3))
    by, colleague = make.staff(Role.OPERATOR).as_actor(), make.staff(Role.OPERATOR).as_actor()
    log.record("peserta.viewed", by=by, subject=uuid.UUID(opened))
    log.record("peserta.searched", by=by, after={"shown": [listed, opened]})
    log.record("peserta.viewed", by=colleague, subject=uuid.UUID(other))
    sealer.seal_all()
    folder.write(since=None, until=None, out=tmp_path / "export", by=SOMEBODY)
    status, told = asked(tmp_path / "export", by.name)
    assert (status, told["people"]) == (0, sorted([opened, listed]))
    assert told["actions"]["peserta.viewed"] == 1
    assert asked(tmp_path / "export", "nobody")[0] == 1
