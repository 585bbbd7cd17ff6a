"""`python -m benchmarks.staff_login [--each 500]`: whether the time of a refusal tells known user names from unknown.

Wrong passwords are sent to the first step of the log-in through Django's test client, with the slow hash of production,
in random order: as many for names that exist as for names that do not, each from another address. AUC is how often an
answer for a known name takes longer than one for an unknown name: 0.5 tells nothing, 0 and 1 everything. Beside it
stand the same for two halves of the known names, which is what chance alone makes of such times, and for the CPU time
of our process, which other work on the machine blurs less than the time of the answer.
"""

import argparse
import random
import statistics
import time
from collections.abc import Sequence

from django.conf import settings
from django.test import Client

from benchmarks import house
from jknoffice.accounts.login import password
from tests import make
from tests.hands import part_hands

Times = tuple[float, float]
GOAL = 0.55
PER_NAME = password.FOR_NAME.most - 10
"""Below the limit, whose answer would be a faster one."""


def main() -> int:
    """Measure and print; return 1 when the goal of the issue is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=500)
    each = parser.parse_args().each
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    with house.database():
        part_hands()
        known, unknown = _measure(each)
    (wall, cpu), (wall_unknown, cpu_unknown) = zip(*known, strict=True), zip(*unknown, strict=True)
    found = auc(wall, wall_unknown)
    rows = {
        "answers each": each,
        "AUC, known against unknown": round(found, 3),
        "AUC, known against known": round(auc(wall[::2], wall[1::2]), 3),
        "AUC, known against unknown, by CPU time": round(auc(cpu, cpu_unknown), 3),
        "known, median ms": round(statistics.median(wall) * 1000, 1),
        "unknown, median ms": round(statistics.median(wall_unknown) * 1000, 1),
        "known, median ms of CPU": round(statistics.median(cpu) * 1000, 1),
        "unknown, median ms of CPU": round(statistics.median(cpu_unknown) * 1000, 1),
    }
    house.show("Known and unknown user names", rows, goal=GOAL)
    return int(max(found, 1 - found) > GOAL)


def auc(some: Sequence[float], others: Sequence[float]) -> float:
    """Return the probability that one of `some` is larger than one of `others`; a draw counts half."""
    larger = sum((one > other) + (one == other) / 2 for one in some for other in others)
    return larger / (len(some) * len(others))


def _measure(each: int) -> tuple[list[Times], list[Times]]:
    """Return the seconds of each answer, on the clock and of the CPU, for known and for unknown names."""
    names = [make.staff().username for _ in range(-(-each // PER_NAME))]
    attempts = [(True, names[number % len(names)]) for number in range(each)]
    attempts += [(False, f"nobody{number % len(names)}") for number in range(each)]
    random.Random(2026).shuffle(attempts)
    times: dict[bool, list[Times]] = {True: [], False: []}
    for number, (is_known, name) in enumerate(attempts):
        client = Client(REMOTE_ADDR=f"10.{number // 250}.{number % 250}.1")
        given = {"username": name, "password": "not this passphrase"}
        begun, spent = time.perf_counter(), time.process_time()
        answer = client.post("/admin/login/", given)
        times[is_known].append((time.perf_counter() - begun, time.process_time() - spent))
        assert answer.status_code == 200, answer.status_code
    return times[True], times[False]


if __name__ == "__main__":
    raise SystemExit(main())
