"""`python -m benchmarks.growth [--closed 5000] [--open 20000] [--quick]`: what ten and a hundred times as much does.

Three databases with the same participants and open requests, and 1, 10 and 100 times as many closed requests and three
log entries for each. The pages of queue, review, search and log are asked of the three in turns, so that other work on
the machine hits all alike. Beside the time: queries, and the blocks (8 KiB) that PostgreSQL touches for all that a page
reads, by EXPLAIN (ANALYZE, BUFFERS) of each SELECT: these do not depend on the machine.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from benchmarks.generate_register import fill as fill_register
from benchmarks.house import database, show
from benchmarks.paging import Measured
from benchmarks.requests import add_closed
from benchmarks.requests import fill as fill_requests
from jknoffice.accounts.models import Branch
from jknoffice.accounts.roles import Role
from participants.models import Peserta
from tests import make
from tests.audit.many import analyse, generate
from tests.hands import part_hands
from verification.desk.queue import Tab

TIMES = (1, 10, 100)
ENTRIES = 3
"""In the log for each closed request."""
PEOPLE = 10
"""In the register for each open request, so that a hundred times the requests are some more of each person."""
Pages = dict[str, Callable[[], Any]]


def main() -> None:
    """Fill, measure in turns, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--closed", type=int, default=5_000, help="in the smallest database")
    parser.add_argument("--open", type=int, default=20_000)
    parser.add_argument("--turns", type=int, default=8, help="in each every page is measured five times at each size")
    parser.add_argument("--quick", action="store_true", help="small: to see that it works")
    given = parser.parse_args()
    if given.quick:
        given.closed, given.open, given.turns = 500, 2_000, 1
    with database():
        began = time.perf_counter()
        pages = _filled(given.open, given.closed)
        with _copies(given.closed) as names:
            filled = round(time.perf_counter() - began)
            measured = {times: Measured() for times in TIMES}
            for _turn in range(given.turns):
                for times, name in zip(TIMES, names, strict=True):
                    _turn_to(name)
                    for page, ask in pages.items():
                        measured[times].measure(page, ask)
            _report(measured, given, filled)


def _filled(open_ones: int, closed: int) -> Pages:
    """Fill the smallest database; return the pages, asked by people who are logged in."""
    fill_register(PEOPLE * open_ones)
    fill_requests(open_ones=open_ones, closed=closed)
    generate(ENTRIES * closed)
    analyse()
    part_hands()
    branch = Branch.objects.annotate(n=Count("phonechangerequest")).order_by("-n")[0]
    people = {role: make.staff(role, branch=branch) for role in (Role.OPERATOR, Role.SUPERVISOR)}
    people[Role.AUDITOR] = make.staff(Role.AUDITOR)
    hands = {role: make.logged_in(user, Client(SERVER_NAME="localhost")) for role, user in people.items()}
    operator, supervisor, auditor = (hands[role] for role in people)
    queue, case = (
        reverse("admin:verification_queue"),
        operator.post(reverse("admin:verification_take_next"))["Location"],
    )
    register, log = reverse("admin:participants_peserta_changelist"), reverse("admin:audit_entries")
    person = Peserta.objects.order_by("pk")[open_ones // 2]
    found = operator.post(register, {"q": person.nik})["Location"]
    return {
        "queue": partial(operator.get, queue),
        "queue, recently closed": partial(operator.get, queue, {"state": Tab.CLOSED}),
        "queue, supervisor": partial(supervisor.get, queue),
        "review page": partial(operator.get, case),
        "search by NIK": partial(operator.post, register, {"q": person.nik}),
        "results of a search": partial(operator.get, found),
        "log, start page": partial(auditor.get, reverse("admin:audit_auditlog_changelist")),
        "log, newest": partial(auditor.get, log),
        "log, one account": partial(auditor.get, log, {"actor": "operator7"}),
        "log, refusals": partial(auditor.get, log, {"refused": "on"}),
        "log, one case": partial(auditor.get, log, {"object": "bench.case:40"}),
        "log, who saw a person": partial(auditor.get, reverse("admin:audit_lookers", args=[person.uuid])),
    }


@contextmanager
def _copies(closed: int) -> Iterator[list[str]]:
    """Make the larger databases from the smallest one; yield the names of all three."""
    first = connection.settings_dict["NAME"]
    names = [first]
    try:
        for before, times in pairwise(TIMES):
            _order(f'CREATE DATABASE "{first}_{times}" TEMPLATE "{names[-1]}"')
            names.append(f"{first}_{times}")
            _turn_to(names[-1])
            add_closed((times - before) * closed)
            generate(ENTRIES * (times - before) * closed, first=ENTRIES * before * closed + 1)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE audit_auditlog")
        yield names
    finally:
        for name in names[1:]:
            _order(f'DROP DATABASE IF EXISTS "{name}"')
        _turn_to(first)


def _order(statement: str) -> None:
    _turn_to("postgres")
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def _turn_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _report(measured: dict[int, Measured], given: argparse.Namespace, filled: int) -> None:
    smallest, found = measured[TIMES[0]], {}
    for page in smallest.times:
        each = [measured[times] for times in TIMES]
        ratio = each[-1].p50(page) / each[0].p50(page)
        found[page] = (
            f"p50 {' / '.join(f'{one.p50(page)}' for one in each)} ms ({ratio:.2f} x),"
            f" queries {' / '.join(str(one.queries[page]) for one in each)},"
            f" blocks {' / '.join(f'{one.blocks[page]:,}' for one in each)}"
        )
    facts: dict[str, Any] = {
        "closed": [given.closed * times for times in TIMES],
        "entries": [ENTRIES * given.closed * t for t in TIMES],
    }
    facts["pages"] = {
        page: {
            "p50": [one.p50(page) for one in measured.values()],
            "queries": [one.queries[page] for one in measured.values()],
            "blocks": [one.blocks[page] for one in measured.values()],
        }
        for page in found
    }
    facts |= {"open": given.open, "fill_seconds": filled, "load": round(os.getloadavg()[0], 1)}
    show("growth, at 1 / 10 / 100 times", found, **facts)


if __name__ == "__main__":
    main()
