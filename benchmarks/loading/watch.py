"""What the processes of a cluster use, read from /proc, and how many queries a page asks."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.cluster import postgres, processes
from deploy.cluster.layout import Layout
from deploy.cluster.processes import wait

TICK = os.sysconf("SC_CLK_TCK")
PARTS = {
    "web": ("web1", "web2"),
    "worker": ("worker1", "worker2"),
    "sealer": ("sealer",),
    "primary": ("primary",),
    "standby": ("standby",),
    "seaweed": ("seaweed",),
    "nginx": ("nginx",),
    "sms": ("sms",),
}
_VERBS = rb"(?:SELECT|INSERT|UPDATE|DELETE|WITH)"
_ASKS = re.compile(rb"^jkn_web LOG:  (?:statement|execute [^:]*): *" + _VERBS + rb"\b", re.MULTILINE)


def processor_time(layout: Layout) -> dict[str, float]:
    """Return the seconds, user and system, that each part has used so far; "generator" is this process."""
    own, parent = {}, {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(file.parent.name)
        parent[number] = int(fields[1])
        own[number] = (int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14]))
    found = {}
    for part, names in PARTS.items():
        roots = {processes.number(layout.folder, name) for name in names} & own.keys()
        family = {number for number in own if _ancestor(number, parent, roots)}
        # What children used that have ended stands with whoever waited for them.
        found[part] = sum(own[number][0] + own[number][1] for number in family) / TICK
    return found | {"generator": time.process_time()}


def memory(layout: Layout) -> dict[str, float]:
    """Return MiB of resident memory by process of web and worker: of a web, of the one that serves."""
    found = {}
    for name in PARTS["web"] + PARTS["worker"]:
        root = processes.number(layout.folder, name)
        children = Path(f"/proc/{root}/task/{root}/children").read_text().split() if root else []
        for number in children if name in PARTS["web"] else [str(root)] if root else []:
            text = Path(f"/proc/{number}/status").read_text()
            resident = re.search(r"VmRSS:\s+(\d+) kB", text)
            found[f"{name} {number}"] = int(resident[1]) / 1024 if resident else 0.0
    return found


class Statements:
    """Counts the queries that web processes ask of the primary."""

    def __init__(self, log: Path) -> None:
        self._log, self._read = log, log.stat().st_size

    def since(self) -> int:
        """Return how many there were since the last call."""
        time.sleep(0.15)  # the server's line follows the answer
        with self._log.open("rb") as file:
            file.seek(self._read)
            text = file.read()
        self._read += len(text)
        return len(_ASKS.findall(text))


@contextmanager
def statements(layout: Layout) -> Iterator[Statements]:
    """Let the primary log each statement (of made-up people) to the end of the block."""
    log = layout.folder / f"{postgres.PRIMARY}.log"

    def setting(words: list[str]) -> None:
        with postgres.admin(layout, postgres.PRIMARY) as server:
            for word in words:
                server.execute(f"ALTER SYSTEM {word}".encode())
            server.execute("SELECT pg_reload_conf()")

    setting(["SET log_line_prefix = '%u '", "SET log_statement = 'all'"])
    try:
        with postgres.admin(layout, postgres.PRIMARY) as server:
            wait(lambda: server.execute("SHOW log_statement").fetchone() == ("all",), seconds=5, what="the setting")
        counted = Statements(log)
        counted.since()
        yield counted
    finally:
        setting(["RESET log_statement", "RESET log_line_prefix"])


def _ancestor(number: int, parent: dict[int, int], roots: set[int | None]) -> bool:
    while number in parent:
        if number in roots:
            return True
        number = parent[number]
    return False
