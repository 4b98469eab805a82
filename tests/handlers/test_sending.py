"""Sending: what the limits say, when a broadcast would be through, and who hears that a channel stopped."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from handlers.sending import planning, trouble
from handlers.sending.limits import Limitations, Limits, Quiet, Rate, shipped
from handlers.turn import Desk
from nlu.times import SHANGHAI
from storage.lanes import LaneKey
from storage.messages import OutboxState, Priority
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, outgoing, plant

if TYPE_CHECKING:
    from storage.database import Database

TELEGRAM = LaneKey("telegram", "bot")
TEN_A_SECOND = Rate(most=12, seconds=1, burst=2)
MORNING = datetime(2026, 4, 15, 9, 0, tzinfo=SHANGHAI)


def at(day: int, hour: int, minute: int = 0, second: float = 0) -> datetime:
    return datetime(2026, 4, day, hour, minute, tzinfo=SHANGHAI) + timedelta(seconds=second)


def finished(
    count: int, now: datetime = MORNING, used: int = 0, priority: Priority = Priority.NOTICE, **limits: Any
) -> datetime:
    of = Limits(account=(TEN_A_SECOND,), **limits)
    return planning.finished_at(Limitations(), of, now, count, used, priority)


def test_what_ships_can_be_read_and_no_second_or_day_has_more_than_a_platform_takes() -> None:
    limitations = shipped()
    telegram = limitations.of(*TELEGRAM)
    assert telegram.pace == 25
    assert telegram.account[0].most == 29
    assert limitations.of("wechat", "office").per_day == 100_000
    assert limitations.of("web", "web") == Limits()
    own = Limitations({"wecom": Limits(per_day=40_000), "wecom/large": Limits(per_day=200_000)})
    assert (own.of("wecom", "small").per_day, own.of("wecom", "large").per_day) == (40_000, 200_000)


@pytest.mark.parametrize(("most", "burst"), [(5, 5), (5, 0), (0, 1)])
def test_a_rate_without_a_steady_pace_is_refused(most: int, burst: int) -> None:
    with pytest.raises(ValueError, match="a rate needs"):
        Rate(most, 1, burst)


@pytest.mark.parametrize(
    ("moment", "holds"),
    [(at(15, 21, 59), False), (at(15, 22), True), (at(16, 0), True), (at(16, 6, 59), True), (at(16, 7), False)],
)
def test_quiet_hours_go_over_midnight(moment: datetime, holds: bool) -> None:
    quiet = Quiet(time(22), time(7))
    assert quiet.holds(moment) is holds
    if holds:
        assert quiet.over_at(moment) == at(16, 7)
    assert not Quiet(time(12), time(14)).holds(at(15, 22))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (finished(0), MORNING),
        (finished(6_000), at(15, 9, 10)),
        # Half an hour is left before the quiet: 18,000; the rest begins at seven.
        (finished(24_000, at(15, 21, 30)), at(16, 7, 10)),
        (finished(600, at(15, 23)), at(16, 7, 1)),
        (finished(600, at(15, 23), priority=Priority.URGENT_NOTICE), at(15, 23, 1)),
        # A fifth of the quota of 1,000 stays free, and 200 are spent: 600 today, 800 on each further day.
        (finished(600, used=200, per_day=1_000), at(15, 9, 1)),
        (finished(601, used=200, per_day=1_000), at(16, 7, 0, 0.1)),
        (finished(1_500, used=900, per_day=1_000), at(17, 7, 1, 10)),
        (finished(1_000, per_day=1_000, priority=Priority.REPLY), at(15, 9, 1, 40)),
        (finished(1_010, per_day=1_000, priority=Priority.REPLY), at(16, 0, 0, 1)),
    ],
)
def test_when_a_broadcast_would_be_through(found: datetime, expected: datetime) -> None:
    assert found == expected


def test_a_broadcast_that_would_never_end_has_no_forecast() -> None:
    with pytest.raises(ValueError, match="longer than"):
        finished(10_000_000, per_day=100)


def test_a_forecast_counts_what_waits_before_and_what_was_used_today(database: Database) -> None:
    limitations = Limitations({"telegram": Limits((TEN_A_SECOND,), per_day=200), "web": Limits()})
    with UnitOfWork(database) as work:
        for number in range(30):
            state = OutboxState.DUE if number % 2 else OutboxState.SENT
            work.messages.queue(outgoing(f"n{number}", **TELEGRAM._asdict(), priority=Priority.REPLY, state=state))
        work.lanes.hold(TELEGRAM, "one", NOW, NOW)
        work.lanes.count(TELEGRAM, NOW.date(), 130)
        work.session.flush()
        forecast = [
            planning.through_at(work, NOW, {TELEGRAM: count, LaneKey("web", "web"): 200}, limitations=limitations)
            for count in (0, 15, 16)
        ]
    assert forecast == [NOW + timedelta(seconds=1), NOW + timedelta(seconds=3), at(16, 7, 0, 0.1)]


def test_people_are_written_to_on_the_account_that_works(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        li, zhang, wang = (work.people.add(tree.grid, NOW, name=name) for name in ("李", "张", "王"))

        def channels() -> list[str | None]:
            accounts = map(work.people.address_of, (li, zhang, wang))
            return [None if account is None else account.channel for account in accounts]

        for person, channel, hours in ((li, "web", 0), (li, "telegram", 1), (zhang, "telegram", 0)):
            moment = NOW + timedelta(hours=hours)
            work.people.add_identity(person, channel, "bot", person.name or "", moment, f"p:{person.name}")
        assert channels() == ["telegram", "telegram", None]
        assert work.people.lost(*TELEGRAM, "p:李", NOW) is li
        assert work.people.lost(*TELEGRAM, "group", NOW) is None
        assert channels() == ["web", "telegram", None]
        account = work.people.identity("telegram", "bot", "李")
        assert account is not None
        work.people.saw(account, "p:李", NOW + timedelta(hours=2))
        assert work.people.address_of(li) is account


def test_admins_of_the_whole_hear_of_a_stop_through_another_lane_where_they_have_one(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        for name, role, area, channels in (
            ("a", Role.COUNTY_ADMIN, tree.county, ("web", "telegram")),
            ("b", Role.COUNTY_ADMIN, tree.county, ("telegram",)),
            ("c", Role.COUNTY_ADMIN, tree.county, ()),
            ("d", Role.TOWN_ADMIN, tree.town, ("web",)),
        ):
            person = work.people.add(tree.grid, NOW, name=name)
            work.people.grant(person, role, area, NOW)
            for hours, channel in enumerate(channels):
                moment = NOW + timedelta(hours=hours)
                work.people.add_identity(person, channel, "bot", name, moment, f"p:{name}")
        trouble.lane_stopped(Desk(work, NOW, "lane"), TELEGRAM, NOW + timedelta(minutes=10))
        work.session.flush()
        told = [
            (message.chat, message.text)
            for channel in ("web", "telegram")
            for message in work.outbox.hand_over(LaneKey(channel, "bot"), NOW, 10)
        ]
    assert [chat for chat, _ in told] == ["p:a", "p:b"]
    assert "telegram" in told[0][1]
    assert "10:30" in told[0][1]
