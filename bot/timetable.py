"""The timetable: APScheduler calls what is due again and again, each time in a transaction of its own."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from handlers.turn import Desk
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.clock import Clock
    from bot.inbox import Inbox
    from handlers.routes import Duty
    from storage.database import Database
    from storage.messages import TalkKey

RECOVER_EVERY = 10
LEFT_OVER_AFTER = timedelta(seconds=30)
"""A message that has waited this long was left by a crash, or by a database that was away."""

log = structlog.get_logger(__name__)


class Timetable:
    """Runs the duties of all features while the bot runs; what a restart missed is done at the next look."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        duties: Iterable[Duty],
        inbox: Inbox,
        submit: Callable[[TalkKey], None],
        nudge: Callable[[], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._duties = tuple(duties)
        self._inbox = inbox
        self._submit = submit
        self._nudge = nudge
        self._scheduler = AsyncIOScheduler(
            timezone="Asia/Shanghai", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin; to be called on the event loop."""
        for duty in self._duties:
            self._scheduler.add_job(self._run, "interval", seconds=duty.seconds, args=[duty], id=duty.name)
        self._scheduler.add_job(self.recover, "interval", seconds=RECOVER_EVERY, id="inbox.recover")
        self._scheduler.start()

    def stop(self) -> None:
        """Call nothing any more."""
        self._scheduler.shutdown(wait=False)

    async def recover(self, older_than: timedelta = LEFT_OVER_AFTER) -> None:
        """Take up the messages that were stored and never worked."""
        with suppress(asyncio.CancelledError):
            # The bot stops: what is left over is taken up by the next start.
            for talk in await asyncio.to_thread(self._inbox.left_over, older_than):
                self._submit(talk)

    async def _run(self, duty: Duty) -> None:
        try:
            await asyncio.to_thread(run_duty, self._database, duty, self._clock)
        except asyncio.CancelledError:
            # The bot stops: the duty does what is due at the next start.
            return
        except Exception:
            log.exception("duty failed", duty=duty.name)
        else:
            self._nudge()


def run_duty(database: Database, duty: Duty, clock: Clock) -> None:
    """Do what is due of one duty now, in one transaction, which is not begun where there is nothing to do."""
    if duty.over is not None and database.is_empty(duty.over):
        return
    now = clock()
    with UnitOfWork(database, read_only=duty.read_only) as work:
        duty.run(Desk(work, now, f"duty:{duty.name}:{now.isoformat()}"))
        if not duty.read_only:
            work.commit()
