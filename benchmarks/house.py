"""What all benchmarks share: a database of their own, and how results are printed."""

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings
from django.db import connection


@contextmanager
def database() -> Iterator[None]:
    """Make a migrated database on the server of JKN_VAR, with a sealing key and folder of its own; drop it after."""
    before = settings.DATABASES["default"]["NAME"]
    settings.DATABASES["default"]["TEST"] = connection.settings_dict["TEST"] = {
        **connection.settings_dict["TEST"],
        "NAME": f"bench_{os.getpid()}",
    }
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings.JKN_SEAL_KEY_FILE = Path(folder) / "seal.key"
            settings.JKN_SEAL_FOLDER = Path(folder) / "notes"
            yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def for_children() -> dict[str, str]:
    """Return the environment in which a child process works on the same database, key and folder."""
    name = connection.settings_dict
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{name['USER']}@/{name['HOST']}/{name['NAME']}",
        "JKN_SEAL_KEY_FILE": str(settings.JKN_SEAL_KEY_FILE),
        "JKN_SEAL_FOLDER": str(settings.JKN_SEAL_FOLDER),
    }


def watched(command: Sequence[str], *, stdout: int | IO[bytes], statuses: Container[int] = (0,)) -> int:
    """Run a command on the same database to its end; return its peak memory in MiB.

    The peak is read from /proc: rusage would hand on the peak of this process, which outlives fork and exec.
    """
    process, peak = subprocess.Popen(command, env=for_children(), stdout=stdout), 0
    while process.poll() is None:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
        peak = max(peak, int(found[1]) // 1024 if found else 0)
        time.sleep(0.02)
    assert process.returncode in statuses, command
    return peak


def show(name: str, rows: Mapping[str, Any], **facts: Any) -> None:
    """Print a table of results, then all as one line of JSON."""
    machine = f"{os.cpu_count()} CPUs, Python {platform.python_version()}"
    width = max(len(label) for label in rows)
    sys.stdout.write(f"\n{name} ({machine})\n")
    for label, value in rows.items():
        sys.stdout.write(
            f"  {label:<{width}}  {value:>14,}\n" if isinstance(value, int | float) else f"  {label}  {value}\n"
        )
    sys.stdout.write(json.dumps({"benchmark": name, "machine": machine, **rows, **facts}) + "\n")
