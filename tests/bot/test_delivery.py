"""Delivery: every message is sent, tried again, or given up with its reason, and no lane waits for another."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.channels.channel import Button, ChannelError, Failure, Outgoing
from bot.delivery import Delivery
from bot.lane import BATCH, LEASE
from bot.outcomes import FIRST_PAUSE, LONGEST_PAUSE, TRIED_FOR, URGENT_TRIED_FOR, pause_after
from storage.lanes import LaneKey
from storage.messages import OutboxMessage, OutboxState, Priority
from storage.unit_of_work import UnitOfWork
from tests.bot.fakes import NOW, FrailDatabase, Platform, SetClock, log_lines
from tests.storage.rows import outgoing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storage.database import Database

WAIT = 10
LANE = LaneKey("test", "bot")
PERMANENT = ChannelError("blocked by the user", Failure.PERSON)
TEMPORARY = ChannelError("bad gateway", Failure.AGAIN)


class Failing(Platform):
    """Raises what it was given, one after the other, then takes everything."""

    def __init__(self, *errors: BaseException, name: str = "test") -> None:
        super().__init__(name)
        self.errors = list(errors)
        self.tries = 0

    async def send(self, message: Outgoing) -> None:
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)
        await super().send(message)


class Hanging(Platform):
    """Never takes anything, and says when it was asked to."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.reached = asyncio.Event()

    async def send(self, message: Outgoing) -> None:  # noqa: ARG002
        self.reached.set()
        await asyncio.Event().wait()


def queue(database: Database, *messages: OutboxMessage) -> None:
    with UnitOfWork(database) as work:
        for message in messages:
            work.messages.queue(message)
        work.commit()


def row(database: Database, key: str = "in:1:1") -> OutboxMessage:
    with UnitOfWork(database, read_only=True) as work:
        return work.session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()


def drain(delivery: Delivery, lane: tuple[str, str] = ("test", "bot")) -> int:
    return asyncio.run(delivery.drain(lane))


def run_until(delivery: Delivery, reached: Callable[[], Awaitable[bool] | bool]) -> None:
    """Let all lanes run until something has come about."""

    async def run() -> None:
        sending = asyncio.create_task(delivery.run())
        try:
            async with asyncio.timeout(WAIT):
                while not await asyncio.to_thread(reached):
                    await asyncio.sleep(0.002)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    asyncio.run(run())


def test_a_due_message_is_sent_once_with_its_key_and_buttons(database: Database) -> None:
    choices = [{"label": "对的", "payload": "affirm|对的"}, {"label": "不对", "payload": "deny|不对"}]
    queue(database, outgoing("in:1:1", text="对不对？", choices=choices), outgoing("later", due_at=NOW + LEASE))
    platform, clock = Platform(), SetClock()
    delivery = Delivery(database, [platform], clock)
    assert [drain(delivery), drain(delivery)] == [1, 0]
    buttons = (Button("对的", "affirm|对的"), Button("不对", "deny|不对"))
    assert platform.taken == [Outgoing("in:1:1", "p:李秀芬", "对不对？", buttons)]
    sent = row(database)
    assert (sent.state, sent.sent_at, sent.attempts, sent.error) == (OutboxState.SENT, NOW, 1, None)
    clock.later(days=1)
    drain(delivery)
    assert [message.key for message in platform.taken] == ["in:1:1", "later"]


def test_emergencies_overtake_what_was_written_before(database: Database) -> None:
    messages = [outgoing(f"notice:{n}", priority=Priority.NOTICE) for n in range(2 * BATCH)]
    queue(database, *messages, outgoing("alarm", priority=Priority.EMERGENCY))
    platform = Platform()
    delivery = Delivery(database, [platform], SetClock())
    assert [drain(delivery) for _ in range(4)] == [BATCH, BATCH, 1, 0]
    assert [message.key for message in platform.taken] == ["alarm", *(m.key for m in messages)]


def test_a_permanent_failure_is_given_up_at_once_with_its_reason(database: Database) -> None:
    queue(database, outgoing("in:1:1"), outgoing("in:1:2"))
    platform = Failing(PERMANENT)
    with log_lines() as lines:
        drain(Delivery(database, [platform], SetClock()))
    dead = row(database)
    assert (dead.state, dead.error, dead.attempts, dead.sent_at) == (OutboxState.DEAD, "blocked by the user", 1, None)
    assert "message given up" in lines[0]
    assert "blocked by the user" in lines[0]
    assert [message.key for message in platform.taken] == ["in:1:2"]


