"""Programs that outlive who started them: started, found again, ended and killed by name.

Each has a file NAME.pid in the folder of the cluster, with its number and the moment it began: a number alone proves
nothing, another process may have it by now.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path


class ClusterError(RuntimeError):
    """The cluster cannot do what was asked; the message says why, for people."""


def start(
    folder: Path,
    name: str,
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    user: tuple[int, int] | None = None,
) -> int:
    """Start a program in a process group of its own, with exactly the environment `env`; return its number.

    It writes to NAME.log in `folder`. Root may let it run as another `user` (numbers of user and group). Raises
    ClusterError when it runs already.
    """
    if number(folder, name):
        raise ClusterError(f"{name} runs already.")
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=0o077,
            user=user[0] if user else None,
            group=user[1] if user else None,
            extra_groups=[] if user else None,
        )
    (folder / f"{name}.pid").write_text(f"{process.pid} {_began(process.pid)}")
    process.returncode = 0  # it is meant to outlive us: no warning of a forgotten child
    return process.pid


def number(folder: Path, name: str) -> int | None:
    """Return the process number of a program that was started here, or None when it does not run."""
    try:
        found, began = (folder / f"{name}.pid").read_text().split()
    except (FileNotFoundError, ValueError):
        return None
    _reap(int(found))
    return int(found) if _began(int(found)) == began else None


def names(folder: Path) -> list[str]:
    """Return the names of all programs that were ever started here."""
    return sorted(file.stem for file in folder.glob("*.pid"))


def kill(folder: Path, name: str) -> None:
    """Kill a program and its children at once (`kill -9`), as a power cut does. Raises ClusterError when none runs."""
    found = number(folder, name)
    if not found:
        raise ClusterError(f"{name} does not run.")
    os.killpg(found, signal.SIGKILL)
    wait(lambda: number(folder, name) is None, seconds=10, what=f"the end of {name}")


def end(folder: Path, name: str, *, seconds: float = 15) -> bool:
    """Ask a program to end, kill it when it does not within `seconds`, and return whether one ran."""
    found = number(folder, name)
    if not found:
        return False
    os.kill(found, signal.SIGTERM)
    try:
        wait(lambda: number(folder, name) is None, seconds=seconds, what=f"the end of {name}")
    except ClusterError:
        kill(folder, name)
    with suppress(ProcessLookupError):
        os.killpg(found, signal.SIGKILL)
    return True


def wait(done: Callable[[], bool], *, seconds: float, what: str) -> float:
    """Ask `done` until it says yes, and return how many seconds that took. Raises ClusterError after `seconds`."""
    begun = time.monotonic()
    while not done():
        if time.monotonic() - begun > seconds:
            raise ClusterError(f"Waited {seconds:.0f} s in vain for {what}.")
        time.sleep(0.05)
    return time.monotonic() - begun


def tail(folder: Path, name: str, lines: int = 5) -> str:
    """Return the last lines that a program wrote."""
    with suppress(FileNotFoundError):
        return "\n".join((folder / f"{name}.log").read_text(errors="replace").splitlines()[-lines:])
    return ""


def _began(found: int) -> str:
    """Return when a process began, in ticks since the machine did; "" when it is gone or only its corpse is left."""
    try:
        fields = Path(f"/proc/{found}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def _reap(found: int) -> None:
    with suppress(ChildProcessError):
        os.waitpid(found, os.WNOHANG)
