"""A sender to be killed: the real lane in a process of its own, which calls a platform over a socket."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import time, timedelta

from bot import lane as lane_module
from bot import logs
from bot.channels.channel import Channel, ChannelError, Failure, Outgoing
from bot.clock import system_clock
from bot.lane import Lane
from handlers.sending.limits import Limitations, Limits, Quiet, Rate
from storage.database import Database
from tests.bot.strict_platform import Answer, outcome_of

NAME = "first"
RATE = Rate(140, 1, 20)
LIMITATIONS = Limitations({NAME: Limits((RATE,), per_day=100_000, at_once=48)}, quiet=Quiet(time(0), time(0)))
"""By day and by night: the test runs on a real clock."""

LEASE = timedelta(seconds=1)
ANSWERS_WITHIN = 2.0


@dataclass(frozen=True, slots=True)
class SocketChannel(Channel):
    """One call a connection; what ends without an answer may have been taken."""

    port: int
    name: str = NAME
    account: str = "bot"
    knows_keys: bool = False

    async def send(self, message: Outgoing) -> str:
        """Call the platform."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(f"{json.dumps([message.key, message.chat])}\n".encode())
            answer = (await reader.readline()).decode().strip()
        finally:
            writer.close()
        if not answer:
            raise ChannelError("hung up", Failure.UNKNOWN)
        return outcome_of(Answer(answer), message.key)


def send(url: str, port: int) -> None:
    """Send until killed."""
    logs.set_up("CRITICAL")
    # Fifty deaths at eight seconds each would be minutes of nothing but waiting.
    lane_module.LEASE, lane_module.LOOK_EVERY, lane_module.SEND_TIMEOUT = LEASE, 0.2, ANSWERS_WITHIN
    asyncio.run(Lane(Database(url), SocketChannel(port), system_clock, LIMITATIONS).run())
