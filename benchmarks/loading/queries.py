"""How many queries each kind of page asks, counted by the server while one person walks."""

import asyncio
from collections.abc import Awaitable

from benchmarks.loading import watch
from benchmarks.loading.crowd import Crowd
from benchmarks.loading.tally import Tally
from benchmarks.loading.wire import Answer


class _Counting(Tally):
    """Awaits one answer after the other, and counts the queries of each."""

    def __init__(self, statements: watch.Statements) -> None:
        super().__init__()
        self.statements = statements
        self.queries: dict[str, int] = {}
        self._one_at_a_time = asyncio.Lock()

    async def of(self, kind: str, asked: Awaitable[Answer], *, due: float, wanted: int = 200) -> Answer | None:
        async with self._one_at_a_time:
            answer = await super().of(kind, asked, due=due, wanted=wanted)
            # The last of a kind stands: by then connections are open and caches filled.
            self.queries[kind] = self.statements.since()
        return answer


async def queries(crowd: Crowd) -> dict[str, int]:
    """Walk the way of an operator, three cases long, and that of a participant; return queries by kind of page."""
    with watch.statements(crowd.layout) as statements:
        counting = _Counting(statements)
        operator, participant = crowd.operator(), crowd.participant()
        operator.tally = participant.tally = counting
        participant.think = 0.0
        for _case in range(4):
            await operator.step(counting.clock())
        await participant.ask(next(crowd.people))
    crowd.operators.remove(operator)
    crowd.participants.remove(participant)
    for one in (operator, participant):
        one.browser.hang_up()
    return counting.queries
