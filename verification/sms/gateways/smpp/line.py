"""One line to a gateway: bound once, then used by all who send until it breaks. Lives in an event loop."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from verification.sms.gateways.failures import GatewayDown, Refused
from verification.sms.gateways.smpp import packets, said
from verification.sms.gateways.smpp.account import Account
from verification.sms.gateways.smpp.wire import Wire
from verification.sms.receipts import Receipt

THROTTLED_FOR = timedelta(seconds=30)
"""SMPP names no time when it says "later"."""
MOST_RECEIPTS = 500
"""How many receipts may be in work at a time; more are put off."""

Keep = Callable[[str, Receipt], Awaitable[bool]]
"""Keeps what the gateway of this name said; False when it shall say it again later."""


async def open_line(account: Account, *, keep: Keep) -> "Line":
    """Return a new line that is bound; raises `GatewayDown`. How long that may take is the caller's to say."""
    try:
        context = ssl.create_default_context(cafile=account.ca or None) if account.tls else None
        reader, writer = await asyncio.open_connection(account.host, account.port, ssl=context)
    except OSError as error:
        raise GatewayDown(f"{account.name}: {type(error).__name__}") from None
    line = Line(account, Wire(account.name, reader, writer), keep=keep)
    try:
        await line.bind()
    except BaseException:
        line.hang_up("not bound")
        raise
    return line


class Line:
    """Open with `open_line()`."""

    def __init__(self, account: Account, wire: Wire, *, keep: Keep) -> None:
        self._account, self._wire, self._keep = account, wire, keep
        self._numbers = packets.Numbers()
        self._free_at = 0.0
        self._receipts: set[asyncio.Task[None]] = set()
        self._listening = asyncio.create_task(self._listen())

    @property
    def is_open(self) -> bool:
        """Whether messages can go over it, as far as we know."""
        return self._wire.is_open

    async def bind(self) -> None:
        """Log in; raises `GatewayDown` when the gateway does not want us."""
        answer = await self._wire.ask(packets.bind(self._account, self._numbers))
        if answer.status != packets.OK or answer.command != "bind_transceiver_resp":
            raise GatewayDown(f"{self._account.name}: bind refused, status {answer.status:#x}")

    async def submit(self, *, to: str, text: str) -> str:
        """Hand a message over and return the gateway's reference; raises `GatewayDown` or `Refused`."""
        await self._turn()
        answer = await self._wire.ask(packets.submit(self._account, self._numbers, to=to, text=text))
        words = f"{self._account.name}: answered with status {answer.status:#x}"
        if answer.status in packets.THROTTLED:
            raise GatewayDown(words, wait=THROTTLED_FOR)
        if answer.status in packets.REFUSED:
            raise Refused(words)
        if answer.status != packets.OK or answer.command != "submit_sm_resp":
            raise GatewayDown(words)
        return said.reference(self._account, answer)

    async def close(self) -> None:
        """Say goodbye, and hang up after a second at most."""
        with suppress(GatewayDown, TimeoutError):
            async with asyncio.timeout(1):
                await self._wire.ask(packets.plain("unbind", self._numbers))
        self.hang_up("closed")

    def hang_up(self, why: str) -> None:
        """End the line at once."""
        self._wire.hang_up(why)
        if self._listening is not asyncio.current_task():
            self._listening.cancel()
        # Receipts that were not answered come again over the next line.
        for task in self._receipts:
            task.cancel()

    async def _turn(self) -> None:
        """Wait until the next message may go out, where the account says how many may in a second."""
        if self._account.per_second:
            now = asyncio.get_running_loop().time()
            begin = max(now, self._free_at)
            self._free_at = begin + 1 / self._account.per_second
            await asyncio.sleep(begin - now)

    async def _listen(self) -> None:
        """Act on each packet until the line breaks."""
        try:
            await self._talk()
        except Exception as error:  # noqa: BLE001 - whatever a gateway sends ends this line, and nothing of it is quoted
            self.hang_up(type(error).__name__)
        else:
            self.hang_up("ended by the gateway")

    async def _talk(self) -> None:
        """Return when the gateway says goodbye; after `idle` seconds of silence ask whether it lives."""
        is_asked, goes_on = False, True
        while goes_on:
            try:
                async with asyncio.timeout(self._account.seconds if is_asked else self._account.idle):
                    packet = await self._wire.hear()
            except packets.Unreadable as error:
                if not error.sequence:
                    raise
                self._wire.not_understood(error.sequence)
            except TimeoutError:
                if is_asked:
                    raise
                self._wire.say(packets.plain("enquire_link", self._numbers))
                is_asked = True
            else:
                is_asked, goes_on = False, self._act(packet)

    def _act(self, packet: Any) -> bool:
        """Do what a packet asks for; return whether the line goes on."""
        number, name = packet.sequence, packet.command
        if name == "deliver_sm":
            self._take(packet)
        elif name in {"enquire_link", "unbind"}:
            self._wire.say(packets.answer(f"{name}_resp", number))
        elif packet.is_response():
            self._wire.answered(packet)
        elif name != "alert_notification":
            self._wire.not_understood(number)
        return bool(name != "unbind")

    def _take(self, packet: Any) -> None:
        receipt = said.receipt(self._account, packet)
        if receipt is None or receipt.delivery is None:
            # What people write to our sender name is not read; a message on its way says nothing.
            self._wire.say(packets.answer("deliver_sm_resp", packet.sequence))
        elif len(self._receipts) >= MOST_RECEIPTS:
            self._wire.say(packets.answer("deliver_sm_resp", packet.sequence, status=packets.BUSY))
        else:
            task = asyncio.create_task(self._keep_receipt(receipt, packet.sequence))
            self._receipts.add(task)
            task.add_done_callback(self._receipts.discard)

    async def _keep_receipt(self, receipt: Receipt, number: int) -> None:
        """Answer once the receipt is kept: before, the gateway would forget it."""
        is_kept = await self._keep(self._account.name, receipt)
        status = packets.OK if is_kept else packets.TRY_LATER
        self._wire.say(packets.answer("deliver_sm_resp", number, status=status))
