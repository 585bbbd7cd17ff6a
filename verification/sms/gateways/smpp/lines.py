"""The lines of this process, one for each gateway, shared by all of its threads. They live in a thread of their own."""

import asyncio
import atexit
import logging
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from jknoffice import clock
from verification import deliveries
from verification.sms.gateways.failures import GatewayDown
from verification.sms.gateways.smpp.account import Account, read
from verification.sms.gateways.smpp.line import Line, open_line
from verification.sms.receipts import Receipt

PAUSES = (0, 0.5, 2, 5)
"""Seconds before each look for the message of a receipt: the answer to it may be on its way into the database."""

logger = logging.getLogger(__name__)


def send(*, name: str, to: str, text: str) -> str:
    """Hand a message (`to` in E.164) to the gateway `name` of `settings.SMS_SMPP`; return the gateway's reference.

    Raises `GatewayDown` when it does not take the message, or does not say so in time; `Refused` when it never will.
    """
    account = read(name, settings.SMS_SMPP[name])
    return str(_board().run(_board().send(account, to, text), seconds=account.seconds + 5))


def listen(name: str) -> None:
    """Let there be a line to this gateway if it sends receipts. Returns at once; that there is none is logged."""
    account = read(name, settings.SMS_SMPP[name])
    if account.receipts:
        _board().start(_board().listen(account))


def close() -> None:
    """Say goodbye on all lines."""
    _board().run(_board().close(), seconds=5)


class Board:
    """The event loop in its thread, and the lines in it. Its coroutines run there."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._lines: dict[Account, Line] = {}
        self._doors: dict[Account, asyncio.Lock] = {}
        # Receipts come one after the other: each takes milliseconds, and one connection to the database is enough.
        self._keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="smpp-receipts")
        threading.Thread(target=self._loop.run_forever, name="smpp", daemon=True).start()

    def run(self, work: Coroutine[Any, Any, Any], *, seconds: float) -> Any:
        """Return what a coroutine returns, called from any other thread; raises `GatewayDown` after `seconds`."""
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)
        except TimeoutError:
            raise GatewayDown("no answer in time") from None

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let a coroutine run, and wait for nothing."""
        asyncio.run_coroutine_threadsafe(work, self._loop)

    async def send(self, account: Account, to: str, text: str) -> str:
        """Hand a message over; opening the line counts towards the time of it."""
        async with asyncio.timeout(account.seconds):
            line = await self._line(account)
            return await line.submit(to=to, text=text)

    async def listen(self, account: Account) -> None:
        """Open the line unless it is open; never raises."""
        try:
            async with asyncio.timeout(account.seconds):
                await self._line(account)
        except Exception as error:  # noqa: BLE001 - nobody waits for it: what is not told here is told nowhere
            logger.warning("gateway %s: no line: %s", account.name, type(error).__name__)

    async def close(self) -> None:
        """Close all lines at once."""
        lines = list(self._lines.values())
        self._lines.clear()
        await asyncio.gather(*(line.close() for line in lines))

    async def _line(self, account: Account) -> Line:
        async with self._doors.setdefault(account, asyncio.Lock()):
            line = self._lines.get(account)
            if line is None or not line.is_open:
                line = self._lines[account] = await open_line(account, keep=self._keep)
            return line

    async def _keep(self, name: str, receipt: Receipt) -> bool:
        for pause in PAUSES:
            await asyncio.sleep(pause)
            try:
                await asyncio.get_running_loop().run_in_executor(self._keeper, _note, name, receipt)
            except deliveries.UnknownMessage:
                continue
            except Exception as error:  # noqa: BLE001 - whatever hinders the database, the gateway shall say it again
                logger.warning("gateway %s: a receipt was not kept: %s", name, type(error).__name__)
                return False
            return True
        return False


def _note(name: str, receipt: Receipt) -> None:
    assert receipt.delivery  # noqa: S101 - others are answered before
    close_old_connections()
    try:
        deliveries.note(gateway=name, reference=receipt.reference, delivery=receipt.delivery, at=clock.now())
    finally:
        close_old_connections()


@cache
def _made() -> Board:
    board = Board()
    atexit.register(close)
    return board


_making = threading.Lock()


def _board() -> Board:
    with _making:
        return _made()
