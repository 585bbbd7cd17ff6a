"""What was asked when it was due, and how long it took from then on."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count

from benchmarks.loading.wire import Answer, WireError

Clock = Callable[[], float]


@dataclass(slots=True)
class Tally:
    """Latencies by kind of page, each with the moment at which it was due; and what failed, by kind and reason."""

    clock: Clock = field(default_factory=lambda: asyncio.get_running_loop().time)
    took: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[tuple[float, str]] = field(default_factory=list)
    _open: dict[int, tuple[str, float]] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=count)

    async def of(self, kind: str, asked: Awaitable[Answer], *, due: float, wanted: int = 200) -> Answer | None:
        """Await an answer that is due since `due`, and note it; None when it is not what was wanted."""
        number = next(self._numbers)
        self._open[number] = (kind, due)
        try:
            answer = await asked
        except WireError as error:
            self.wrong.append((due, f"{kind}: {error}"))
            return None
        finally:
            del self._open[number]
        self.took[kind].append((due, self.clock() - due))
        if answer.status != wanted:
            self.wrong.append((due, f"{kind}: {answer.status}"))
            return None
        return answer

    def note(self, kind: str, *, due: float) -> None:
        """Note that something is complete that consists of several answers."""
        self.took[kind].append((due, self.clock() - due))

    def between(self, begin: float, end: float) -> dict[str, list[float]]:
        """Return the sorted latencies, by kind, of all that was due in a span; what is still open by its age."""
        found: dict[str, list[float]] = defaultdict(list)
        for kind, all_of_it in self.took.items():
            found[kind] += [took for due, took in all_of_it if begin <= due < end]
        for kind, due in self._open.values():
            if begin <= due < end:
                found[kind].append(self.clock() - due)
        return {kind: sorted(times) for kind, times in sorted(found.items()) if times}

    def errors(self, begin: float, end: float) -> Counter[str]:
        """Return what failed of all that was due in a span, counted by kind and reason."""
        return Counter(what for due, what in self.wrong if begin <= due < end)


def percentile(times: list[float], part: int) -> float:
    """Return a percentile of sorted seconds, in milliseconds."""
    return round(times[min(len(times) - 1, len(times) * part // 100)] * 1000, 1)
