"""Delivery: the lanes of all channel accounts, side by side; one that rests or fails never holds up another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.lane import GRACE, Lane
from handlers.sending import limits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.channels.channel import Channel
    from bot.clock import Clock
    from handlers.sending.limits import Limitations
    from storage.database import Database

LONGEST_END = GRACE + 5.0
"""Seconds that lanes are given to end, with what they have to note."""


class Delivery:
    """The lanes of all channels."""

    def __init__(
        self, database: Database, channels: Iterable[Channel], clock: Clock, limitations: Limitations | None = None
    ) -> None:
        of = limitations or limits.shipped()
        lanes = [Lane(database, channel, clock, of) for channel in channels]
        self._lanes: dict[tuple[str, str], Lane] = {lane.key: lane for lane in lanes}

    def nudge(self) -> None:
        """Look for something to send now; to be called on the event loop."""
        for lane in self._lanes.values():
            lane.wake.set()

    async def run(self) -> None:
        """Send until cancelled; then let calls end and note what came of them."""
        running = {asyncio.create_task(lane.run()) for lane in self._lanes.values()}
        try:
            if not running:
                await asyncio.Event().wait()
            ended, _ = await asyncio.wait(running, return_when=asyncio.FIRST_EXCEPTION)
            for task in ended:
                task.result()
        finally:
            for lane in self._lanes.values():
                lane.stop()
            _, late = await asyncio.wait(running, timeout=LONGEST_END) if running else (set(), set())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def settle(self) -> None:
        """Wait until nothing is due any more, for those who want to see everything before they go on."""
        while any(lane.is_busy() for lane in self._lanes.values()) or await asyncio.to_thread(self._any_due):
            self.nudge()
            await asyncio.sleep(0.02)

    def _any_due(self) -> bool:
        return any(lane.has_due() for lane in self._lanes.values())

    async def drain(self, lane: tuple[str, str]) -> int:
        """Send what is due in a lane now, at most one batch; how many messages were tried."""
        return await self._lanes[lane].drain()
