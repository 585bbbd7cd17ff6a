"""`python -m benchmarks.approvals [--approvals 400] [--quick]`: approvals a second, and where time goes.

A database of its own with counter cases that an operator holds. They are approved, in turns so that other work on the
machine hits all alike: by the domain's step `changes.approve()`, by the form of the review page (which also looks for
the next case), and by pgbench, which sends the very statements of one such step, captured here, without Python: the raw
limit of the same transaction. Time of a step is told apart into SQL, the log (`record()`, with its SQL) and the rest.
"""

import argparse
import os
from functools import partial
from typing import Any

from django.test import Client
from django.urls import reverse

from benchmarks.house import database, show
from benchmarks.in_review import VERSION, Held, fill
from benchmarks.pgbench import script_of
from benchmarks.spent import Spent
from tests import make
from tests.hands import part_hands
from verification import changes
from verification.models import PhoneChangeRequest
from verification.states import Status

TURNS = 8
RAW = 400
"""Transactions of pgbench in a turn."""
_WARM_UP = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--approvals", type=int, default=400, help="by each way")
    parser.add_argument("--quick", action="store_true", help="40 by each way")
    options = parser.parse_args()
    each = 40 if options.quick else options.approvals
    with database():
        stock = fill(1 + 2 * (each + _WARM_UP) + TURNS * RAW)
        part_hands()
        show("approvals", _measure(stock, each), approvals=each, load=round(os.getloadavg()[0], 1))


def _measure(stock: Held, each: int) -> dict[str, Any]:
    cases = iter(range(1, stock.count))
    browser = make.logged_in(stock.operator, Client(SERVER_NAME="localhost"))

    def by_domain(place: int) -> None:
        changes.approve(request=stock.case(place), by=stock.operator, compared=True)

    def by_page(place: int) -> None:
        address = reverse("admin:verification_approve", args=[stock.case(place).reference])
        answer = browser.post(address, {"version": VERSION, "compared": "on"})
        assert answer.status_code == 302, answer.status_code

    script = script_of(partial(by_domain, 0), place=0)
    ways = {"changes.approve()": by_domain, "the form of the page": by_page}
    for _ in range(_WARM_UP):
        for way in ways.values():
            way(next(cases))
    spent, raw = {name: Spent() for name in ways}, list[float]()
    for turn in range(TURNS):
        for name, way in ways.items():
            for _ in range(each // TURNS):
                spent[name].on(partial(way, next(cases)))
        raw.append(script.run(first=stock.count - (turn + 1) * RAW, transactions=RAW))
    applied = PhoneChangeRequest.objects.filter(status=Status.APPLIED).count()
    assert applied == 1 + 2 * _WARM_UP + sum(each.count for each in spent.values()) + TURNS * RAW, applied
    found = {label: value for name, each_spent in spent.items() for label, value in each_spent.told(name).items()}
    limit = round(sorted(raw)[len(raw) // 2], 1)
    return found | {
        "the same statements by pgbench, a second": limit,
        "statements": script.statements,
        "changes.approve() as a part of that": round(spent["changes.approve()"].a_second / limit, 2),
    }


if __name__ == "__main__":
    main()
