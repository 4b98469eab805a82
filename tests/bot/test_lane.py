"""A lane: what failures of each kind lead to, what waits at night, and what a quota leaves to replies."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.channels.channel import ChannelError, Failure
from bot.delivery import Delivery
from bot.lane import LEASE, UNKEYED_BATCH
from bot.outcomes import LANE_RESTS, QUOTA_USED_UP, Outcome, note
from handlers.sending.limits import Limitations, Limits, Rate, end_of_day
from nlu.times import SHANGHAI
from storage.lanes import Lane, LaneKey
from storage.messages import OutboxMessage, OutboxState, Priority
from storage.outbox import Handed
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.bot.fakes import NOW, Platform, SetClock, log_lines
from tests.storage.rows import TALK, outgoing, plant

if TYPE_CHECKING:
    from bot.channels.channel import Outgoing
    from storage.database import Database

NIGHT = datetime(2026, 4, 15, 23, 0, tzinfo=SHANGHAI)
FREE = Limitations()


class Moody(Platform):
    """Fails each chat as it was told to, as often as it was; a platform without keys unless it is said to have them."""

    def __init__(self, name: str = "test", *, knows_keys: bool = False) -> None:
        super().__init__(name)
        self.knows_keys = knows_keys
        self.moods: dict[str, list[Exception]] = {}
        self.calls: Counter[str] = Counter()

    async def send(self, message: Outgoing) -> None:
        self.calls[message.key] += 1
        if self.moods.get(message.chat):
            raise self.moods[message.chat].pop()
        await super().send(message)

    def is_group(self, chat: str) -> bool:
        return chat == "group"

    @property
    def keys(self) -> list[str]:
        return [message.key for message in self.taken]


def queue(database: Database, *messages: OutboxMessage) -> None:
    with UnitOfWork(database) as work:
        work.session.add_all(messages)
        work.commit()


def states(database: Database) -> dict[str, OutboxState]:
    with UnitOfWork(database, read_only=True) as work:
        rows = work.session.execute(select(OutboxMessage.key, OutboxMessage.state).order_by(OutboxMessage.id))
        return dict(rows.tuples().all())


def drain(delivery: Delivery, channel: str = "test") -> int:
    return asyncio.run(delivery.drain((channel, "bot")))


def drain_all(delivery: Delivery, channel: str = "test") -> None:
    while drain(delivery, channel):
        pass


@pytest.mark.parametrize(
    ("knows_keys", "priority", "state"),
    [
        (False, Priority.REPLY, OutboxState.UNKNOWN),
        (False, Priority.NOTICE, OutboxState.UNKNOWN),
        (False, Priority.URGENT_NOTICE, OutboxState.DUE),
        (False, Priority.EMERGENCY, OutboxState.DUE),
        (True, Priority.NOTICE, OutboxState.DUE),
    ],
)
def test_what_perhaps_was_sent_is_repeated_only_where_that_does_no_harm(
    database: Database, knows_keys: bool, priority: Priority, state: OutboxState
) -> None:
    platform = Moody(knows_keys=knows_keys)
    platform.moods = {"p:a": [ChannelError("cut off", Failure.UNKNOWN)], "p:b": [KeyError("no answer")]}
    queue(database, *(outgoing(key, chat=f"p:{key}", priority=priority) for key in "ab"))
    with log_lines():
        drain(Delivery(database, [platform], SetClock(), FREE))
    assert states(database) == dict.fromkeys("ab", state)


def test_what_a_dead_sender_without_keys_had_handed_over_is_unknown_and_small(database: Database) -> None:
    class Dies(Moody):
        async def send(self, message: Outgoing) -> None:
            self.taken.append(message)
            raise KeyboardInterrupt

    clock, platform = SetClock(), Moody()
    queue(database, *(outgoing(f"n{number}", chat=f"p:{number}") for number in range(3 * UNKEYED_BATCH)))
    with pytest.raises(KeyboardInterrupt):
        drain(Delivery(database, [Dies()], clock, FREE))
    clock.now += LEASE
    drain_all(Delivery(database, [platform], clock, FREE))
    assert Counter(states(database).values()) == {
        OutboxState.UNKNOWN: UNKEYED_BATCH,
        OutboxState.SENT: 2 * UNKEYED_BATCH,
    }
    assert Counter(platform.keys).most_common(1)[0][1] == 1


def test_whoever_is_lost_on_one_account_is_written_to_on_the_next_and_the_last_is_given_up(database: Database) -> None:
    first, second = Moody("first"), Moody("second")
    gone = ChannelError("blocked by the user", Failure.PERSON)
    first.moods = {"p:li": [gone], "p:nobody": [gone], "group": [gone]}
    second.moods = {"p:li": [gone] * 9}
    with UnitOfWork(database) as work:
        li = work.people.add(plant(work).grid, NOW)
        for channel, hours in (("first", 1), ("second", 0)):
            work.people.add_identity(li, channel, "bot", "li", NOW + timedelta(hours=hours), "p:li")
        for chat in ("p:li", "p:nobody", "group"):
            work.messages.queue(outgoing(chat, channel="first", chat=chat, person_id=li.id))
        work.commit()
    clock = SetClock()
    delivery = Delivery(database, [first, second], clock, FREE)
    with log_lines():
        drain_all(delivery, "first")
    assert list(states(database).values()) == [OutboxState.DUE, OutboxState.DEAD, OutboxState.DEAD]
    with UnitOfWork(database, read_only=True) as work:
        address = work.people.address_of(work.people.get(li.id))
    assert address is not None
    assert address.channel == "second"
    second.moods = {}
    drain_all(delivery, "second")
    assert second.keys == ["p:li"]
    queue(database, outgoing("again", channel="second", chat="p:li", person_id=li.id))
    second.moods = {"p:li": [gone]}
    with log_lines():
        drain_all(delivery, "second")
    assert states(database)["again"] is OutboxState.DEAD


def test_a_lane_whose_token_is_refused_rests_keeps_everything_and_admins_hear_of_it_once(database: Database) -> None:
    clock, platform, other = SetClock(), Moody(), Moody("other")
    refused = ChannelError("token refused", Failure.LANE)
    platform.moods = {"p:li": [refused] * 2}
    with UnitOfWork(database) as work:
        tree = plant(work)
        admin = work.people.add(tree.grid, NOW, name="a")
        work.people.grant(admin, Role.COUNTY_ADMIN, tree.county, NOW)
        for channel in ("test", "other"):
            work.people.add_identity(admin, channel, "bot", "a", NOW, f"{channel}:a")
        for number in range(3):
            work.messages.queue(outgoing(f"n{number}", chat="p:li"))
        work.commit()
    delivery = Delivery(database, [platform, other], clock, FREE)
    with log_lines() as lines:
        drain_all(delivery)
        drain_all(delivery, "other")
        assert [message.chat for message in other.taken] == ["other:a"]
        clock.now += LANE_RESTS
        drain_all(delivery)
        drain_all(Delivery(database, [Moody()], clock, FREE))
        assert platform.calls == {"n0": 2}
        clock.now += LANE_RESTS
        drain_all(delivery)
        drain_all(delivery, "other")
    assert sorted(platform.keys) == ["n0", "n1", "n2"]
    assert len(other.taken) == 1
    assert len([line for line in lines if "lane stopped" in line]) == 1
    with UnitOfWork(database, read_only=True) as work:
        lane = work.session.scalars(select(Lane).where(Lane.channel == "test")).one()
        assert (lane.stopped, lane.rests_until) == (None, None)
        assert set(work.session.scalars(select(OutboxMessage.attempts))) == {1}


def test_a_lane_that_takes_something_again_goes_on_at_once_unless_its_quota_is_used_up(database: Database) -> None:
    key, message = LaneKey("test", "bot"), Handed(1, "a", "p:a", "", [], Priority.REPLY, 1, NOW)
    until = NOW + LANE_RESTS
    for reason, rests in (("token refused", None), (QUOTA_USED_UP, until)):
        with UnitOfWork(database) as work:
            work.lanes.hold(key, "one", NOW, NOW + LEASE)
            work.lanes.rest(key, until, reason)
            hold = work.lanes.hold(key, "one", NOW, NOW + LEASE)
            assert hold is not None
            assert note(work, key, [Outcome(message)], NOW, hold=hold, knows_keys=True) == rests
            hold = work.lanes.hold(key, "one", NOW, NOW + LEASE)
            assert hold is not None
            assert hold.rests_until == rests


def test_notices_wait_for_the_morning_and_what_is_urgent_does_not(database: Database) -> None:
    queue(database, *(outgoing(str(priority), priority=priority) for priority in Priority))
    clock, platform = SetClock(NIGHT), Moody()
    for name in ("old", "new"):
        # Born anew in the night, it keeps quiet all the same.
        delivery = Delivery(database, [platform], clock, FREE)
        drain_all(delivery)
        assert platform.keys == [str(priority) for priority in Priority][:-1], name
        asyncio.run(delivery.settle())
    clock.now = NIGHT + timedelta(hours=8)
    drain_all(delivery)
    assert platform.keys == [str(priority) for priority in Priority]


def test_a_fifth_of_a_quota_is_kept_for_replies_and_the_whole_lasts_until_midnight(database: Database) -> None:
    limitations = Limitations({"test": Limits(per_day=10)})
    clock, platform = SetClock(), Moody()
    queue(database, *(outgoing(f"n{number:02}", priority=Priority.NOTICE) for number in range(12)))
    drain_all(Delivery(database, [platform], clock, limitations))
    assert len(platform.taken) == 8
    queue(database, *(outgoing(f"r{number}") for number in range(3)))
    with log_lines():
        drain_all(Delivery(database, [platform], clock, limitations))
        drain_all(Delivery(database, [platform], clock, limitations))
    assert platform.keys[8:] == ["r0", "r1"]
    clock.now = end_of_day(NOW) - timedelta(seconds=1)
    delivery = Delivery(database, [platform], clock, limitations)
    drain_all(delivery)
    assert len(platform.taken) == 10
    clock.now = end_of_day(NOW)
    drain_all(delivery)
    assert platform.keys[10:] == ["r2"]
    clock.now += timedelta(hours=7)
    drain_all(delivery)
    assert len(platform.taken) == 15


def test_the_last_of_a_quota_is_for_alarms_which_then_go_through_another_lane(database: Database) -> None:
    clock, platform = SetClock(), Moody()
    with UnitOfWork(database) as work:
        tree = plant(work)
        li = work.people.add(tree.grid, NOW)
        work.people.add_identity(li, "test", "bot", "li", NOW, "p:li")
        work.people.add_identity(li, "other", "bot", "li", NOW - timedelta(days=1), "other:li")
        admin = work.people.add(tree.grid, NOW)
        work.people.grant(admin, Role.COUNTY_ADMIN, tree.county, NOW)
        work.people.add_identity(admin, "third", "bot", "a", NOW, "third:a")
        for number in range(9):
            work.messages.queue(outgoing(f"r{number}"))
        work.commit()
    delivery = Delivery(database, [platform], clock, Limitations({"test": Limits(per_day=10)}, for_alarms=0.2))
    alarms = [outgoing(f"a{number}", chat="p:li", person_id=li.id, priority=Priority.EMERGENCY) for number in range(3)]
    with log_lines() as lines:
        drain_all(delivery)
        queue(database, *alarms)
        drain_all(delivery)
        assert platform.keys == [*(f"r{number}" for number in range(8)), "a0", "a1"]
        with UnitOfWork(database, read_only=True) as work:
            moved = work.session.scalars(select(OutboxMessage).where(OutboxMessage.key == "a2")).one()
            assert (moved.channel, moved.chat, moved.state) == ("other", "other:li", OutboxState.DUE)
        clock.now = end_of_day(NOW)
        drain_all(delivery)
    assert platform.keys[10:] == ["r8"]
    assert len([line for line in lines if "lane stopped" in line]) == 1
    with UnitOfWork(database, read_only=True) as work:
        lane = work.session.scalars(select(Lane).where(Lane.channel == "test")).one()
        assert (lane.stopped, lane.rests_until) == (None, None)


def test_a_lane_keeps_its_pace_and_a_chat_that_had_enough_holds_up_no_other(database: Database) -> None:
    second = Rate(12, 1, 2)
    limits = Limits(account=(second,), chat=(Rate(2, 1, 1),), group=(Rate(20, 60, 5),), at_once=4)
    clock, platform = SetClock(), Moody()
    queue(database, *(outgoing(f"li{number}", chat="p:li") for number in range(3)))
    queue(database, outgoing("group", chat="group"), *(outgoing(f"n{n}", chat=f"p:{n}") for n in range(4)))
    delivery = Delivery(database, [platform], clock, Limitations({"test": limits}))
    at: dict[str, float] = {}
    for tick in range(45):
        clock.now = NOW + timedelta(seconds=tick / 10)
        drain(delivery)
        for key in platform.keys:
            at.setdefault(key, tick / 10)
    # Nothing is known of what was sent before the start, so each chat waits until it surely may have something.
    assert [at[f"li{number}"] for number in range(3)] == [1.0, 2.0, 3.0]
    assert all(1.0 <= at[f"n{n}"] <= 1.5 for n in range(4))
    assert at["group"] >= 4.0
    assert all(state is OutboxState.SENT for state in states(database).values())


def test_an_alarm_waits_for_one_slow_call_and_not_for_a_whole_batch(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Moody):
        async def send(self, message: Outgoing) -> None:
            if not self.taken:
                queue(database, outgoing("alarm", priority=Priority.EMERGENCY))
            await super().send(message)

    monkeypatch.setattr("bot.lane.LOOK_EVERY", 0.0)
    platform = Slow()
    queue(database, *(outgoing(f"n{number}") for number in range(3)))
    drain_all(Delivery(database, [platform], SetClock(), FREE))
    assert platform.keys == ["n0", "alarm", "n1", "n2"]


def test_a_sender_whose_lease_is_over_calls_no_more_and_puts_back_what_it_had(database: Database) -> None:
    clock = SetClock()

    class Slow(Moody):
        async def send(self, message: Outgoing) -> None:
            await super().send(message)
            clock.now += LEASE

    platform = Slow()
    queue(database, *(outgoing(f"n{number}") for number in range(3)))
    delivery = Delivery(database, [platform], clock, FREE)
    drain(delivery)
    assert list(states(database).values()) == [OutboxState.SENT, OutboxState.DUE, OutboxState.DUE]
    drain_all(delivery)
    assert platform.calls == {"n0": 1, "n1": 1, "n2": 1}
    assert set(states(database).values()) == {OutboxState.SENT}


def test_calls_that_hang_hold_up_only_their_own_chats(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    class Hangs(Moody):
        async def send(self, message: Outgoing) -> None:
            if message.chat == "p:hangs":
                await asyncio.Event().wait()
            await super().send(message)

    monkeypatch.setattr("bot.lane.GRACE", 0.05)
    platform = Hangs()
    keys = [f"n{number}" for number in range(20)]
    queue(database, outgoing("hangs", chat="p:hangs"), outgoing("after", chat="p:hangs"))
    queue(database, *(outgoing(key, chat=f"p:{key}") for key in keys))

    async def run() -> None:
        delivery = Delivery(database, [platform], SetClock(), Limitations({"test": Limits(at_once=2)}))
        sending = asyncio.create_task(delivery.run())
        async with asyncio.timeout(10):
            while len(platform.taken) < len(keys):
                await asyncio.sleep(0.005)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    asyncio.run(run())
    assert platform.keys == keys
    found = states(database)
    # The one that hung may have arrived; the one behind it never left.
    assert (found.pop("hangs"), found.pop("after")) == (OutboxState.UNKNOWN, OutboxState.DUE)
    assert set(found.values()) == {OutboxState.SENT}
    with UnitOfWork(database, read_only=True) as work:
        assert work.session.scalars(select(Lane.is_free).where(Lane.channel == TALK.channel)).one()
