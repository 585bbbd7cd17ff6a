"""`python -m benchmarks.tell_apart [--each 500] [--lost-access 100]`: whether time tells who is in the register.

At each door of the participants as many people who are known as who are not are sent through Django's test client, in
random order, each from another address, with the slow hash of production. Only the answer that must not tell is timed:

- register: NIK, birth date and number of somebody in the register, or of nobody
- log in: a user name that exists, or none; the password is wrong
- status: the reference of a case, or none; the birth date is wrong
- lost access: the last step, which sends the request (`--lost-access` of each, for each needs two photos first)

AUC is how often an answer about somebody known takes longer than one about nobody: 0.5 tells nothing. Beside it stands
the same for two halves of the known ones, which is what chance makes of such times, and for the CPU time of our
process.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks import house
from benchmarks.staff_login import GOAL, Times, auc
from participants.account import creating
from tests import cases, make
from tests.hands import part_hands
from tests.verification.portal import walk
from tests.verification.portal.account import walk as account_walk
from verification import reference

Attempt = Callable[[Client], Callable[[], Any]]
"""Takes a fresh browser to the door, and returns what is to be timed."""


def main() -> int:
    """Measure and print; return 1 when the goal of the issue is missed at a door."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=500)
    parser.add_argument("--lost-access", type=int, default=100)
    options = parser.parse_args()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    rows: dict[str, str | float] = {}
    with house.database():
        part_hands()
        for name, prepare in DOORS.items():
            each = options.lost_access if prepare is _lost_access else options.each
            known, unknown = _measure([(way, prepare(number, way)) for way in (True, False) for number in range(each)])
            (wall, cpu), (other_wall, other_cpu) = zip(*known, strict=True), zip(*unknown, strict=True)
            rows[f"{name}, answers each"] = each
            rows[f"{name}, AUC"] = round(auc(wall, other_wall), 3)
            rows[f"{name}, AUC of chance"] = round(auc(wall[::2], wall[1::2]), 3)
            rows[f"{name}, AUC by CPU time"] = round(auc(cpu, other_cpu), 3)
            rows[f"{name}, known, median ms"] = round(statistics.median(wall) * 1000, 1)
            rows[f"{name}, unknown, median ms"] = round(statistics.median(other_wall) * 1000, 1)
    house.show("Known and unknown participants", rows, goal=GOAL)
    found = [float(rows[f"{name}, AUC"]) for name in DOORS]
    return int(any(max(each, 1 - each) > GOAL for each in found))


def _measure(attempts: list[tuple[bool, Attempt]]) -> tuple[list[Times], list[Times]]:
    """Return the seconds of each answer, on the clock and of the CPU, for those who are known and those who are not."""
    random.Random(2026).shuffle(attempts)
    times: dict[bool, list[Times]] = {True: [], False: []}
    told = set[tuple[bool, int]]()
    for number, (is_known, attempt) in enumerate(attempts):
        timed = attempt(Client(REMOTE_ADDR=f"10.{number // 250}.{number % 250}.1"))
        begun, spent = time.perf_counter(), time.process_time()
        answer = timed()
        times[is_known].append((time.perf_counter() - begun, time.process_time() - spent))
        told.add((is_known, answer.status_code))
    assert len({status for _, status in told}) == 1, told
    return times[True], times[False]


def _nobody(number: int) -> Any:
    return SimpleNamespace(nik=f"317101570590{number % 9999 + 1:04}", phone=f"+62813{number:08}")


def _register(number: int, known: bool) -> Attempt:
    somebody = make.peserta() if known else _nobody(number)
    form = account_walk.typed(somebody)
    return lambda client: lambda: client.post(account_walk.address("register"), form)


def _log_in(number: int, known: bool) -> Attempt:
    name = f"orang.{number}"
    if known:
        creating.create(peserta=make.peserta(), username=name, password=account_walk.PASSWORD, at=timezone.now())
    form = {"name": name if known else f"bukan.{number}", "password": "bukan kata sandi ini 9"}
    return lambda client: lambda: client.post(reverse("account:login"), form)


def _status(number: int, known: bool) -> Attempt:
    named = cases.queued().reference if known else reference.new()
    form = {"reference": named, "birth_date": "01-02-1970"}
    return lambda client: lambda: client.post(walk.address("status"), form)


def _lost_access(number: int, known: bool) -> Attempt:
    somebody = make.peserta() if known else _nobody(number)

    def to_the_last_step(client: Client) -> Callable[[], Any]:
        walk.to_check(client, somebody, new_phone=f"0857{number:07}{int(known)}")
        return lambda: client.post(walk.address("check"))

    return to_the_last_step


DOORS: Mapping[str, Callable[[int, bool], Attempt]] = {
    "register": _register,
    "log in": _log_in,
    "status": _status,
    "lost access": _lost_access,
}
"""What prepares the attempt with a number, by somebody who is known or not."""


if __name__ == "__main__":
    raise SystemExit(main())
