"""Packets in and out over one connection. Each request that goes out has a number; its answer carries the same."""

import asyncio
import logging
from typing import Any

from verification.sms.gateways.failures import GatewayDown
from verification.sms.gateways.smpp import packets

logger = logging.getLogger(__name__)


class Wire:
    """One connection to the gateway `name`, until either side hangs up. Lives in an event loop."""

    def __init__(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.name, self.is_open = name, True
        self._reader, self._writer, self._buffer = reader, writer, bytearray()
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    def say(self, packet: Any) -> None:
        """Send a packet; over a broken connection nothing happens."""
        if self.is_open:
            self._writer.write(packet.generate())

    async def ask(self, request: Any) -> Any:
        """Send a request and return the answer to it; raises `GatewayDown`. How long to wait is the caller's to say."""
        if not self.is_open:
            raise GatewayDown(f"{self.name}: the line is broken")
        answer = self._waiting[request.sequence] = asyncio.get_running_loop().create_future()
        try:
            self.say(request)
            await self._writer.drain()
            return await answer
        except OSError as error:
            raise GatewayDown(f"{self.name}: {type(error).__name__}") from None
        except asyncio.CancelledError:
            # Out of time, and half a packet lies there: what comes next could not be told from the rest of it.
            if self._buffer:
                self.hang_up("stuck")
            raise
        finally:
            del self._waiting[request.sequence]
            if answer.done() and not answer.cancelled():
                answer.exception()  # looked at, or asyncio would log it

    async def hear(self) -> Any:
        """Return the next packet; raises EOFError at the end, `Unreadable`, and OSError.

        When this is cancelled nothing is lost: what came in stays in the buffer.
        """
        while (packet := packets.cut(self._buffer)) is None:
            if not (more := await self._reader.read(4096)):
                raise EOFError
            self._buffer += more
        return packets.read(packet)

    def answered(self, packet: Any) -> None:
        """Hand an answer to whoever waits for it; that of somebody who has stopped waiting is thrown away."""
        if (waiting := self._waiting.get(packet.sequence)) and not waiting.done():
            waiting.set_result(packet)

    def not_understood(self, number: int) -> None:
        """Tell whoever waits for this packet that it cannot be read, or else the gateway that its request cannot."""
        if (waiting := self._waiting.get(number)) and not waiting.done():
            waiting.set_exception(GatewayDown(f"{self.name}: answer not readable"))
        else:
            self.say(packets.answer("generic_nack", number, status=packets.UNKNOWN_COMMAND))

    def hang_up(self, why: str) -> None:
        """End the connection at once, and tell those who wait for an answer."""
        if not self.is_open:
            return
        self.is_open = False
        logger.info("gateway %s: line %s", self.name, why)
        self._writer.transport.abort()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(GatewayDown(f"{self.name}: the line broke"))
