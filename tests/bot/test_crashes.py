"""Crashes: whatever stops the process and wherever, nothing acknowledged is lost and nothing happens twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import select as polling
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from bot.delivery import Delivery
from bot.inbox import Inbox
from bot.lane import LEASE
from bot.router import Router
from bot.timetable import LEFT_OVER_AFTER
from handlers.forms import Forms
from handlers.routes import InGroup, Routes
from handlers.turn import Reply, Turn
from nlu.policy.library import PolicyLibrary
from nlu.understanding import NO_CONTEXT, Context, Intent, Understanding
from storage.cases import Case
from storage.messages import InboxMessage, InboxState, OutboxMessage, OutboxState
from storage.people import Role
from storage.points import PointsEntry
from storage.unit_of_work import UnitOfWork
from tests.bot import crash_child
from tests.bot.crash_child import ASSENT, MORNING, REPORTERS, STORY, Life
from tests.bot.fakes import LI, WANG, FrailDatabase, Platform, SetClock, TableParser, inbound, private, settle
from tests.storage.rows import case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.channels.channel import Outgoing
    from handlers.turn import Inbound
    from storage.database import Database

WAIT = 30.0


class PowerCut(BaseException):
    """The end of the process: nothing catches it."""


class Cut:
    """Counts the steps of a message and cuts the power at the given one."""

    def __init__(self, step: str = "", number: int = 0) -> None:
        self._at = (step, number)
        self._seen: Counter[str] = Counter()

    def __call__(self, step: str) -> None:
        self._seen[step] += 1
        if (step, self._seen[step]) == self._at:
            raise PowerCut(f"{step} {self._seen[step]}")


class CutParser(TableParser):
    """Understands reports, unless the power is cut."""

    def __init__(self, cut: Cut) -> None:
        super().__init__({"楼上天天漏水": Intent.REPORT_DISPUTE})
        self._cut = cut

    def parse(self, text: str, now: datetime, context: Context = NO_CONTEXT) -> Understanding:
        self._cut("understanding")
        return super().parse(text, now, context)


class CutPlatform(Platform):
    """Takes messages, with steps before and after."""

    def __init__(self, cut: Cut, taken: list[Outgoing]) -> None:
        super().__init__()
        self._cut, self.taken = cut, taken

    async def send(self, message: Outgoing) -> None:
        self._cut("before send")
        await super().send(message)
        self._cut("after send")


def cut_routes(cut: Cut) -> Routes:
    """A report that makes a case, books points and tells two people."""
    routes = Routes()

    @routes.on(Intent.REPORT_DISPUTE, in_group=InGroup.MOVE)
    def report_dispute(turn: Turn) -> Reply:
        cut("in the action")
        area = turn.person.area
        community = turn.work.areas.community_of(area)
        number = turn.work.cases.next_number(community, turn.now.date())
        turn.work.cases.add(case(area, community, number, text=turn.text, reporter=turn.person))
        turn.work.points.credit(turn.person, 2, "报告", f"report:{turn.cause_id}", turn.by)
        cut("in the action")
        turn.tell_all(turn.work.people.answerable({Role.GRID_MEMBER}, area), Reply(f"新事项 {number}"))
        cut("in the action")
        return Reply(f"报上去了 {number}")

    return routes


@dataclass(slots=True)
class Town:
    """What outlives a process: the database, the time, what the platform took, and whether it got its answer."""

    database: Database
    message: Inbound
    clock: SetClock = field(default_factory=SetClock)
    taken: list[Outgoing] = field(default_factory=list)
    acknowledged: bool = False

    def live(self, cut: Cut) -> None:
        """One process, from its start to its end: take up what is left, hear the message, answer, send."""
        database = FrailDatabase(self.database.url, cut)
        try:
            inbox = Inbox(database, self.clock)
            router = Router(database, CutParser(cut), PolicyLibrary(), self.clock, cut_routes(cut), Forms())
            delivery = Delivery(database, [CutPlatform(cut, self.taken)], self.clock)
            if not self.acknowledged:
                inbox.receive(self.message)
                self.acknowledged = True
            for talk in inbox.left_over(timedelta(0)):
                router.work_off(talk)
            while asyncio.run(delivery.drain(("test", "bot"))):
                pass
        finally:
            database.close()


RECEIVED, WORKED, HANDED_OVER, NOTED = range(1, 5)
"""The commits of a message in their order: both that were written are handed over at once, and noted at once."""

STEPS = [
    ("before commit", RECEIVED),
    ("after commit", RECEIVED),
    ("understanding", 1),
    *(("in the action", number) for number in (1, 2, 3)),
    ("before commit", WORKED),
    ("after commit", WORKED),
    ("before commit", HANDED_OVER),
    ("after commit", HANDED_OVER),
    ("before send", 1),
    ("after send", 1),
    ("before send", 2),
    ("after send", 2),
    ("before commit", NOTED),
    ("after commit", NOTED),
]
TAKEN_AND_NOT_NOTED = {
    ("after send", 1): 1,
    ("before send", 2): 1,
    ("after send", 2): 2,
    ("before commit", NOTED): 2,
}
"""How many messages the platform has then and the bot cannot know it: they come again, under the same keys."""


@pytest.mark.parametrize(("step", "number"), STEPS)
def test_a_cut_at_any_step_loses_nothing_and_doubles_nothing(database: Database, step: str, number: int) -> None:
    settle(database)
    town = Town(database, inbound(LI, "楼上天天漏水"))
    with pytest.raises(PowerCut):
        town.live(Cut(step, number))
    assert town.acknowledged == ((step, number) not in STEPS[:2])
    town.clock.later(seconds=LEASE.total_seconds())
    town.live(Cut())
    check_done_once(town)
    again = Counter(message.key for message in town.taken)
    assert sum(again.values()) == 2 + TAKEN_AND_NOT_NOTED.get((step, number), 0)


@pytest.mark.parametrize("seed", range(6))
def test_many_cuts_in_a_row_lose_nothing_and_double_nothing(database: Database, seed: int) -> None:
    settle(database)
    chance = random.Random(seed)
    town = Town(database, inbound(LI, "楼上天天漏水"))
    for _ in range(8):
        step, _number = chance.choice(STEPS)
        with suppress(PowerCut):
            town.live(Cut(step, chance.choice((1, 1, 1, 2))))
        town.clock.later(seconds=LEASE.total_seconds())
    town.live(Cut())
    check_done_once(town)


def check_done_once(town: Town) -> None:
    with UnitOfWork(town.database, read_only=True) as work:
        (row,) = work.session.scalars(select(InboxMessage))
        assert (row.state, row.attempts) == (InboxState.DONE, 0)
        assert [found.number for found in work.session.scalars(select(Case))] == ["20260415-001"]
        assert work.session.scalar(select(func.count()).select_from(PointsEntry)) == 1
        assert work.points.first_broken() is None
        written = list(work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))
    assert [(message.key, message.state) for message in written] == [
        (f"in:{row.id}:1", OutboxState.SENT),
        (f"in:{row.id}:2", OutboxState.SENT),
    ]
    assert {(message.key, message.chat, message.text) for message in town.taken} == {
        (f"in:{row.id}:1", private(WANG), "新事项 20260415-001"),
        (f"in:{row.id}:2", private(LI), "报上去了 20260415-001"),
    }


@dataclass(frozen=True, slots=True)
class Moment:
    """When a child is killed: `then` seconds after so many acknowledgements came and so many messages were taken."""

    heard: int
    taken: int
    then: float

    @classmethod
    def by(cls, chance: random.Random) -> Moment:
        """At birth, while it listens, or while it works and sends."""
        return chance.choice(
            (
                cls(0, 0, chance.uniform(0.0, 0.2)),
                cls(chance.randint(1, 4), 0, chance.uniform(0.0, 0.03)),
                cls(chance.randint(1, 4), 0, chance.uniform(0.0, 0.03)),
                cls(0, chance.randint(1, 6), chance.uniform(0.0, 0.02)),
                cls(0, chance.randint(1, 6), chance.uniform(0.0, 0.02)),
                cls(0, chance.randint(1, 6), chance.uniform(0.0, 0.02)),
            )
        )


@dataclass(slots=True)
class PlatformOfMany:
    """A platform that sends each person's messages in order, again and again until they are acknowledged."""

    chance: random.Random
    said: dict[str, dict[str, str]] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    repeats: int = 3

    def report(self, number: int) -> None:
        """One more person tells of one more thing, and assents to what is read back."""
        sender = REPORTERS[number % len(REPORTERS)]
        for place, text in enumerate((STORY.format(number=number), ASSENT)):
            name = f"{number:04d}-{place}"
            self.said[name] = {"name": name, "sender": sender, "text": text}

    def to_send(self) -> bytes:
        """All that was not acknowledged, and, as platforms do, something that was."""
        again = self.chance.sample(sorted(self.acknowledged), min(self.repeats, len(self.acknowledged)))
        names = [*again, *(name for name in self.said if name not in self.acknowledged)]
        return b"".join(json.dumps(self.said[name]).encode() + b"\n" for name in names)


