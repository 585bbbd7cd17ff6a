"""Start, stop and remove the embedded PostgreSQL of a folder `var`.

The wheel's own `get_server()` is not used: as root it changes the modes of foreign folders, a long path ends in a
public socket, and concurrent first starts fail.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jknoffice.embedded import binaries, places, running
from jknoffice.embedded.places import EmbeddedError, Owner

DATABASE = "jknoffice"
SUPERUSER = "postgres"
LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")

# How long, in seconds, a start that fails is tried again.
PATIENCE = 10.0

# Personal data may be in a statement or in the detail of an error: neither goes to the log.
# An import of millions writes gigabytes of WAL: by default each of them would end in a checkpoint.
OPTIONS = (
    "-c listen_addresses='' -c unix_socket_permissions=0700 -c max_connections=200 -c shared_buffers=256MB "
    "-c max_wal_size=4GB "
    "-c log_min_error_statement=panic -c log_error_verbosity=terse"
)


def start(var: Path, *, seconds: int = 60) -> Path:
    """Make sure that the server of `var` answers, and return its socket folder.

    The first start makes it, with an empty database `jknoffice`. Safe to call at any time and from many processes at
    once; when the server is up this costs less than a millisecond. The server outlives its caller.
    Raises EmbeddedError when it does not come up within `seconds`: one that replays a long log takes its time.
    """
    if not running.answers(var):
        with _lock(var):
            if not running.answers(var):
                _start(var, seconds)
    return places.socket_folder(var)


def stop(var: Path) -> bool:
    """Stop the server of `var`, ending open connections, and return whether one ran. Its data stays."""
    folder = places.socket_folder(var)
    if not var.is_dir() or not (folder.is_dir() or places.home(var).is_dir()):
        return False
    with _lock(var):
        places.claim_socket_folder(var, places.owner(var))
        pid = running.postmaster(var)
        if pid is not None:
            _end(var, pid)
        shutil.rmtree(folder)
    return pid is not None


def remove(var: Path) -> bool:
    """Stop the server of `var`, delete it with all its data, and return whether there was any."""
    stop(var)
    home = places.home(var)
    if not home.is_dir():
        return False
    shutil.rmtree(home.resolve())
    if home.is_symlink():
        home.unlink()
    return True


@contextmanager
def _lock(var: Path) -> Iterator[None]:
    try:
        var.mkdir(parents=True, exist_ok=True)
        file = (var / "postgres.lock").open("a")
    except PermissionError:
        raise EmbeddedError(f"{var} belongs to another user: set JKN_VAR to a folder of your own.") from None
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _start(var: Path, seconds: int) -> None:
    user = places.owner(var)
    places.claim_socket_folder(var, user)
    pid = running.postmaster(var)
    if pid is not None:
        _wait(lambda: running.state(var) != "starting" or running.postmaster(var) != pid, seconds=60)
        if running.answers(var):
            return
        if running.postmaster(var) == pid:
            _end(var, pid)
    home = places.make_home(var, user)
    programs = binaries.for_server(home)
    if not (home / "data").is_dir():
        _create(home, programs, user)
    # Their process is gone, as found above, yet PostgreSQL would believe them when its number is in use again.
    for stale in (home / "data" / "postmaster.pid", *places.socket_folder(var).iterdir()):
        stale.unlink(missing_ok=True)
    log = home / "server.log"
    log.touch(mode=0o600)
    os.chown(log, user.uid, user.gid)
    options = f"{OPTIONS} -k {places.socket_folder(var)}"
    command = (programs / "pg_ctl", "start", "-w", "-t", str(seconds), "-D", "data", "-l", log.name, "-o", options)
    # After a crash the old server's children hold its memory for a moment; PostgreSQL refuses to start beside them.
    if not _wait(lambda: _run(command, home, user).returncode == 0, seconds=PATIENCE):
        tail = "\n".join(log.read_text().splitlines()[-5:])
        raise EmbeddedError(f"PostgreSQL does not start. The end of {log}:\n{tail}")


def _end(var: Path, pid: int) -> None:
    for how in (signal.SIGINT, signal.SIGQUIT):
        os.kill(pid, how)
        if _wait(lambda: running.postmaster(var) != pid, seconds=30):
            return
    raise EmbeddedError(f"PostgreSQL (process {pid}) does not stop.")


def _create(home: Path, programs: Path, user: Owner) -> None:
    """Make the data folder. It gets its name only when complete, for a first start may be interrupted."""
    new = home / "new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    os.chown(new, user.uid, user.gid)
    initdb = (programs / "initdb", "-D", new.name, "-U", SUPERUSER, "--auth=trust", "--no-sync", *LOCALE)
    single = (programs / "postgres", "--single", "-D", new.name, "-c", "exit_on_error=on", "postgres")
    for command, given in ((initdb, ""), (single, f"CREATE DATABASE {DATABASE};\n")):
        done = _run(command, home, user, given)
        if done.returncode:
            raise EmbeddedError(f"PostgreSQL's first start failed:\n{done.stderr.strip()}")
    new.rename(home / "data")


def _run(command: Sequence[str | Path], home: Path, user: Owner, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program as `user` in `home`. Names are relative, for pg_ctl hands them to a shell."""
    drop = places.is_root()
    return subprocess.run(  # noqa: S603
        command,
        cwd=home,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        umask=0o077,
        user=user.uid if drop else None,
        group=user.gid if drop else None,
        extra_groups=[] if drop else None,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def _wait(done: Callable[[], bool], *, seconds: float) -> bool:
    """Ask `done` until it says yes or `seconds` have passed; return whether it did."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
