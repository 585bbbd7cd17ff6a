"""An operator: decides the case that is open, looks at the next one and both its photos, and thinks."""

import asyncio
import random
import re

from benchmarks.loading.tally import Tally
from benchmarks.loading.wire import Answer, Browser

QUEUE = "/admin/verification/queue/"
_PHOTO = re.compile(rb'src="(/admin/verification/document/\d+/)"')
_VERSION = re.compile(rb'name="version" value="(\d+)"')
REJECTED = 0.1
"""The part of the cases that is rejected."""


class Operator:
    """One who decides once in every `think` seconds on average, by a schedule that waits for no answer."""

    def __init__(self, browser: Browser, tally: Tally, *, think: float, seed: int) -> None:
        self.browser, self.tally, self.think = browser, tally, think
        self.chance = random.Random(seed)
        self.page: Answer | None = None
        self.place = QUEUE

    async def work(self) -> None:
        """Work until cancelled. What is due while an earlier answer is awaited begins late, and is measured so."""
        due = self.tally.clock() + self.chance.uniform(0, self.think)
        while True:
            await asyncio.sleep(due - self.tally.clock())
            await self.step(due)
            due += self.chance.uniform(0.5, 1.5) * self.think

    async def step(self, due: float) -> None:
        """Do what comes next: decide, or take a case from the queue; then see the case to which that leads."""
        led = await (self._decide(due) if self.page and self.place != QUEUE else self._take(due))
        self.page, self.place = None, QUEUE
        if led is None or led.location == QUEUE:
            return
        shown = await self._get("review page", led.location)
        if shown is None:
            return
        self.page, self.place = shown, led.location
        photos = sorted({found.decode() for found in _PHOTO.findall(shown.body)})[:2]
        await asyncio.gather(*(self._get("photo", photo) for photo in photos))
        self.tally.note("decision to next case seen", due=due)

    async def _take(self, due: float) -> Answer | None:
        page = await self.tally.of("queue", self.browser.get(QUEUE), due=due)
        if page is None:
            return None
        form = self.browser.post(f"{QUEUE}take-next/", {"csrfmiddlewaretoken": page.token})
        return await self.tally.of("take next", form, due=self.tally.clock(), wanted=302)

    async def _decide(self, due: float) -> Answer | None:
        page = self.page
        assert page
        found = _VERSION.search(page.body)
        fields = {"csrfmiddlewaretoken": page.token, "version": found[1].decode() if found else ""}
        if self.chance.random() < REJECTED:
            step, fields["reason"] = "reject", "data_differs"
        else:
            step, fields["compared"] = "approve", "on"
        return await self.tally.of(step, self.browser.post(f"{self.place}{step}/", fields), due=due, wanted=302)

    async def _get(self, kind: str, path: str) -> Answer | None:
        return await self.tally.of(kind, self.browser.get(path), due=self.tally.clock())
