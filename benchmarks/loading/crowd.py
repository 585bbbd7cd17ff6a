"""Making a cluster ready for a crowd, and the crowd itself."""

import asyncio
import json
import shutil
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from benchmarks.loading.operator import Operator
from benchmarks.loading.participant import Participant, Telephones
from benchmarks.loading.photos import photos
from benchmarks.loading.tally import Tally
from benchmarks.loading.wire import Browser
from deploy.cluster import postgres, services, topology
from deploy.cluster.layout import Layout

ADDRESSES = 250
"""Loopback addresses in a block of 127.1.0.0/16."""


@contextmanager
def cluster(layout: Layout, *, participants: int) -> Iterator[None]:
    """Start a new cluster with so many participants, and stop it afterwards; its folder is deleted before and after.

    What fails leaves the folder, for its logs.
    """
    topology.stop(layout)
    shutil.rmtree(layout.folder, ignore_errors=True)
    try:
        topology.start(layout, participants=participants)
        yield
    finally:
        topology.stop(layout)
    shutil.rmtree(layout.folder, ignore_errors=True)


def stocked(layout: Layout, *, operators: int, cases: int, people: int) -> dict[str, Any]:
    """Fill the database of a running cluster with what a crowd works on, and return what `loading.stock` prints."""
    with postgres.admin(layout, postgres.PRIMARY, "jkn") as server:
        server.execute("GRANT SET ON PARAMETER session_replication_role TO jkn_owner")
        try:
            words = ("benchmarks.loading.stock", str(operators), str(cases), str(people))
            told = services.stocked(layout, *words)
        finally:
            server.execute("REVOKE SET ON PARAMETER session_replication_role FROM jkn_owner")
    found: dict[str, Any] = json.loads(told.strip().splitlines()[-1])
    return found


class Crowd:
    """Operators and participants, more of them when asked for."""

    def __init__(self, layout: Layout, stock: dict[str, Any], tally: Tally, *, think: float) -> None:
        self.layout, self.tally, self.think = layout, tally, think
        self.sessions: list[str] = stock["sessions"]
        self.people: Iterator[tuple[str, str, str]] = iter([tuple(person) for person in stock["people"]])
        self.operators: list[Operator] = []
        self.participants: list[Participant] = []
        self._telephones = Telephones(layout.folder / "sms.jsonl")
        self._photos = photos(2 * len(stock["people"]))
        self._context = ssl.create_default_context(cafile=str(layout.folder / "nginx" / "fullchain.pem"))
        self._tasks: list[asyncio.Task[None]] = []
        self._addresses = (self._browser(number, 2) for number in count())

    def operator(self) -> Operator:
        """Return one more operator, who does nothing yet."""
        number = len(self.operators)
        browser = self._browser(number, 1)
        browser.cookies["__Host-session"] = self.sessions[number]
        self.operators.append(Operator(browser, self.tally, think=self.think, seed=number))
        return self.operators[-1]

    def participant(self) -> Participant:
        """Return one more participant, who does nothing yet."""
        number = len(self.participants)
        self.participants.append(
            Participant(
                self._addresses,
                self.tally,
                people=self.people,
                telephones=self._telephones,
                photos=self._photos,
                think=self.think,
                seed=10_000 + number,
            )
        )
        return self.participants[-1]

    def grow(self, *, operators: int, participants: int) -> None:
        """Let so many be at work."""
        while len(self.operators) < operators:
            self._tasks.append(asyncio.create_task(self.operator().work()))
        while len(self.participants) < participants:
            self._tasks.append(asyncio.create_task(self.participant().work()))

    async def leave(self) -> None:
        """End all work. Raises what anybody stumbled over."""
        for task in self._tasks:
            task.cancel()
        ended = await asyncio.gather(*self._tasks, return_exceptions=True)
        for browser in [one.browser for one in self.operators] + [one.browser for one in self.participants]:
            browser.hang_up()
        for problem in ended:
            if isinstance(problem, Exception):
                raise problem

    async def at_most(self, path: str, *, seconds: float = 3, lines: int = 16) -> int:
        """Return how often a page is answered in a second when `lines` browsers ask without a pause."""
        await self._awake(path)
        end, answered = self.tally.clock() + seconds, 0

        async def ask(browser: Browser) -> None:
            nonlocal answered
            while self.tally.clock() < end:
                answer = await browser.get(path)
                assert answer.status == 200, (path, answer.status)
                answered += 1
            browser.hang_up()

        await asyncio.gather(*(ask(self._browser(number, 3)) for number in range(lines)))
        return round(answered / seconds)

    async def _awake(self, path: str) -> None:
        # After a start nginx asks a web process that was away one thing at a time, and refuses what comes meanwhile.
        browser, in_a_row = self._browser(0, 4), 0
        while in_a_row < 20:
            in_a_row = in_a_row + 1 if (await browser.get(path)).status == 200 else 0
        browser.hang_up()

    def _browser(self, number: int, block: int) -> Browser:
        # Each calls from an address of their own, for the limits at the participants' door count by address.
        address = f"127.{block}.{number // ADDRESSES}.{number % ADDRESSES + 2}"
        return Browser(self.layout.https, self._context, address)
