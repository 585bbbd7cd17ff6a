"""`python -m benchmarks.audit_kill [--rounds N]`: kill -9 of sealer and server at random, under 16 writers.

It makes a PostgreSQL of its own in a temporary folder. Afterwards every acknowledged entry must be in the log and
sealed, none that was rolled back may be, and the log must verify.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

WRITERS = 16


def write(folder: Path, seed: int) -> None:
    """Write until killed; note each uuid in a file once its fate is known: + committed, - rolled back."""
    from django.db import Error, connection, transaction

    from jknoffice.audit.actor import Actor
    from jknoffice.audit.log import record

    chance, by = random.Random(seed), Actor.system("writer")
    with (folder / f"{seed}.fates").open("a", buffering=1) as fates:
        while True:
            name, undo = "", chance.random() < 0.2
            try:
                with transaction.atomic():
                    row = record("thing.seen", by=by, pii={"name": "SITI"} if chance.random() < 0.1 else None)
                    row.refresh_from_db()
                    name = str(row.uuid)
                    time.sleep(chance.random() / 50)
                    transaction.set_rollback(undo)
            except Error:
                # Nobody has told the writer what became of it: either is right.
                connection.close()
                time.sleep(0.1)
            else:
                fates.write(f"{'-' if undo else '+'}{name}\n")


def seal() -> None:
    """Seal until killed."""
    from django.db import Error, connection

    from jknoffice.audit.sealing import sealer

    while True:
        try:
            sealer.seal(batch=200)
        except Error:
            connection.close()
            time.sleep(0.1)


def started(part: Callable[..., None], *arguments: Any) -> BaseProcess:
    """Start a part in a process of its own, which has all modules already and no connection."""
    process = get_context("fork").Process(target=part, args=arguments)
    process.start()
    return process


def main() -> int:
    """Kill, count and print; return 1 when anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        os.environ["JKN_VAR"] = place
        return _rounds(Path(place), options.rounds, options.seed)


def _rounds(place: Path, rounds: int, seed: int) -> int:
    from django.core.management import call_command
    from django.db import connection
    from tqdm import tqdm

    from benchmarks import house
    from jknoffice import database
    from jknoffice.audit.sealing import sealer
    from jknoffice.audit.verify import whole
    from jknoffice.embedded import running

    call_command("migrate", verbosity=0)
    connection.close()
    chance, killed = random.Random(seed), {"sealer": 0, "server": 0}
    writers = [started(write, place, number) for number in range(WRITERS)]
    sealing = started(seal)
    for _ in tqdm(range(rounds), disable=None):
        time.sleep(0.5 + 2 * chance.random())
        if chance.random() < 0.5:
            killed["sealer"] += 1
            sealing.kill()
            sealing.join()
            sealing = started(seal)
        elif (pid := running.postmaster(place)) is not None:
            killed["server"] += 1
            os.kill(pid, signal.SIGKILL)
    time.sleep(3)
    for process in [*writers, sealing]:
        process.kill()
        process.join()
    sealer.seal_all(everything=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuid::text FROM audit_auditlog JOIN audit_auditleaf ON audit_id = audit_auditlog.id")
        sealed = {row[0] for row in cursor.fetchall()}
    fates = [line.strip() for path in place.glob("*.fates") for line in path.read_text().splitlines()]
    acknowledged, undone = ({fate[1:] for fate in fates if fate[0] == sign} for sign in "+-")
    report = whole.verify()
    connection.close()
    database.remove(place)
    house.show(
        "audit_kill",
        {
            "writers": WRITERS,
            "kill -9 of the sealer": killed["sealer"],
            "kill -9 of the server": killed["server"],
            "entries acknowledged": len(acknowledged),
            "acknowledged and lost": len(acknowledged - sealed),
            "entries rolled back": len(undone),
            "rolled back and sealed": len(undone & sealed),
            "checkpoints": report.checkpoints,
            "the log verifies": str(report.ok),
        },
        problems=report.problems[:5],
    )
    return 0 if acknowledged <= sealed and not undone & sealed and report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
