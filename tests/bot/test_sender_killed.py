"""A broadcast to ten thousand by real processes, of which one is killed again and again: `make slow`."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select

from bot.clock import system_clock
from handlers.sending import planning
from handlers.sending.limits import Limits, Rate
from storage.lanes import LaneKey
from storage.messages import OutboxMessage, OutboxState, Priority
from storage.people import Identity, Person
from storage.unit_of_work import UnitOfWork
from tests.bot import sender_child
from tests.bot.sender_child import ANSWERS_WITHIN, LEASE, LIMITATIONS, NAME, RATE
from tests.bot.strict_platform import Answer, StrictPlatform
from tests.storage.rows import plant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from storage.database import Database

PEOPLE, KILLS, SENDERS = 10_000, 50, 2
LONGEST = 1_200.0
LANE = LaneKey(NAME, "bot")
PAUSE = 0.8 * LEASE.total_seconds()
"""Seconds without a call in which nobody was sending: a sender died, and the next one waited for its lane."""

WIDER = Rate(int(RATE.most * 1.25), RATE.seconds, RATE.burst)
"""What the platform enforces: a busy machine delays calls, so that they come closer together than they were made."""


@dataclass(slots=True)
class SocketPlatform:
    """The strict platform on a port of its own, in a thread."""

    chance: random.Random
    platform: StrictPlatform
    called: list[float] = field(default_factory=list)
    port: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,))
        self._thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        assert self._thread is not None
        self._thread.join(10)

    def _serve(self, ready: threading.Event) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._take, "127.0.0.1", 0, backlog=1_000))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.1))
        self._loop.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if line := await reader.readline():
                key, chat = json.loads(line)
                self.called.append(time.monotonic())
                await self._answer(self.platform.call(key, chat, system_clock()), writer)
        except ConnectionError:
            # Whoever called was killed.
            pass
        finally:
            writer.close()

    async def _answer(self, answer: Answer, writer: asyncio.StreamWriter) -> None:
        match answer:
            case Answer.SILENT | Answer.LOST:
                await asyncio.sleep(self.chance.choice((0.0, ANSWERS_WITHIN + 0.5)))
                return
            case Answer.LATE:
                await asyncio.sleep(self.chance.uniform(0.0, 0.4))
        writer.write(f"{answer}\n".encode() * (2 if answer is Answer.TWICE else 1))
        await writer.drain()


@pytest.fixture
def served() -> Iterator[SocketPlatform]:
    chance = random.Random(20260415)
    blocked = {f"p:{number}" for number in range(0, PEOPLE, 10)}
    served = SocketPlatform(chance, StrictPlatform(Limits((WIDER,), per_day=100_000), chance, blocked))
    served.start()
    yield served
    served.stop()


def fill(database: Database, now: datetime) -> None:
    """Everybody with one account, and one notice to each."""
    with UnitOfWork(database) as work:
        area, connection = plant(work).grid.id, work.session.connection()
        everybody = range(1, PEOPLE + 1)
        people = [{"id": each, "area_id": area, "created_at": now, "subscribed": True} for each in everybody]
        account = {"channel": NAME, "account": "bot", "seen_at": now}
        accounts = [
            {**account, "person_id": each, "sender": f"{each}", "private_chat": f"p:{each}"} for each in everybody
        ]
        told = {**LANE._asdict(), "text": "停水", "choices": [], "priority": Priority.NOTICE, "due_at": now}
        state = {"state": OutboxState.DUE, "attempts": 0}
        notices = [{**told, **state, "key": f"p:{each}", "chat": f"p:{each}", "person_id": each} for each in everybody]
        for model, rows in ((Person, people), (Identity, accounts), (OutboxMessage, notices)):
            connection.execute(insert(model.__table__), rows)  # type: ignore[arg-type]
        work.commit()


def states(database: Database) -> Counter[OutboxState]:
    wanted = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    with UnitOfWork(database, read_only=True) as work:
        return Counter(dict(work.session.execute(wanted).tuples().all()))


@pytest.mark.slow
def test_ten_thousand_are_reached_once_though_senders_are_killed(database: Database, served: SocketPlatform) -> None:
    now = system_clock()
    fill(database, now)
    with UnitOfWork(database, read_only=True) as work:
        forecast = (planning.through_at(work, now, {LANE: 1}, limitations=LIMITATIONS) - now).total_seconds()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.bot.sender_child"])
    url = database.url.render_as_string(hide_password=False)

    def bear() -> multiprocessing.process.BaseProcess:
        sender = context.Process(target=sender_child.send, args=(url, served.port), daemon=True)
        sender.start()
        return sender

    senders = [bear() for _ in range(SENDERS)]
    kills, end = 0, time.monotonic() + LONGEST
    try:
        while (open_ := states(database))[OutboxState.DUE] + open_[OutboxState.SENDING]:
            assert time.monotonic() < end, open_
            time.sleep(served.chance.uniform(0.5, 3.0))
            dying = served.chance.randrange(SENDERS)
            senders[dying].kill()
            senders[dying].join(10)
            senders[dying] = bear()
            kills += 1
    finally:
        for sender in senders:
            sender.kill()
            sender.join(10)
    assert kills >= KILLS
    check(database, served.platform)
    gaps = [later - earlier for earlier, later in zip(served.called, served.called[1:], strict=False)]
    sending = served.called[-1] - served.called[0] - sum(gap for gap in gaps if gap > PAUSE)
    print(f"{kills} kills, {dict(states(database))}, sending {sending:.1f} s, forecast {forecast:.1f} s")
    assert abs(sending - forecast) < 0.05 * forecast


def check(database: Database, platform: StrictPlatform) -> None:
    """The sums hold, nobody got it twice, whoever is told to have it has it, and no limit was broken."""
    assert platform.breaches == []
    with UnitOfWork(database, read_only=True) as work:
        found = dict(work.session.execute(select(OutboxMessage.chat, OutboxMessage.state)).tuples().all())
    assert len(found) == PEOPLE
    assert set(found.values()) <= {OutboxState.SENT, OutboxState.DEAD, OutboxState.UNKNOWN}
    assert max(platform.delivered.values()) == 1
    for chat, state in found.items():
        if state is not OutboxState.UNKNOWN:
            assert platform.delivered[chat] == (state is OutboxState.SENT), chat