class Keeper:
    """Starts children, talks to each for a while, and kills it."""

    def __init__(self, database: Database, folder: Path, platform: PlatformOfMany) -> None:
        self._database = database
        self.platform = platform
        self._taken = folder / "taken.jsonl"
        self._taken.touch()
        self._errors = (folder / "errors.log").open("w+b")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._mother = subprocess.Popen(
            [sys.executable, "-m", "tests.bot.crash_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd=Path(__file__).parents[2],
            # A process with threads of its own must not fork; numpy starts some when it is imported.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        assert self._mother.stdout is not None
        assert self._mother.stdout.readline() == "ready\n", self.errors()
        self._child = 0
        self._half = b""
        self._begun = time.monotonic()
        self.lives = 0

    def close(self) -> None:
        self._kill()
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.close()
        self._mother.stdout.close()
        self._mother.wait(WAIT)
        self._listener.close()
        self._errors.close()

    def errors(self) -> str:
        """What the children had to complain of."""
        self._errors.seek(0)
        return self._errors.read().decode()

    def taken(self) -> list[tuple[str, str, str]]:
        """Every message that the platform took: key, chat and text."""
        lines = self._taken.read_text(encoding="utf-8").splitlines()
        return [(key, chat, text) for key, chat, text in map(json.loads, lines)]

    def _count_taken(self) -> int:
        return self._taken.read_bytes().count(b"\n")

    def live(self, until: Moment) -> None:
        """One life, ended by SIGKILL."""
        self._bear()
        if not until.heard and not until.taken:
            time.sleep(until.then)
            self._kill()
            return
        with self._connect() as connection:
            heard, taken, end = 0, self._count_taken() + until.taken, time.monotonic() + WAIT
            while heard < until.heard or self._count_taken() < taken:
                assert time.monotonic() < end, self.errors()
                heard += self._hear(connection, time.monotonic() + 0.001)
            time.sleep(until.then)
            self._kill()
            self._hear(connection, time.monotonic() + WAIT)

    def live_to_the_end(self, within: float = WAIT) -> None:
        """A life in which everything is finished, in so many seconds."""
        self._bear()
        with self._connect() as connection:
            end = time.monotonic() + within
            while not self._is_all_done():
                assert time.monotonic() < end, self.errors()
                self._hear(connection, time.monotonic() + 0.02)
            connection.shutdown(socket.SHUT_WR)
            self._hear(connection, time.monotonic() + WAIT)
        self._wait_for_death()

    def _bear(self) -> None:
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        # Every life begins when the lane of the one before it is free, however long that one took.
        now = MORNING + self.lives * LEASE + timedelta(seconds=time.monotonic() - self._begun)
        url = self._database.url.render_as_string(hide_password=False)
        life = Life(url, self._listener.getsockname()[1], str(self._taken), now.isoformat())
        print(json.dumps(asdict(life)), file=self._mother.stdin, flush=True)
        self._child = int(self._mother.stdout.readline())
        self._half = b""
        self.lives += 1

    def _connect(self) -> socket.socket:
        """The connection of the child, on which it is told everything at once."""
        assert polling.select([self._listener], [], [], WAIT)[0], self.errors()
        connection = self._listener.accept()[0]
        connection.sendall(self.platform.to_send())
        return connection

    def _hear(self, connection: socket.socket, end: float) -> int:
        """Note what is acknowledged until then, or until the child has hung up; how many acknowledgements came."""
        count = 0
        with suppress(ConnectionResetError):
            while polling.select([connection], [], [], max(0.0, end - time.monotonic()))[0]:
                if not (heard := connection.recv(65536)):
                    break
                *names, self._half = (self._half + heard).split(b"\n")
                self.platform.acknowledged.update(name.decode() for name in names)
                count += len(names)
        return count

    def _kill(self) -> None:
        if not self._child:
            return
        with suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGKILL)
        self._wait_for_death()
        while polling.select([self._listener], [], [], 0)[0]:
            self._listener.accept()[0].close()

    def _wait_for_death(self) -> None:
        end = time.monotonic() + WAIT
        with suppress(ProcessLookupError):
            while time.monotonic() < end:
                os.kill(self._child, 0)
                time.sleep(0.001)
            raise AssertionError(f"process {self._child} does not end: {self.errors()}")
        self._child = 0

    def _is_all_done(self) -> bool:
        return self.platform.acknowledged == set(self.platform.said) and not sum(self.unfinished())

    def unfinished(self) -> tuple[int, int]:
        """How many messages are stored and not worked, and how many are written and not sent."""
        waiting = select(func.count()).select_from(InboxMessage).where(InboxMessage.state != InboxState.DONE)
        unsent = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state != OutboxState.SENT)
        with UnitOfWork(self._database, read_only=True) as work:
            return work.session.scalar(waiting) or 0, work.session.scalar(unsent) or 0


