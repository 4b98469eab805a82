"""The workers: hand each talk to the router in a thread, one message of a talk at a time, other talks beside it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.router import Router
    from storage.messages import TalkKey

THREADS = 8

log = structlog.get_logger(__name__)


class Workers:
    """A pool of threads that work off talks."""

    def __init__(self, router: Router, done: Callable[[], None]) -> None:
        self._router = router
        self._done = done
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="router")
        self._busy: dict[TalkKey, asyncio.Task[None]] = {}
        self._again: set[TalkKey] = set()

    def submit(self, talk: TalkKey) -> None:
        """See to it that every stored message of `talk` is worked; to be called on the event loop."""
        if talk in self._busy:
            self._again.add(talk)
            return
        self._busy[talk] = asyncio.create_task(self._work(talk))

    async def idle(self) -> None:
        """Wait until everything that was submitted has been worked."""
        while self._busy:
            await asyncio.gather(*self._busy.values())

    async def close(self) -> None:
        """Finish what is under way and stop."""
        await self.idle()
        self._pool.shutdown()

    async def _work(self, talk: TalkKey) -> None:
        try:
            while True:
                self._again.discard(talk)
                await asyncio.get_running_loop().run_in_executor(self._pool, self._router.work_off, talk)
                self._done()
                if talk not in self._again:
                    return
        except Exception:
            # The messages stay stored; the timetable takes them up again.
            log.exception("talk failed", channel=talk.channel)
        finally:
            del self._busy[talk]
