"""One line to a gateway: bound once, then used by all who send until it breaks. Lives in an event loop."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from verification.sms.gateways.failures import GatewayDown, Refused
from verification.sms.gateways.smpp import packets, said
from verification.sms.gateways.smpp.account import Account
from verification.sms.receipts import Receipt

THROTTLED_FOR = timedelta(seconds=30)
"""SMPP names no time when it says "later"."""
MOST_RECEIPTS = 500
"""How many receipts may be in work at a time; more are put off."""

Keep = Callable[[str, Receipt], Awaitable[bool]]
"""Keeps what the gateway of this name said; False when it shall say it again later."""

logger = logging.getLogger(__name__)


class Line:
    """Open with `open_line()`. Each packet that goes out has a number; its answer carries the same."""

    def __init__(
        self, account: Account, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, keep: Keep
    ) -> None:
        self.account = account
        self.is_open = True
        self._reader, self._writer, self._keep = reader, writer, keep
        self._numbers, self._buffer = packets.Numbers(), bytearray()
        self._free_at = 0.0
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._receipts: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Task[None] | None = None

    async def bind(self) -> None:
        """Log in, and listen from then on; raises `GatewayDown` when the gateway does not want us."""
        self._listening = asyncio.create_task(self._listen())
        answer = await self._ask(packets.bind(self.account, self._numbers))
        if answer.status != packets.OK or answer.command != "bind_transceiver_resp":
            raise GatewayDown(f"{self.account.name}: bind refused, status {answer.status:#x}")

    async def submit(self, *, to: str, text: str) -> str:
        """Hand a message over and return the gateway's reference; raises `GatewayDown` or `Refused`."""
        await self._turn()
        answer = await self._ask(packets.submit(self.account, self._numbers, to=to, text=text))
        words = f"{self.account.name}: answered with status {answer.status:#x}"
        if answer.status in packets.THROTTLED:
            raise GatewayDown(words, wait=THROTTLED_FOR)
        if answer.status in packets.REFUSED:
            raise Refused(words)
        if answer.status != packets.OK or answer.command != "submit_sm_resp":
            raise GatewayDown(words)
        return said.reference(self.account, answer)

    async def _turn(self) -> None:
        """Wait until the next message may go out, where the account says how many may in a second."""
        if self.account.per_second:
            now = asyncio.get_running_loop().time()
            begin = max(now, self._free_at)
            self._free_at = begin + 1 / self.account.per_second
            await asyncio.sleep(begin - now)

    async def close(self) -> None:
        """Say goodbye, and hang up after a second at most."""
        with suppress(GatewayDown, TimeoutError):
            async with asyncio.timeout(1):
                await self._ask(packets.plain("unbind", self._numbers))
        self.hang_up("closed")

    def hang_up(self, why: str) -> None:
        """End the line at once, and tell those who wait for an answer."""
        if not self.is_open:
            return
        self.is_open = False
        logger.info("gateway %s: line %s", self.account.name, why)
        self._writer.transport.abort()
        if self._listening and self._listening is not asyncio.current_task():
            self._listening.cancel()
        # Receipts that were not answered come again over the next line.
        for task in self._receipts:
            task.cancel()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(GatewayDown(f"{self.account.name}: the line broke"))

    async def _ask(self, request: Any) -> Any:
        """Send a request and return the answer to it. How long that may take is the caller's to say."""
        if not self.is_open:
            raise GatewayDown(f"{self.account.name}: the line is broken")
        answer = self._waiting[request.sequence] = asyncio.get_running_loop().create_future()
        try:
            self._say(request)
            await self._writer.drain()
            return await answer
        except OSError as error:
            raise GatewayDown(f"{self.account.name}: {type(error).__name__}") from None
        except asyncio.CancelledError:
            # Out of time, and half a packet lies there: what comes next could not be told from the rest of it.
            if self._buffer:
                self.hang_up("stuck")
            raise
        finally:
            del self._waiting[request.sequence]
            if answer.done() and not answer.cancelled():
                answer.exception()  # looked at, or asyncio would log it

    def _say(self, packet: Any) -> None:
        if self.is_open:
            self._writer.write(packet.generate())

    async def _listen(self) -> None:
        """Act on each packet until the line breaks, and tell those who wait."""
        try:
            await self._talk()
        except (OSError, EOFError, packets.Unreadable) as error:
            self.hang_up(type(error).__name__)
        finally:
            self.hang_up("ended")

    async def _talk(self) -> None:
        is_asked = False
        while True:
            try:
                async with asyncio.timeout(self.account.seconds if is_asked else self.account.idle):
                    packet = await self._next()
            except TimeoutError:
                if is_asked:
                    raise
                self._say(packets.plain("enquire_link", self._numbers))
                is_asked = True
                continue
            is_asked = False
            if not self._act(packet):
                return

    async def _next(self) -> bytes:
        """Return the next whole packet. Nothing is lost when this is cancelled: what came in stays in the buffer."""
        while (packet := packets.cut(self._buffer)) is None:
            if not (more := await self._reader.read(4096)):
                raise EOFError
            self._buffer += more
        return packet

    def _act(self, octets: bytes) -> bool:
        """Do what a packet asks for; return whether the line goes on."""
        try:
            packet = packets.read(octets)
        except packets.Unreadable as error:
            self._nack(error.sequence)
            return True
        number, name = packet.sequence, packet.command
        if name == "unbind":
            self._say(packets.answer("unbind_resp", number))
            return False
        if name == "enquire_link":
            self._say(packets.answer("enquire_link_resp", number))
        elif name == "deliver_sm":
            self._take(packet)
        elif packet.is_response():
            waiting = self._waiting.get(number)
            # The answer to one who has stopped waiting is thrown away.
            if waiting and not waiting.done():
                waiting.set_result(packet)
        elif name != "alert_notification":
            self._nack(number)
        return True

    def _nack(self, number: int) -> None:
        """Tell that a packet was not understood; whoever waits for it learns so as well."""
        if (waiting := self._waiting.get(number)) and not waiting.done():
            waiting.set_exception(GatewayDown(f"{self.account.name}: answer not readable"))
        else:
            self._say(packets.answer("generic_nack", number, status=packets.UNKNOWN_COMMAND))

    def _take(self, packet: Any) -> None:
        receipt = said.receipt(self.account, packet)
        if receipt is None or receipt.delivery is None:
            # What people write to our sender name is not read; a message on its way says nothing.
            self._say(packets.answer("deliver_sm_resp", packet.sequence))
        elif len(self._receipts) >= MOST_RECEIPTS:
            self._say(packets.answer("deliver_sm_resp", packet.sequence, status=packets.BUSY))
        else:
            task = asyncio.create_task(self._keep_receipt(receipt, packet.sequence))
            self._receipts.add(task)
            task.add_done_callback(self._receipts.discard)

    async def _keep_receipt(self, receipt: Receipt, number: int) -> None:
        """Answer once the receipt is kept: before, the gateway would forget it."""
        is_kept = await self._keep(self.account.name, receipt)
        status = packets.OK if is_kept else packets.TRY_LATER
        self._say(packets.answer("deliver_sm_resp", number, status=status))


async def open_line(account: Account, *, keep: Keep) -> Line:
    """Return a new line that is bound; raises `GatewayDown`. How long that may take is the caller's to say."""
    context = ssl.create_default_context(cafile=account.ca or None) if account.tls else None
    try:
        reader, writer = await asyncio.open_connection(account.host, account.port, ssl=context)
    except OSError as error:
        raise GatewayDown(f"{account.name}: {type(error).__name__}") from None
    line = Line(account, reader, writer, keep=keep)
    try:
        await line.bind()
    except BaseException:
        line.hang_up("not bound")
        raise
    return line
