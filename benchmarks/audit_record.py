"""`python -m benchmarks.audit_record [--approvals N]`: what `record()` costs in an approval, with it and without."""

import argparse
import random
import statistics
import time
from typing import Any
from unittest import mock

from benchmarks import house
from jknoffice.accounts.models import User
from jknoffice.audit.log import record
from tests import cases
from verification import changes
from verification.models import PhoneChangeRequest
from verification.states import Status

Case = tuple[PhoneChangeRequest, User]


def case() -> Case:
    """A claimed case, and who holds it."""
    request = cases.in_state(Status.QUEUED)
    user = cases.reviewer(request)
    return changes.claim(request=request, by=user), user


def approved(given: Case) -> float:
    """Approve a case; return the seconds."""
    request, user = given
    begin = time.perf_counter()
    changes.approve(request=request, by=user, compared=True)
    return time.perf_counter() - begin


def main() -> None:
    """Approve with and without, in random order, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--approvals", type=int, default=400, help="of each kind")
    number = parser.parse_args().approvals
    inside = [0.0]

    def timed(*arguments: Any, **details: Any) -> Any:
        begin = time.perf_counter()
        try:
            return record(*arguments, **details)
        finally:
            inside[0] += time.perf_counter() - begin

    def nothing(*arguments: Any, **details: Any) -> None:
        """Record nothing."""

    times: dict[Any, list[float]] = {timed: [], nothing: []}
    shares = []
    with house.database():
        for which in random.Random(1).sample([timed, nothing] * number, 2 * number):
            given = case()
            inside[0] = 0.0
            with mock.patch("verification.changes.step.record", which):
                times[which].append(approved(given))
            if which is timed:
                shares.append(inside[0] / times[timed][-1])
    with_it, without = (statistics.median(times[which]) * 1000 for which in (timed, nothing))
    house.show(
        "audit_record",
        {
            "approvals of each kind": number,
            "with record(), median ms": round(with_it, 2),
            "without, median ms": round(without, 2),
            "record() itself, median share of the time": f"{statistics.median(shares):.0%}",
            "difference, share of the time": f"{(with_it - without) / with_it:.0%}",
        },
    )


if __name__ == "__main__":
    main()
