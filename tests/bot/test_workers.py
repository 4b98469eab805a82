"""The workers: messages of one talk in order, one at a time, while other talks go on."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from typing import TYPE_CHECKING

from bot.router import Router
from bot.workers import Workers
from handlers.forms import Forms
from handlers.routes import InGroup, Routes
from handlers.turn import Reply, Turn
from nlu.policy.library import PolicyLibrary
from nlu.understanding import NO_CONTEXT, Context, Intent, Understanding
from storage.messages import TalkKey
from tests.bot.fakes import LI, ZHANG, Bot, TableParser, inbound, log_lines, private, settle

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Database

WAIT = 10
ONE = TalkKey("test", "bot", "p:1", "1")
TWO = TalkKey("test", "bot", "p:2", "2")


class CountingRouter(Router):
    """Notes who is worked, and whether one talk was ever in two hands."""

    def __init__(self) -> None:
        self.worked: Counter[TalkKey] = Counter()
        self.doubled = False
        self.gates: dict[TalkKey, threading.Event] = {}
        self.entered: dict[TalkKey, threading.Event] = {ONE: threading.Event(), TWO: threading.Event()}
        self.fails = False
        self._inside: set[TalkKey] = set()

    def work_off(self, talk: TalkKey) -> int:
        self.doubled |= talk in self._inside
        self._inside.add(talk)
        self.entered[talk].set()
        if talk in self.gates:
            assert self.gates[talk].wait(WAIT)
        self._inside.discard(talk)
        if self.fails:
            raise ConnectionError("the database is away")
        self.worked[talk] += 1
        return 1


def test_a_talk_that_is_being_worked_is_worked_once_more_for_what_came_meanwhile() -> None:
    router, done = CountingRouter(), []
    router.gates[ONE] = threading.Event()

    async def run() -> None:
        workers = Workers(router, lambda: done.append(1))
        workers.submit(ONE)
        await asyncio.to_thread(router.entered[ONE].wait, WAIT)
        for _ in range(5):
            workers.submit(ONE)
        router.gates[ONE].set()
        await workers.idle()
        assert router.worked == {ONE: 2}
        workers.submit(ONE)
        await workers.close()

    asyncio.run(run())
    assert router.worked == {ONE: 3}
    assert len(done) == 3
    assert not router.doubled


def test_another_talk_goes_on_beside_one_that_hangs() -> None:
    router = CountingRouter()
    router.gates[ONE] = threading.Event()

    async def run() -> None:
        workers = Workers(router, lambda: None)
        workers.submit(ONE)
        await asyncio.to_thread(router.entered[ONE].wait, WAIT)
        workers.submit(TWO)
        async with asyncio.timeout(WAIT):
            while not router.worked[TWO]:
                await asyncio.sleep(0.001)
        assert router.worked[ONE] == 0
        router.gates[ONE].set()
        await workers.close()

    asyncio.run(run())
    assert router.worked == {ONE: 1, TWO: 1}


def test_a_talk_that_failed_can_be_taken_up_again() -> None:
    router = CountingRouter()
    router.fails = True

    async def run() -> None:
        workers = Workers(router, lambda: None)
        workers.submit(ONE)
        await workers.idle()
        router.fails = False
        workers.submit(ONE)
        await workers.close()

    with log_lines() as lines:
        asyncio.run(run())
    assert router.worked == {ONE: 1}
    assert len([line for line in lines if "talk failed" in line]) == 1


def test_closing_finishes_what_is_under_way() -> None:
    router = CountingRouter()

    async def run() -> None:
        workers = Workers(router, lambda: None)
        for talk in (ONE, TWO):
            workers.submit(talk)
        await workers.close()
        workers.submit(ONE)
        await workers.idle()

    with log_lines() as lines:
        asyncio.run(run())
    assert "talk failed" in lines[0]
    assert router.worked == {ONE: 1, TWO: 1}


class SlowParser(TableParser):
    """Understands one text only when it is let."""

    def __init__(self, slow: str) -> None:
        super().__init__({})
        self.slow = slow
        self.reached, self.let = threading.Event(), threading.Event()

    def parse(self, text: str, now: datetime, context: Context = NO_CONTEXT) -> Understanding:
        if text == self.slow:
            self.reached.set()
            assert self.let.wait(WAIT)
        return super().parse(text, now, context)


def test_a_slow_message_holds_up_its_own_talk_and_no_other(database: Database) -> None:
    """Nothing is locked while a text is being understood, so that this also holds on SQLite."""
    routes = Routes()

    @routes.on(Intent.OUT_OF_SCOPE, in_group=InGroup.ACT)
    def echo(turn: Turn) -> Reply:
        return Reply(turn.text)

    settle(database)
    bot = Bot(database, routes, {})
    parser = SlowParser("第0句")
    router = Router(database, parser, PolicyLibrary(), bot.clock, routes, Forms())

    def waiting() -> list[TalkKey]:
        with bot.work() as work:
            return work.messages.waiting_talks(bot.clock.now)

    async def run() -> None:
        workers = Workers(router, bot.delivery.nudge)
        for number in range(5):
            message = inbound(LI, f"第{number}句")
            await asyncio.to_thread(bot.inbox.receive, message)
            workers.submit(message.talk)
        await asyncio.to_thread(parser.reached.wait, WAIT)
        for number in range(5):
            message = inbound(ZHANG, f"张{number}")
            await asyncio.to_thread(bot.inbox.receive, message)
            workers.submit(message.talk)
        async with asyncio.timeout(WAIT):
            while len(waiting()) > 1:
                await asyncio.sleep(0.002)
        assert waiting() == [inbound(LI, "").talk]
        parser.let.set()
        await workers.close()

    asyncio.run(run())
    assert bot.heard(private(ZHANG)).split() == [f"张{number}" for number in range(5)]
    assert bot.heard(private(LI)).split() == [f"第{number}句" for number in range(5)]
