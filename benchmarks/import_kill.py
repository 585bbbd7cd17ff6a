"""`python -m benchmarks.import_kill [--rows 200000] [--rounds 20] [--seed 1]`: kill -9 of imports at random moments.

Half of them are first loads, half refreshes with 5 % changed. After each kill the register must be as before or wholly
after; after `--resume` its digest must be that of an import which nobody disturbed.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tqdm import tqdm

from benchmarks import house


def main() -> int:
    """Kill, resume and print; return 1 when a register was neither before nor after, or a digest differed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with house.database(), tempfile.TemporaryDirectory() as folder:
        counts = _rounds(Path(folder), options.rows, options.rounds, random.Random(options.seed))
    house.show("import_kill", {"rows": options.rows, "rounds": options.rounds, **counts})
    return 1 if counts["neither before nor after"] or counts["other digest after resuming"] else 0


def _rounds(folder: Path, rows: int, rounds: int, chance: random.Random) -> dict[str, int]:
    from benchmarks.generate_register import open_branches
    from benchmarks.import_peers import empty_register, files
    from tests.participants.importing.killing import digest

    open_branches()
    old, new = files(rows, folder)
    nobody = digest()
    seconds, digests = [], []
    for path in (old, new):
        begin = time.perf_counter()
        _command(path).wait()
        seconds.append(time.perf_counter() - begin)
        digests.append(digest())
    counts = {"killed": 0, "as before": 0, "wholly after": 0, "neither before nor after": 0}
    wrong = 0
    for number in tqdm(range(rounds), disable=None):
        refresh = number % 2
        before, after, path = ((nobody, digests[0], old), (digests[0], digests[1], new))[refresh]
        if not refresh:
            empty_register()
        process = _command(path)
        time.sleep(chance.uniform(0.5, seconds[refresh]))
        process.kill()
        counts["killed"] += process.wait() == -signal.SIGKILL
        found = digest()
        counts[
            "as before" if found == before else "wholly after" if found == after else "neither before nor after"
        ] += 1
        _command(path, "--resume").wait()
        wrong += digest() != after
    return counts | {"other digest after resuming": wrong}


def _command(path: Path, *options: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "manage.py", "import_peserta", str(path), "--format", "json", *options]
    return subprocess.Popen(command, env=house.for_children(), stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
