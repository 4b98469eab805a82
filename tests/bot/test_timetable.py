"""The timetable: duties run again and again, each in its own transaction, and what a crash left is taken up."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.inbox import Inbox
from bot.timetable import LEFT_OVER_AFTER, Timetable, run_duty
from handlers.routes import Duty
from handlers.turn import Desk, Reply
from storage.messages import OutboxMessage
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.bot.fakes import LI, NOW, WANG, ZHANG, SetClock, inbound, log_lines, private, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from storage.database import Database
    from storage.messages import TalkKey

WAIT = 10
SOON = 0.01


def say_something(desk: Desk) -> None:
    (area,) = desk.work.areas.grids(desk.work.areas.communities()[0])
    desk.tell_all(desk.work.people.answerable({Role.GRID_MEMBER}, area), Reply("该下网格了"))


def write_and_fail(desk: Desk) -> None:
    say_something(desk)
    raise LookupError("nothing to do, call 13900001111")


def outbox(database: Database) -> list[OutboxMessage]:
    with UnitOfWork(database, read_only=True) as work:
        return list(work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def failures(lines: list[str]) -> list[str]:
    return [line for line in lines if "duty failed" in line]


class Listener:
    """Hears of nudges and of the talks that are taken up."""

    def __init__(self) -> None:
        self.nudges = 0
        self.talks: list[TalkKey] = []

    def nudge(self) -> None:
        self.nudges += 1


def timetable(database: Database, listener: Listener, clock: SetClock, duties: Iterable[Duty] = ()) -> Timetable:
    return Timetable(database, clock, duties, Inbox(database, clock), listener.talks.append, listener.nudge)


def run_until(table: Timetable, reached: Callable[[], bool]) -> None:
    async def run() -> None:
        table.start()
        async with asyncio.timeout(WAIT):
            while not await asyncio.to_thread(reached):
                await asyncio.sleep(0.002)
        table.stop()

    asyncio.run(run())


def test_a_duty_is_one_transaction_at_one_moment(database: Database) -> None:
    settle(database)
    clock = SetClock()
    run_duty(database, Duty("test.remind", 60, say_something), clock)
    clock.later(minutes=1)
    run_duty(database, Duty("test.remind", 60, say_something), clock)
    first, second = outbox(database)
    assert (first.text, first.chat, first.cause_id) == ("该下网格了", private(WANG), None)
    assert (first.due_at, second.due_at) == (NOW, NOW + timedelta(minutes=1))
    assert first.key != second.key


def test_the_scheduler_calls_duties_until_it_is_stopped(database: Database) -> None:
    settle(database)
    listener, moments = Listener(), []

    def note(desk: Desk) -> None:
        moments.append(desk.now)

    table = timetable(database, listener, SetClock(), [Duty("test.note", SOON, note)])  # type: ignore[arg-type]
    run_until(table, lambda: len(moments) >= 3 and listener.nudges >= 3)
    assert set(moments) == {NOW}
    ran = len(moments)

    async def wait() -> None:
        await asyncio.sleep(5 * SOON)

    asyncio.run(wait())
    assert len(moments) <= ran + 1


def test_a_duty_that_fails_is_undone_and_logged_and_comes_round_again(database: Database) -> None:
    settle(database)
    others: list[int] = []
    duties = [
        Duty("test.fail", SOON, write_and_fail),  # type: ignore[arg-type]
        Duty("test.other", SOON, lambda _desk: others.append(1)),  # type: ignore[arg-type]
    ]
    with log_lines() as lines:
        table = timetable(database, Listener(), SetClock(), duties)
        run_until(table, lambda: len(failures(lines)) >= 3 and len(others) >= 3)
    assert outbox(database) == []
    failed = failures(lines)
    assert all("duty=test.fail" in line and "LookupError" in line for line in failed)
    assert "13900001111" not in "".join(lines)


def test_what_waited_longer_than_it_should_is_taken_up(database: Database) -> None:
    clock, listener = SetClock(), Listener()
    inbox = Inbox(database, clock)
    old, new = inbound(LI, "旧的"), inbound(ZHANG, "新的")
    inbox.receive(old)
    clock.later(seconds=LEFT_OVER_AFTER.total_seconds())
    inbox.receive(new)
    table = timetable(database, listener, clock)
    asyncio.run(table.recover())
    assert listener.talks == [old.talk]
    asyncio.run(table.recover(timedelta(0)))
    assert sorted(listener.talks[1:]) == sorted([old.talk, new.talk])