def test_a_temporary_failure_is_tried_again_after_a_pause(database: Database) -> None:
    queue(database, outgoing("in:1:1"))
    clock, platform = SetClock(), Failing(TEMPORARY)
    delivery = Delivery(database, [platform], clock)
    drain(delivery)
    waiting = row(database)
    assert (waiting.state, waiting.error) == (OutboxState.DUE, "bad gateway")
    assert NOW < waiting.due_at <= NOW + timedelta(seconds=FIRST_PAUSE * 1.25)
    clock.now = waiting.due_at - timedelta(milliseconds=1)
    assert drain(delivery) == 0
    clock.now = waiting.due_at
    assert drain(delivery) == 1
    assert [message.key for message in platform.taken] == ["in:1:1"]
    assert (row(database).state, row(database).error, row(database).attempts) == (OutboxState.SENT, None, 2)


@pytest.mark.parametrize(
    ("priority", "tried_for"), [(Priority.REPLY, TRIED_FOR), (Priority.EMERGENCY, URGENT_TRIED_FOR)]
)
def test_a_failure_that_does_not_end_is_given_up_after_hours_of_ever_longer_pauses(
    database: Database, monkeypatch: pytest.MonkeyPatch, priority: Priority, tried_for: timedelta
) -> None:
    longest = 3600.0
    monkeypatch.setattr("bot.outcomes.LONGEST_PAUSE", longest)
    queue(database, outgoing("in:1:1", priority=priority))
    clock, platform = SetClock(), Failing(*[TEMPORARY] * 99)
    delivery = Delivery(database, [platform], clock)
    pauses = []
    with log_lines():
        while (waiting := row(database)).state is OutboxState.DUE:
            pauses.append((waiting.due_at - clock.now).total_seconds())
            clock.now = waiting.due_at
            drain(delivery)
    assert tried_for <= clock.now - NOW < tried_for + timedelta(seconds=1.25 * longest)
    assert (row(database).state, row(database).error) == (OutboxState.DEAD, "bad gateway")
    for number, pause in enumerate(pauses[1:]):
        assert 0.75 <= pause / min(longest, FIRST_PAUSE * 2**number) <= 1.25


def test_pauses_grow_to_a_limit_and_are_not_all_alike() -> None:
    assert all(pause_after(n) < pause_after(n + 1) for n in range(1, 7))
    assert pause_after(500) <= LONGEST_PAUSE * 1.25
    assert len({pause_after(3) for _ in range(20)}) > 1


@pytest.mark.parametrize("seconds", [0.5, 600.0])
def test_the_pause_that_a_platform_asks_for_is_kept(database: Database, seconds: float) -> None:
    queue(database, outgoing("in:1:1"))
    clock = SetClock()
    slow_down = ChannelError("too many requests", Failure.AGAIN, after=seconds)
    drain(Delivery(database, [Failing(slow_down)], clock))
    assert row(database).due_at == NOW + timedelta(seconds=seconds)


def test_an_unexpected_exception_of_a_channel_is_a_temporary_failure(database: Database) -> None:
    queue(database, outgoing("in:1:1"), outgoing("in:1:2"))
    platform = Failing(KeyError("call 13900001111"))
    with log_lines() as lines:
        assert drain(Delivery(database, [platform], SetClock())) == 2
    assert (row(database).state, row(database).attempts) == (OutboxState.DUE, 1)
    assert row(database, "in:1:2").state is OutboxState.SENT
    assert "KeyError" in lines[0]
    assert "13900001111" not in "".join(lines)


