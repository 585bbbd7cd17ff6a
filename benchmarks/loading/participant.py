"""A participant who lost access: from the first page to the code, then the state of the request."""

import asyncio
import json
import random
import re
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.loading.tally import Tally
from benchmarks.loading.wire import Answer, Browser

LOOKS = 3
"""How often somebody looks at the state of their request before leaving."""


@dataclass(slots=True)
class Telephones:
    """What the made-up gateway has delivered, by number."""

    file: Path
    codes: dict[str, str] = field(default_factory=dict)
    _read: int = 0

    def code(self, number: str) -> str:
        """Return the newest code that reached a number (E.164), "" while there is none."""
        if self.file.exists():
            with self.file.open("rb") as file:
                file.seek(self._read)
                for line in file:
                    if line.endswith(b"\n"):
                        self._read += len(line)
                        self._keep(json.loads(line))
        return self.codes.get(number.lstrip("+"), "")

    def _keep(self, message: dict[str, str]) -> None:
        text = " ".join(str(value) for value in message.values())
        number, code = re.search(r"\+?(628\d{7,11})", text), re.search(r"(?<!\d)(\d{6})(?!\d)", text)
        if number and code:
            self.codes[number[1]] = code[1]


class Participant:
    """`people` (identifier, birth date, new number) one after the other, each once and from an address of their own."""

    def __init__(
        self,
        browsers: Iterator[Browser],
        tally: Tally,
        *,
        people: Iterator[tuple[str, str, str]],
        telephones: Telephones,
        photos: Iterator[bytes],
        think: float,
        seed: int,
    ) -> None:
        self.browsers, self.tally, self.people, self.telephones = browsers, tally, people, telephones
        self.browser = next(browsers)
        self.photos, self.think, self.chance = photos, think, random.Random(seed)
        self._due = 0.0

    async def work(self) -> None:
        """Ask for one after the other until cancelled, or until nobody is left."""
        self._due = self.tally.clock() + self.chance.uniform(0, self.think)
        for person in self.people:
            await self.ask(person)
            self.browser.hang_up()
            self.browser = next(self.browsers)

    async def ask(self, person: tuple[str, str, str]) -> None:
        """Walk the whole way for one person, page by page."""
        identifier, born, number = person
        if not await self._look("start page", "/"):
            return
        form = await self._look("form", "/request/")
        data = {"identifier": identifier, "birth_date": born, "new_phone": number.replace("+62", "0")}
        if form is None or not await self._send("form sent", "/request/", form, data | {"reason": "lost_phone"}):
            return
        for path in ("/request/ktp/", "/request/card/"):
            form = await self._look("photo form", path)
            if form is None:
                return
            fields = {"csrfmiddlewaretoken": form.token}
            sent = self.browser.upload(path, fields, name="photo", jpeg=next(self.photos))
            if not await self._due_one("photo sent", sent, wanted=302):
                return
        page = await self._look("check page", "/request/check/")
        if page and await self._send("request sent", "/request/check/", page, {}):
            await self._confirm(number)

    async def _confirm(self, number: str) -> None:
        page = await self._look("code page", "/request/code/")
        code = self.telephones.code(number)
        for _again in range(5):
            if code:
                break
            await asyncio.sleep(1)
            code = self.telephones.code(number)
        if page is None or not code:
            self.tally.wrong.append((self._due, "no code came"))
        elif await self._send("code sent", "/request/code/", page, {"code": code}):
            for _look in range(LOOKS):
                await self._look("status page", "/status/request/")

    async def _look(self, kind: str, path: str) -> Answer | None:
        return await self._due_one(kind, self.browser.get(path))

    async def _send(self, kind: str, path: str, page: Answer, fields: dict[str, str]) -> Answer | None:
        sent = self.browser.post(path, {"csrfmiddlewaretoken": page.token, **fields})
        return await self._due_one(kind, sent, wanted=302)

    async def _due_one(self, kind: str, asked: Coroutine[None, None, Answer], *, wanted: int = 200) -> Answer | None:
        """Ask when it is due, and let the next thing be due a while later, whenever the answer comes."""
        try:
            await asyncio.sleep(self._due - self.tally.clock())
        except asyncio.CancelledError:
            asked.close()
            raise
        due, self._due = self._due, self._due + self.chance.uniform(0.5, 1.5) * self.think
        return await self.tally.of(kind, asked, due=due, wanted=wanted)
