"""One process that uses the embedded server, as the user that it is told: `python -m tests.embedded.client --help`."""

import argparse
import os
import pwd
import sys
from pathlib import Path

import psycopg

from jknoffice.embedded import launcher


def run(var: Path, step: str) -> object:
    """Do one step: start, stop, remove, or a statement in SQL after a start."""
    if step in {"stop", "remove"}:
        return {"stop": launcher.stop, "remove": launcher.remove}[step](var)
    folder = launcher.start(var)
    with psycopg.connect(
        host=str(folder), user=launcher.SUPERUSER, dbname=launcher.DATABASE, autocommit=True
    ) as server:
        done = server.execute("select 'started'" if step == "start" else step.encode())
        return [row[0] for row in done] if done.description else []


def become(user: str) -> None:
    """Give up root for good: no step after this one can be root's."""
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("var", type=Path)
    parser.add_argument("steps", nargs="+")
    parser.add_argument("--user")
    parser.add_argument("--site", help="a folder with the wheel that this user can read")
    given = parser.parse_args()
    if given.site:
        sys.path.insert(0, given.site)
    if given.user:
        become(given.user)
    for step in given.steps:
        sys.stdout.write(f"{os.geteuid()} {run(given.var, step)}\n")
