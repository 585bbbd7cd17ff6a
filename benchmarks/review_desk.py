"""How fast the desk works: `python -m benchmarks.review_desk [--open 100000] [--closed 100000 900000]`.

Pages through Django's test client, logged in, with log and templates: each tab of the queue, taking the next case, its
review page, and the approval that leads to the next one; p50 and p95 in milliseconds and the number of queries, at each
number of closed requests, and what more of those change. Beside it, in the same run, Django's own change list and form
over the same table. Photos are fetched apart (`benchmarks.store_documents`).
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from benchmarks.generate_register import fill as fill_register
from benchmarks.house import database, show
from benchmarks.requests import fill as fill_requests
from jknoffice.accounts.models import Branch
from jknoffice.accounts.roles import Role
from tests import make
from tests.hands import part_hands
from verification.desk.queue import Tab
from verification.models import PhoneChangeRequest

RUNS = 100
STOCK_RUNS = 20
_WARM_UP = 3
Figures = dict[str, float]


def main() -> None:
    """Measure at each number of closed requests; then print the growth from the first to the last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--closed", type=int, nargs="+", default=[100_000, 900_000])
    options = parser.parse_args()
    measured: list[Figures] = []
    for closed in options.closed:
        with database(), _stock_pages():
            began = time.perf_counter()
            fill_register(options.open)
            fill_requests(open_ones=options.open, closed=closed)
            part_hands()
            filled = round(time.perf_counter() - began)
            measured.append(_measure())
            show("review_desk", measured[-1], open=options.open, closed=closed, fill_seconds=filled)
    first, last = measured[0], measured[-1]
    growth = {name: round(last[name] / first[name], 2) for name in first if first[name]}
    show("review_desk growth", growth, open=options.open, closed=options.closed)


@contextmanager
def _stock_pages() -> Iterator[None]:
    urls, settings.ROOT_URLCONF = settings.ROOT_URLCONF, "benchmarks.stock_admin"
    try:
        yield
    finally:
        settings.ROOT_URLCONF = urls


def _measure() -> Figures:
    branch = Branch.objects.annotate(n=Count("phonechangerequest")).order_by("-n")[0]
    operator = make.logged_in(make.staff(branch=branch), Client(SERVER_NAME="localhost"))
    supervisor = make.logged_in(make.staff(Role.SUPERVISOR, branch=branch), Client(SERVER_NAME="localhost"))
    clock = _Clock()
    queue = reverse("admin:verification_queue")
    for _ in range(_WARM_UP + RUNS):
        for tab in Tab:
            clock.time(f"queue, {tab.value}", partial(operator.get, queue, {"state": tab.value}))
        clock.time("queue, supervisor", partial(supervisor.get, queue))
    _decide(operator, clock)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM verification_phonechangerequest WHERE closed_at IS NULL LIMIT 1")
        stock = "/stock/verification/phonechangerequest/"
        form = f"{stock}{cursor.fetchone()[0]}/change/"
    for _ in range(_WARM_UP + STOCK_RUNS):
        clock.time("stock admin, list", partial(operator.get, stock, {"status": "queued"}))
        clock.time("stock admin, form", partial(operator.get, form))
    return clock.figures()


def _decide(operator: Client, clock: "_Clock") -> None:
    """Take a case and give it back; then take one, look at it, approve it, and go on with the next by itself."""
    take = partial(operator.post, reverse("admin:verification_take_next"))
    for _ in range(_WARM_UP + RUNS):
        case = clock.time("take next", take)["Location"]
        reference = case.rstrip("/").rsplit("/", 1)[1]
        version = PhoneChangeRequest.objects.get(reference=reference).version
        operator.post(reverse("admin:verification_release", args=[reference]), {"version": version})
    case = take()["Location"]
    for _ in range(_WARM_UP + RUNS):
        reference = case.rstrip("/").rsplit("/", 1)[1]
        clock.time("review page", partial(operator.get, case))
        version = PhoneChangeRequest.objects.get(reference=reference).version
        address = reverse("admin:verification_approve", args=[reference])
        given = {"version": version, "compared": "on"}
        case = clock.time("approve, and take the next", partial(operator.post, address, given))["Location"]


class _Clock:
    """Times answers by their name, and counts their queries past Django's own log of them."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.queries: dict[str, int] = {}

    def time(self, name: str, ask: Callable[[], Any]) -> Any:
        """Ask, and return the answer."""
        count = 0

        def counted(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
            nonlocal count
            count += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counted):
            began = time.perf_counter()
            answer = ask()
            self.times[name].append(time.perf_counter() - began)
        assert answer.status_code in {200, 302}, (name, answer.status_code)
        self.queries[name] = max(count, self.queries.get(name, 0))
        return answer

    def figures(self) -> Figures:
        found: Figures = {}
        for name, seconds in self.times.items():
            times = sorted(each * 1000 for each in (seconds[_WARM_UP:] or seconds))
            found[f"{name}, p50 ms"] = round(times[len(times) // 2], 1)
            found[f"{name}, p95 ms"] = round(times[len(times) * 95 // 100], 1)
            found[f"{name}, queries"] = self.queries[name]
        return found


if __name__ == "__main__":
    main()