@pytest.fixture
def keeper(database: Database, tmp_path: Path) -> Iterator[Keeper]:
    crash_child.settle(database)
    keeper = Keeper(database, tmp_path, PlatformOfMany(random.Random(20260415)))
    yield keeper
    keeper.close()


def test_a_bot_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing(
    database: Database, keeper: Keeper
) -> None:
    kills, each = (30, 2) if database.is_sqlite else (15, 2)
    platform = keeper.platform
    interrupted = unsent = 0
    for number in range(kills):
        for report in range(each):
            platform.report(number * each + report)
        keeper.live(Moment.by(platform.chance))
        waiting, due = keeper.unfinished()
        interrupted, unsent = interrupted + bool(waiting), unsent + bool(due)
    keeper.live_to_the_end()
    # Kills that met an idle process would prove nothing.
    assert interrupted >= kills // 5
    assert unsent >= kills // 5
    assert keeper.errors() == ""
    check_all_done_once(database, keeper, kills * each)


def test_a_restart_takes_up_at_once_what_was_stored(database: Database, keeper: Keeper) -> None:
    platform, inbox = keeper.platform, Inbox(database, SetClock(MORNING))
    for number in range(len(REPORTERS)):
        platform.report(number)
    for said in platform.said.values():
        inbox.receive(crash_child.inbound(**said))
    platform.acknowledged.update(platform.said)
    platform.repeats = 0
    # Nobody says anything more, and the timetable looks only for what has waited longer.
    keeper.live_to_the_end(within=LEFT_OVER_AFTER.total_seconds() - 10)
    assert keeper.errors() == ""
    check_all_done_once(database, keeper, len(REPORTERS))


def check_all_done_once(database: Database, keeper: Keeper, reports: int) -> None:
    with UnitOfWork(database, read_only=True) as work:
        arrived = list(work.session.scalars(select(InboxMessage).order_by(InboxMessage.id)))
        written = list(work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))
        cases = list(work.session.scalars(select(Case).order_by(Case.number)))
    assert sorted(row.message_id for row in arrived) == sorted(keeper.platform.said)
    assert {(row.state, row.attempts) for row in arrived} == {(InboxState.DONE, 0)}
    assert [found.number for found in cases] == [f"20260415-{number:03d}" for number in range(1, reports + 1)]
    assert sorted(found.text for found in cases) == sorted(STORY.format(number=number) for number in range(reports))
    assert {message.state for message in written} == {OutboxState.SENT}
    by_cause = Counter(message.cause_id for message in written)
    # A story is read back to its teller; an assent gives a receipt, and the grid member hears of the case.
    assert by_cause == {row.id: 2 if row.text == ASSENT else 1 for row in arrived}
    assert len({message.key for message in written}) == len(written)
    taken = keeper.taken()
    assert set(taken) == {(message.key, message.chat, message.text) for message in written}
