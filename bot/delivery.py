"""Delivery: sends due outbox rows, one lane a channel account, tries again, and gives up with a reason."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.channels.channel import Button, Channel, ChannelError, Outgoing
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.clock import Clock
    from storage.database import Database
    from storage.messages import OutboxMessage

BATCH = 5
SEND_TIMEOUT = 10.0
LEASE = timedelta(seconds=BATCH * SEND_TIMEOUT + 10)
"""How long a claim holds: longer than its batch can take; what a dead sender held is free after this."""

LOOK_EVERY = 1.0
MOST_ATTEMPTS = 8
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 300.0

log = structlog.get_logger(__name__)


class Delivery:
    """The lanes of all channels."""

    def __init__(self, database: Database, channels: Iterable[Channel], clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lanes = {(channel.name, channel.account): channel for channel in channels}
        self._wake = {lane: asyncio.Event() for lane in self._lanes}

    def nudge(self) -> None:
        """Look for something to send now; to be called on the event loop."""
        for event in self._wake.values():
            event.set()

    async def run(self) -> None:
        """Send until cancelled; a lane that fails never holds up another."""
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes:
                group.create_task(self._run_lane(lane))

    async def _run_lane(self, lane: tuple[str, str]) -> None:
        while True:
            try:
                sent = await self.drain(lane)
            except Exception:
                log.exception("lane failed", channel=lane[0])
                sent = 0
                await asyncio.sleep(LOOK_EVERY)
            if not sent:
                await self._sleep(lane)

    async def _sleep(self, lane: tuple[str, str]) -> None:
        event = self._wake[lane]
        try:
            # Not wait_for: in Python 3.11 it swallows a cancellation that comes together with a nudge.
            async with asyncio.timeout(LOOK_EVERY):
                await event.wait()
        except TimeoutError:
            return
        event.clear()

    async def settle(self) -> None:
        """Wait until nothing is due any more, for those who want to see everything before they go on."""
        while await asyncio.to_thread(self._any_due):
            self.nudge()
            await asyncio.sleep(0.02)

    def _any_due(self) -> bool:
        with UnitOfWork(self._database, read_only=True) as work:
            return any(work.messages.has_due(*lane, self._clock()) for lane in self._lanes)

    async def drain(self, lane: tuple[str, str]) -> int:
        """Send what is due in a lane now, at most one batch; how many messages were tried."""
        claimed = await asyncio.to_thread(self._claim, lane)
        for message in claimed:
            await self._send(self._lanes[lane], message)
        return len(claimed)

    async def _send(self, channel: Channel, message: OutboxMessage) -> None:
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                platform_id = await channel.send(as_outgoing(message))
        except TimeoutError:
            await asyncio.to_thread(self._failed, message, ChannelError("timeout", permanent=False))
        except ChannelError as error:
            await asyncio.to_thread(self._failed, message, error)
        except Exception as error:
            log.exception("channel failed", channel=channel.name)
            await asyncio.to_thread(self._failed, message, ChannelError(repr(error), permanent=False))
        else:
            await asyncio.to_thread(self._sent, message, platform_id)

    def _claim(self, lane: tuple[str, str]) -> list[OutboxMessage]:
        with UnitOfWork(self._database, read_only=True) as work:
            if not work.messages.has_due(*lane, self._clock()):
                return []
        with UnitOfWork(self._database) as work:
            claimed = list(work.messages.claim(*lane, self._clock(), LEASE, BATCH))
            work.commit()
            return claimed

    def _sent(self, message: OutboxMessage, platform_id: str | None) -> None:
        with UnitOfWork(self._database) as work:
            work.messages.mark_sent(message.id, self._clock(), platform_id)
            work.commit()

    def _failed(self, message: OutboxMessage, error: ChannelError) -> None:
        with UnitOfWork(self._database) as work:
            if error.permanent or message.attempts >= MOST_ATTEMPTS:
                log.warning("message given up", row=message.id, channel=message.channel, reason=str(error))
                work.messages.mark_dead(message.id, str(error))
            else:
                pause = timedelta(seconds=error.after or pause_after(message.attempts))
                work.messages.mark_retry(message.id, self._clock() + pause, str(error))
            work.commit()


def as_outgoing(message: OutboxMessage) -> Outgoing:
    """An outbox row as a channel gets it."""
    buttons = tuple(Button(choice["label"], choice["payload"]) for choice in message.choices)
    return Outgoing(message.key, message.chat, message.text, buttons)


def pause_after(attempts: int) -> float:
    """Seconds to wait after so many tries: doubling, with jitter, so that a platform that comes back is not rushed."""
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (attempts - 1))
    return pause * random.uniform(0.75, 1.25)
