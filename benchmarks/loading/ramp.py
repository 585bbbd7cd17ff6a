"""The ramp: step after step with more people, what each took, and where the knee is."""

import asyncio
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.loading import watch
from benchmarks.loading.crowd import Crowd
from benchmarks.loading.tally import percentile

A_PARTICIPANT_FOR = 4
"""Operators; the goal is 800 and 200."""
GOAL_MS = 400.0
TOGETHER = "decision to next case seen"
"""Several answers after one another, so no page of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What was measured while so many were at work.

    `times` are milliseconds (p50, p95, p99) and numbers of answers by kind of page, `processor` the part of one core
    that each part used, `decisions` those a second.
    """

    operators: int
    participants: int
    times: dict[str, dict[str, float]]
    errors: dict[str, int]
    processor: dict[str, float]
    decisions: float
    load: float

    @property
    def worst(self) -> float:
        """The highest p95 of a page."""
        return max((found["p95"] for kind, found in self.times.items() if kind != TOGETHER), default=0.0)

    @property
    def a_decision(self) -> float:
        """Milliseconds of processor time for a decision and what participants do meanwhile, without the generator's."""
        used = sum(used for part, used in self.processor.items() if part != "generator")
        return round(1000 * used / self.decisions) if self.decisions else 0.0

    @property
    def well(self) -> bool:
        """Whether that many are carried."""
        return not self.errors and 0 < self.worst <= GOAL_MS


async def climb(crowd: Crowd, numbers: Iterable[int], *, seconds: float) -> list[Step]:
    """Go up until two steps in a row are not carried: one may be the machine's own noise."""
    steps: list[Step] = []
    for operators in numbers:
        steps.append(await stand(crowd, operators, seconds=seconds))
        if len(steps) > 1 and not steps[-1].well and not steps[-2].well:
            break
    await crowd.leave()
    return steps


async def stand(crowd: Crowd, operators: int, *, seconds: float) -> Step:
    """Let so many be at work for a while, of which the first third is not counted."""
    participants = max(1, operators // A_PARTICIPANT_FOR)
    crowd.grow(operators=operators, participants=participants)
    await asyncio.sleep(seconds / 3)
    begin, real, used = crowd.tally.clock(), time.monotonic(), watch.processor_time(crowd.layout)
    await asyncio.sleep(seconds * 2 / 3)
    spent, now = time.monotonic() - real, watch.processor_time(crowd.layout)
    found = crowd.tally.between(begin, crowd.tally.clock())
    return Step(
        operators=operators,
        participants=participants,
        times={
            kind: {**{f"p{part}": percentile(times, part) for part in (50, 95, 99)}, "answers": len(times)}
            for kind, times in found.items()
        },
        errors=dict(crowd.tally.errors(begin, crowd.tally.clock())),
        processor={part: round((now[part] - used[part]) / spent, 2) for part in now},
        decisions=round(sum(len(found.get(kind, [])) for kind in ("approve", "reject")) / spent, 1),
        load=os.getloadavg()[0],
    )


def carried(steps: list[Step]) -> Step | None:
    """Return the last step before the knee, None when even the first was too much."""
    well = [step for step in steps if step.well]
    return well[-1] if well else None


def table(steps: list[Step]) -> dict[str, Any]:
    """Return a line for each step."""
    rows: dict[str, Any] = {}
    for step in steps:
        cores = "  ".join(f"{part} {used:.2f}" for part, used in step.processor.items() if used >= 0.01)
        rows[f"{step.operators} + {step.participants}"] = (
            f"{'carried' if step.well else 'NOT'}: {step.decisions} decisions/s, worst p95 {step.worst:.0f} ms,"
            f" {sum(step.errors.values())} errors, {step.a_decision:.0f} ms of processor a decision; cores: {cores}"
        )
    return rows
