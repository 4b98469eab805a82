"""Broadcasts under crashes: whoever dies and when, the sums hold, nobody gets it twice, and no limit is broken."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from bot.lane import LEASE, Lane
from handlers.sending import planning
from handlers.sending.limits import Limitations, Limits, Rate
from nlu.times import SHANGHAI
from storage.lanes import LaneKey
from storage.messages import OutboxMessage, OutboxState, Priority
from storage.people import Identity, Person
from storage.unit_of_work import UnitOfWork
from tests.bot.fakes import FrailDatabase, SetClock, log_lines
from tests.bot.strict_platform import StrictChannel, StrictPlatform
from tests.storage.rows import outgoing, plant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.database import Database

MORNING = datetime(2026, 4, 15, 9, 0, tzinfo=SHANGHAI)
EVENING = datetime(2026, 4, 15, 21, 59, 55, tzinfo=SHANGHAI)
FIRST, SECOND = LaneKey("first", "bot"), LaneKey("second", "bot")
OPEN = (OutboxState.DUE, OutboxState.SENDING)
MOST_LOOKS = 1_000
"""A broadcast that takes more would never end."""

KILLS = 50


class PowerCut(BaseException):
    """The end of a process: nothing catches it."""


@dataclass(slots=True)
class County:
    """People, each with an account on the first channel and every second one with another, to be told one thing."""

    database: Database
    people: int
    limits: Limits
    knows_keys: bool
    begun: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(20260415))
    kills: int = 0
    looks: int = 0
    deadliness: float = 0.0
    clock: SetClock = field(init=False)
    frail: FrailDatabase = field(init=False)
    first: StrictPlatform = field(init=False)
    second: StrictPlatform = field(init=False)

    def __post_init__(self) -> None:
        self.clock = SetClock(self.begun)
        self.frail = FrailDatabase(self.database.url, self.cut)
        blocked = {f"p:{number}" for number in range(0, self.people, 10)}
        self.first = StrictPlatform(self.limits, self.chance, blocked, self.knows_keys)
        self.second = StrictPlatform(Limits(), self.chance, (), self.knows_keys)
        with UnitOfWork(self.database) as work:
            area = plant(work).grid
            for number in range(self.people):
                self._add(work, area.id, number)
            work.commit()

    def _add(self, work: UnitOfWork, area_id: int, number: int) -> None:
        accounts = [
            Identity(channel=channel, account="bot", sender=str(number), private_chat=f"p:{number}", seen_at=seen_at)
            for channel, seen_at in (("first", self.begun), ("second", self.begun - timedelta(days=1)))
        ]
        person = Person(area_id=area_id, created_at=self.begun, identities=accounts[: 1 + number % 20 // 10])
        work.session.add(person)
        work.session.flush()
        told = {"chat": f"p:{number}", "priority": Priority.NOTICE, "due_at": self.begun, "person_id": person.id}
        work.messages.queue(outgoing(f"n:{number}", **FIRST._asdict(), **told))

    @property
    def limitations(self) -> Limitations:
        return Limitations({"first": self.limits, "second": Limits(at_once=16)})

    def cut(self, _step: str) -> None:
        if self.chance.random() < self.deadliness:
            raise PowerCut

    def live(self) -> bool:
        """One process from its birth to its death, or to the end of the broadcast; whether it is through."""
        asyncio.run(self._send(self.frail))
        return True

    async def _send(self, frail: Database) -> None:
        platforms = (("first", self.first), ("second", self.second))
        channels = [StrictChannel(name, platform, self.clock, self.cut) for name, platform in platforms]
        lanes = [Lane(frail, channel, self.clock, self.limitations) for channel in channels]
        while self.left():
            self.looks += 1
            assert self.looks < MOST_LOOKS, Counter(self.states().values())
            if not sum([await lane.drain() for lane in lanes]):
                self._wait(min(lane.pause() for lane in lanes))

    def _wait(self, seconds: float) -> None:
        quiet = self.limitations.quiet
        if quiet.holds(self.clock.now):
            self.clock.now = quiet.over_at(self.clock.now)
        else:
            # A clock counts whole microseconds, and time must go on.
            self.clock.now += timedelta(seconds=seconds, microseconds=1)

    def left(self) -> int:
        wanted = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.state.in_(OPEN))
        with UnitOfWork(self.database, read_only=True) as work:
            return work.session.scalar(wanted) or 0

    def states(self) -> dict[str, OutboxState]:
        with UnitOfWork(self.database, read_only=True) as work:
            rows = work.session.execute(select(OutboxMessage.key, OutboxMessage.state))
            return dict(rows.tuples().all())

    def check(self) -> None:
        """The sums hold, nobody got it twice, everybody who was told so has it, and nobody was banned."""
        assert self.first.breaches == self.second.breaches == []
        states = self.states()
        assert len(states) == self.people
        counted = Counter(states.values())
        assert sum(counted[each] for each in (OutboxState.SENT, OutboxState.DEAD, OutboxState.UNKNOWN)) == self.people
        for number in range(self.people):
            got, state = (
                self.first.delivered[f"p:{number}"] + self.second.delivered[f"p:{number}"],
                states[f"n:{number}"],
            )
            assert got <= 1, number
            assert state is not OutboxState.SENT or got == 1, number
            assert state is not OutboxState.DEAD or got == 0, number
            if state is OutboxState.DEAD:
                assert number % 20 == 0, number
        assert not counted[OutboxState.UNKNOWN] or not self.knows_keys
        self.frail.close()


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with log_lines():
        yield


def test_a_broadcast_whose_sender_dies_again_and_again_reaches_nobody_twice(
    database: Database,
) -> None:
    limits = Limits((Rate(60, 1, 10),), (Rate(4, 1, 3),), per_day=1_000, at_once=8)
    county = County(database, 120, limits, knows_keys=False, begun=MORNING, deadliness=0.2)
    while True:
        if county.kills >= KILLS:
            county.deadliness = 0.0
        with suppress(PowerCut):
            if county.live():
                break
        county.kills += 1
        county.clock.now += LEASE
    assert county.kills >= KILLS
    county.check()


def test_a_broadcast_ends_when_its_forecast_says_over_nights_and_quotas(database: Database) -> None:
    """Five seconds are left of the evening, then it is quiet; on the next day the quota runs out."""
    limits = Limits((Rate(60, 1, 20),), per_day=200, at_once=16)
    county = County(database, 260, limits, knows_keys=True, begun=EVENING)
    with UnitOfWork(database, read_only=True) as work:
        waiting = planning.through_at(work, EVENING, {FIRST: 1}, limitations=county.limitations)
    county.live()
    county.check()
    assert max(county.first.days.values()) <= 160
    forecast, took = waiting - EVENING, county.clock.now - EVENING
    assert abs(took - forecast) < 0.05 * forecast
    assert abs(took - forecast) < timedelta(seconds=5)