def test_a_channel_that_does_not_answer_in_time_failed_for_now(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.lane.SEND_TIMEOUT", 0.02)
    queue(database, outgoing("in:1:1"))

    async def run() -> int:
        return await Delivery(database, [Hanging("test")], SetClock()).drain(("test", "bot"))

    assert asyncio.run(run()) == 1
    assert (row(database).state, row(database).error) == (OutboxState.DUE, "timeout")


def test_a_lane_whose_sender_died_passes_on_after_its_lease_with_its_messages(database: Database) -> None:
    queue(database, outgoing("in:1:1"))
    clock, platform = SetClock(), Platform()
    with UnitOfWork(database) as dying:
        assert dying.lanes.hold(LANE, "another", clock.now, clock.now + LEASE) is not None
        dying.outbox.hand_over(LANE, clock.now, BATCH)
        dying.commit()
    delivery = Delivery(database, [platform], clock)
    clock.now = NOW + LEASE - timedelta(milliseconds=1)
    assert drain(delivery) == 0
    clock.now = NOW + LEASE
    assert drain(delivery) == 1
    assert [message.key for message in platform.taken] == ["in:1:1"]
    assert row(database).attempts == 2


def test_two_senders_never_send_the_same_message(database: Database) -> None:
    keys = [f"in:1:{number}" for number in range(3 * BATCH)]
    queue(database, *(outgoing(key) for key in keys))
    platforms = [Platform(), Platform()]

    async def run() -> None:
        lanes = [Delivery(database, [platform], SetClock()) for platform in platforms]
        while sum(await asyncio.gather(*(lane.drain(("test", "bot")) for lane in lanes))):
            pass

    asyncio.run(run())
    assert sorted(message.key for platform in platforms for message in platform.taken) == sorted(keys)


def test_a_lane_that_hangs_does_not_hold_up_another(database: Database) -> None:
    queue(database, outgoing("stuck", channel="hanging"), *(outgoing(f"in:1:{number}") for number in range(50)))
    platform = Platform()

    async def run() -> None:
        hanging = Hanging("hanging")
        delivery = Delivery(database, [hanging, platform], SetClock())
        sending = asyncio.create_task(delivery.run())
        async with asyncio.timeout(WAIT):
            await hanging.reached.wait()
            while len(platform.taken) < 50:
                await asyncio.sleep(0.002)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    asyncio.run(run())
    assert (row(database, "stuck").state, row(database, "stuck").error) == (OutboxState.DUE, "stopped")


def test_a_nudge_sends_at_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.lane.LOOK_EVERY", WAIT * 10)
    platform = Platform()

    async def run() -> None:
        delivery = Delivery(database, [platform], SetClock())
        sending = asyncio.create_task(delivery.run())
        await asyncio.sleep(0.05)
        async with asyncio.timeout(WAIT):
            for number in range(3):
                await asyncio.to_thread(queue, database, outgoing(f"in:1:{number}"))
                delivery.nudge()
                while len(platform.taken) <= number:
                    await asyncio.sleep(0.002)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    asyncio.run(run())


@pytest.mark.parametrize("pauses", range(6))
def test_a_nudge_does_not_keep_the_lanes_from_stopping(database: Database, pauses: int) -> None:
    async def run() -> None:
        delivery = Delivery(database, [Platform()], SetClock())
        sending = asyncio.create_task(delivery.run())
        await asyncio.sleep(0.05)
        delivery.nudge()
        for _ in range(pauses):
            await asyncio.sleep(0)
        sending.cancel()
        done, _ = await asyncio.wait([sending], timeout=WAIT)
        sending.cancel()
        assert done == {sending}

    asyncio.run(run())


def test_what_falls_due_is_sent_without_a_nudge(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.lane.LOOK_EVERY", 0.01)
    queue(database, outgoing("in:1:1", due_at=NOW + timedelta(hours=1)))
    clock, platform = SetClock(), Platform()
    delivery = Delivery(database, [platform], clock)

    async def run() -> None:
        sending = asyncio.create_task(delivery.run())
        await asyncio.sleep(0.05)
        assert platform.taken == []
        clock.later(hours=1)
        async with asyncio.timeout(WAIT):
            await delivery.settle()
            while row(database).state is not OutboxState.SENT:
                await asyncio.sleep(0.002)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    asyncio.run(run())
    assert len(platform.taken) == 1


def test_a_database_that_goes_away_stops_no_lane(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.lane.LOOK_EVERY", 0.01)
    away = ["before commit"] * 3

    def fail(step: str) -> None:
        if away and step == away[0]:
            away.pop()
            raise ConnectionError("the database went away")

    queue(database, outgoing("in:1:1"))
    frail, platform = FrailDatabase(database.url, fail), Platform()
    with log_lines() as lines:
        run_until(Delivery(frail, [platform], SetClock()), lambda: row(database).state is OutboxState.SENT)
    frail.close()
    assert [message.key for message in platform.taken] == ["in:1:1"]
    assert len([line for line in lines if "lane failed" in line]) == 3


def test_a_failing_lane_does_not_stop_another(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.lane.LOOK_EVERY", 0.01)
    queue(database, outgoing("broken", channel="broken"), outgoing("in:1:1"))
    broken, platform = Failing(*[RuntimeError("out of order")] * 99, name="broken"), Platform()

    def both_were_tried() -> bool:
        return row(database).state is OutboxState.SENT and row(database, "broken").error is not None

    with log_lines():
        run_until(Delivery(database, [broken, platform], SetClock()), both_were_tried)
    assert row(database, "broken").state is OutboxState.DUE
    assert [message.key for message in platform.taken] == ["in:1:1"]
