"""`python -m benchmarks.memory [--minutes 60] [--operators 16] [--quick]`: memory of web and worker under steady load.

The crowd of `benchmarks.load`, always as large, before a local cluster. Resident memory of each web process and worker
is read every 10 s; after a warm-up of a quarter of the time a line is laid through it by least squares: MiB an hour. A
web process is replaced after 20,000 requests (`deploy/gunicorn_conf.py`); each is a line of its own.
"""

import argparse
import asyncio
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.house import show
from benchmarks.loading import watch
from benchmarks.loading.crowd import Crowd, cluster, stocked
from benchmarks.loading.ramp import A_PARTICIPANT_FOR
from benchmarks.loading.tally import Tally
from deploy.cluster.layout import Layout

THINK = 8.0
EVERY = 10.0
FLAT = 5.0
"""MiB an hour that count as flat, beside what the line may be off."""


def main() -> int:
    """Run it, print a table and JSON; return 0 when nothing failed and all are flat."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--operators", type=int, default=16)
    parser.add_argument("--folder", type=Path, default=Path("var/memory"))
    parser.add_argument("--port", type=int, default=8980, help="the first of eleven ports")
    parser.add_argument("--quick", action="store_true", help="two minutes: to see that it works")
    given = parser.parse_args()
    minutes = 2.0 if given.quick else given.minutes
    layout = Layout(folder=given.folder.resolve(), port=given.port)
    cases = round(minutes * 60 / THINK * given.operators * 1.1) + 50
    people = round(minutes * 60 / THINK * given.operators / A_PARTICIPANT_FOR / 10) + 10
    with cluster(layout, participants=5 * (cases + people)):
        stock = stocked(layout, operators=given.operators, cases=cases, people=people)
        found, decisions, wrong = asyncio.run(_watch(layout, stock, given.operators, minutes))
    rows, flat = _lines(found)
    rows |= {"decisions": decisions, "errors": sum(wrong.values()), **wrong}
    show("memory", rows, minutes=minutes, operators=given.operators, load=round(os.getloadavg()[0], 1))
    # Two minutes are all warm-up.
    return 0 if (flat or given.quick) and not wrong else 1


async def _watch(
    layout: Layout, stock: dict[str, Any], operators: int, minutes: float
) -> tuple[dict[str, list[tuple[float, float]]], int, Counter[str]]:
    """Return the memory of each process by hours since the begin, how much was decided, and what failed, by kind."""
    crowd = Crowd(layout, stock, Tally(), think=THINK)
    crowd.grow(operators=operators, participants=max(1, operators // A_PARTICIPANT_FOR))
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    begun = time.monotonic()
    while (since := time.monotonic() - begun) < minutes * 60:
        for name, resident in watch.memory(layout).items():
            if since > minutes * 15:
                found[name].append((since / 3600, resident))
        await asyncio.sleep(EVERY)
    await crowd.leave()
    decisions = sum(len(crowd.tally.took[kind]) for kind in ("approve", "reject"))
    return found, decisions, Counter(what for _due, what in crowd.tally.wrong)


def _lines(found: dict[str, list[tuple[float, float]]]) -> tuple[dict[str, Any], bool]:
    """Return a row for each process, and whether all are flat."""
    rows: dict[str, Any] = {}
    flat = True
    for name, points in sorted(found.items()):
        if len(points) < 5:
            continue
        a_hour, off = slope(points)
        flat = flat and a_hour <= FLAT + 2 * off
        rows[f"{name}, MiB"] = f"{points[0][1]:.1f} to {points[-1][1]:.1f}, most {max(mib for _at, mib in points):.1f}"
        rows[f"{name}, MiB an hour"] = f"{a_hour:+.1f} ± {2 * off:.1f}"
    return rows, flat


def slope(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the slope of the line of least squares through points, and its standard error."""
    count = len(points)
    middle_x, middle_y = (sum(point[axis] for point in points) / count for axis in (0, 1))
    spread = sum((x - middle_x) ** 2 for x, _y in points)
    rise = sum((x - middle_x) * (y - middle_y) for x, y in points) / spread
    left = sum((y - middle_y - rise * (x - middle_x)) ** 2 for x, y in points)
    return rise, (left / (count - 2) / spread) ** 0.5


if __name__ == "__main__":
    sys.exit(main())
