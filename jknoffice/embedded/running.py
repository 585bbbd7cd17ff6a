"""What runs now: read from the server's own files and from /proc (Linux), without starting any process."""

import socket
from pathlib import Path

from jknoffice.embedded import places

SOCKET = ".s.PGSQL.5432"


def answers(var: Path) -> bool:
    """Return whether the server of `var` is up and takes connections. Costs less than a millisecond."""
    if state(var) != "ready":
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(places.socket_folder(var) / SOCKET))
        except OSError:
            return False
    return True


def state(var: Path) -> str:
    """Return what the server last wrote about itself in its pid file: starting, ready, stopping; "" for none."""
    try:
        lines = (places.home(var) / "data" / "postmaster.pid").read_text().splitlines()
    except OSError:
        return ""
    return lines[7].strip() if len(lines) > 7 else "starting"


def postmaster(var: Path) -> int | None:
    """Return the process number of the running server of `var`, or None.

    A number alone proves nothing, another process may have it by now: a server is known by working in its data folder.
    The socket's lock file finds a server whose `var` was deleted; the pid file finds it when /tmp was emptied.
    """
    data = places.data(var)
    for file in (places.socket_folder(var) / f"{SOCKET}.lock", data / "postmaster.pid"):
        try:
            number, written = file.read_text().splitlines()[:2]
            works_in = str(Path(f"/proc/{number}/cwd").readlink()).removesuffix(" (deleted)")
        except (OSError, ValueError):
            continue
        if works_in in {written, str(data)}:
            return int(number)
    return None
