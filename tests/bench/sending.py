"""The sender's own work for each message, on PostgreSQL and a channel that answers at once, beside bare commits."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, text

from bot.channels.channel import Channel, Outgoing
from bot.lane import Lane
from handlers.sending.limits import Limitations, Quiet
from nlu.times import SHANGHAI
from storage.messages import OutboxMessage, OutboxState, Priority
from storage.unit_of_work import UnitOfWork
from tests.bench.figures import Figure
from tests.bench.postgres import fresh_database

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database

MESSAGES = 3_000
BARE = 300
PER_S = 500.0
NOW = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)


class _AtOnce(Channel):
    """Takes everything at once."""

    account = "bench"

    def __init__(self, name: str, *, knows_keys: bool) -> None:
        self.name, self.knows_keys = name, knows_keys
        self.taken = 0

    async def send(self, message: Outgoing) -> str:
        self.taken += 1
        return f"platform-{message.key}"


def measure(steps: Callable[[str, int], Callable[[], None]]) -> list[Figure]:
    """Send to everybody on a channel that knows keys and on one that does not; a ratio is of bare commits a message."""
    advance = steps("broadcasts", 2)
    found = []
    with fresh_database() as database:
        bare = _bare(database)
        for knows_keys, name in ((True, "keyed"), (False, "unkeyed")):
            seconds = _send(database, _AtOnce(name, knows_keys=knows_keys))
            title = (
                f"sent a second by one process, of {MESSAGES:,}" if knows_keys else "  where the platform knows no keys"
            )
            each = seconds / MESSAGES
            found.append(
                Figure(
                    title, 1 / each, "/s", MESSAGES, ratio=each / bare, target=PER_S if knows_keys else None, more=True
                )
            )
            advance()
    return [*found, Figure("  bare updates of one such row, with a commit", 1 / bare, "/s", BARE)]


def _send(database: Database, channel: _AtOnce) -> float:
    rows = [_row(channel.name, number) for number in range(MESSAGES)]
    with UnitOfWork(database) as work:
        work.session.connection().execute(insert(OutboxMessage.__table__), rows)  # type: ignore[arg-type]
        work.session.execute(text("ANALYZE outbox"))
        work.commit()
    lane = Lane(database, channel, lambda: NOW, Limitations(quiet=Quiet(NOW.time(), NOW.time())))
    began = time.perf_counter()
    asyncio.run(_run(lane))
    took = time.perf_counter() - began
    with UnitOfWork(database, read_only=True) as work:
        left = work.outbox.waiting(lane.key, Priority.NOTICE, NOW)
    if (channel.taken, left) != (MESSAGES, 0):
        raise RuntimeError(f"{channel.taken} of {MESSAGES} messages were taken, {left} are left")
    return took


async def _run(lane: Lane) -> None:
    while await lane.step() or lane.is_busy():
        await asyncio.sleep(0)


def _row(channel: str, number: int) -> dict[str, object]:
    return {
        "key": f"{channel}:{number}",
        "channel": channel,
        "account": _AtOnce.account,
        "chat": f"p:{number}",
        "text": "明天8点到18点停水，请提前存水，收到请回复。",
        "choices": [],
        "priority": Priority.NOTICE,
        "due_at": NOW,
        "state": OutboxState.DUE,
        "attempts": 0,
    }


def _bare(database: Database) -> float:
    """Seconds of one update of a row with its commit, by the driver alone."""
    with UnitOfWork(database) as work:
        work.session.connection().execute(insert(OutboxMessage.__table__), [_row("bare", 0)])  # type: ignore[arg-type]
        work.commit()
    connection = database.engine.raw_connection()
    cursor = connection.cursor()
    began = time.perf_counter()
    for number in range(BARE):
        cursor.execute("UPDATE outbox SET attempts = %s WHERE key = 'bare:0'", (number,))
        connection.commit()
    took = time.perf_counter() - began
    connection.close()
    return took / BARE
