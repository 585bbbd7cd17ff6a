"""`python -m benchmarks.load [--quick] [--folder var/load] [--port 8960]`: how many people the service carries.

Through nginx (TLS) and gunicorn of a local cluster of its own (`deploy.local_cluster`), all on this machine. More and
more operators and participants (4 to 1) come, each with a think time of 8 s: an operator decides the open case, sees
the next one and both its photos; a participant walks from the first page to the code and the status page.

The ramp is open-loop: what is due begins by schedule, and latency is counted from when it was due, so that a slow
answer hides none of those behind it. It ends at the knee, the first step at which p95 of a kind of page is above 400
ms or anything failed. Beside it, in the same run, how often nginx alone and an empty page of the application answer.
"""

import argparse
import asyncio
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.house import show
from benchmarks.loading import ramp
from benchmarks.loading.crowd import Crowd, cluster, stocked
from benchmarks.loading.queries import queries
from benchmarks.loading.tally import Tally
from deploy.cluster.layout import Layout

STEPS = (8, 16, 24, 32, 40, 50, 60, 75, 95, 120, 150, 190, 240, 300, 380, 480, 600, 800)
THINK = 8.0
RAW = {"nginx alone": "/nginx-healthz", "an empty page": "/healthz", "the start page": "/"}


def main() -> int:
    """Run it, print tables and JSON; return 0 when the first step at least was carried."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three small steps of 9 s: to see that it works")
    parser.add_argument("--folder", type=Path, default=Path("var/load"))
    parser.add_argument("--port", type=int, default=8960, help="the first of eleven ports")
    parser.add_argument("--seconds", type=float, default=24, help="of a step, the first third of which is not counted")
    parser.add_argument("--steps", type=int, nargs="+", default=STEPS, help="numbers of operators")
    parser.add_argument("--cases", type=int, default=3000)
    parser.add_argument("--people", type=int, default=300, help="participants who send a request")
    given = parser.parse_args()
    if given.quick:
        given.seconds, given.steps, given.cases, given.people = 9, (4, 8, 12), 160, 40
    layout, begun = Layout(folder=given.folder.resolve(), port=given.port), time.monotonic()
    with cluster(layout, participants=5 * (given.cases + given.people)):
        stock = stocked(layout, operators=max(given.steps), cases=given.cases, people=given.people)
        sys.stderr.write(f"{time.monotonic() - begun:.0f} s until the cluster was filled\n")
        steps, raw, asked = asyncio.run(_measure(layout, stock, given))
    return _report(steps, raw, asked)


async def _measure(
    layout: Layout, stock: dict[str, Any], given: argparse.Namespace
) -> tuple[list[ramp.Step], dict[str, int], dict[str, int]]:
    crowd = Crowd(layout, stock, Tally(), think=THINK)
    raw = {name: await crowd.at_most(path) for name, path in RAW.items()}
    asked = await queries(crowd)
    return await ramp.climb(crowd, given.steps, seconds=given.seconds), raw, asked


def _report(steps: list[ramp.Step], raw: dict[str, int], asked: dict[str, int]) -> int:
    last = ramp.carried(steps)
    show("load, steps of operators + participants", ramp.table(steps))
    pages = last.times if last else {}
    for kind, found in pages.items():
        times = ", ".join(f"{name} {found[name]:,.0f} ms" for name in ("p50", "p95", "p99"))
        pages[kind] = found | ({"queries": asked[kind]} if kind in asked else {})
        sys.stdout.write(f"  {kind:<28} {times}, {found['answers']:,} answers, {asked.get(kind, '-')} queries\n")
    found = {
        "operators carried": last.operators if last else 0,
        "participants carried": last.participants if last else 0,
        "decisions a second": last.decisions if last else 0,
        "worst p95 of a page, ms": last.worst if last else 0,
        "processor time a decision, ms": max(steps, key=lambda step: step.decisions).a_decision,
        "errors": sum(last.errors.values()) if last else 0,
        **{f"{name}, requests/s": answered for name, answered in raw.items()},
    }
    show("load", found, think_seconds=THINK, queries=asked, pages=pages, steps=[asdict(step) for step in steps])
    return 0 if last else 1


if __name__ == "__main__":
    sys.exit(main())
