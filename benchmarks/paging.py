"""What a page costs: its time, its queries, and the blocks that they touch."""

import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

_WARM_UP = 2


@dataclass(slots=True)
class Measured:
    """What pages took at one size."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    queries: dict[str, int] = field(default_factory=dict)
    blocks: dict[str, int] = field(default_factory=dict)

    def measure(self, page: str, ask: Callable[[], Any]) -> None:
        """Ask for a page some times; the first ones open connections and fill caches, and one is explained."""
        for _ in range(_WARM_UP):
            ask()
        for _ in range(5):
            began = time.perf_counter()
            answer = ask()
            self.times[page].append((time.perf_counter() - began) * 1000)
            assert answer.status_code in {200, 302}, (page, answer.status_code)
        if page not in self.blocks:
            self.queries[page], self.blocks[page] = _touched(ask)

    def p50(self, page: str) -> float:
        """Return the median of a page in milliseconds."""
        return round(sorted(self.times[page])[len(self.times[page]) // 2], 1)


def _touched(ask: Callable[[], Any]) -> tuple[int, int]:
    """Return how many queries a page asks, and how many blocks its SELECTs touch."""
    queries = blocks = 0

    def explained(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        nonlocal queries, blocks
        queries += 1
        if sql.lstrip().startswith(("SELECT", "WITH")):
            # On the plain connection, so that this statement is not counted.
            told = context["connection"].connection.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql, params)
            plan = told.fetchone()[0]
            plan = (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]
            blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        ask()
    return queries, blocks
