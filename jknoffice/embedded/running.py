"""What runs now: read from the server's own files and from /proc (Linux), without starting any process."""

import os
import socket
from pathlib import Path

from jknoffice.embedded import places

SOCKET = ".s.PGSQL.5432"


def answers(var: Path) -> bool:
    """Return whether the server of `var` is up and takes connections. Costs less than a millisecond.

    Raises EmbeddedError when somebody else holds the socket folder: a stranger's socket is no place for our data.
    """
    if state(var) != "ready" or not places.has_socket_folder(var, places.owner(var)):
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

    A number alone proves nothing, another process may have it by now: a server is known by its command line, which
    names its socket folder. (Its working folder would say more, but root in a container may not read that.)
    The socket's lock file finds a server whose `var` was deleted; the pid file finds it when /tmp was emptied, and
    when `var` was moved: its fifth line names the socket folder of before.
    """
    folder = places.socket_folder(var)
    for file in (folder / f"{SOCKET}.lock", places.data(var) / "postmaster.pid"):
        try:
            lines = file.read_text().splitlines()
            words = Path(f"/proc/{lines[0]}/cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError):
            continue
        if {os.fsencode(name) for name in (str(folder), *lines[4:5]) if name} & set(words):
            return int(lines[0])
    return None
