"""Lanes: one process sends for each account, another takes over within seconds, and the quota outlives them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage.lanes import LaneKey
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW
from tests.together import at_once

if TYPE_CHECKING:
    from datetime import datetime

    from storage.database import Database
    from storage.lanes import Hold

LANE = LaneKey("telegram", "bot")
LEASE = timedelta(seconds=8)


def hold(database: Database, holder: str, now: datetime) -> Hold | None:
    with UnitOfWork(database) as work:
        found = work.lanes.hold(LANE, holder, now, now + LEASE)
        work.commit()
    return found


def test_a_lane_passes_on_when_its_holder_dies_and_not_before(database: Database) -> None:
    first = hold(database, "one", NOW)
    assert first is not None
    assert (first.since, first.was_left) == (NOW, False)
    again = hold(database, "one", NOW + LEASE / 2)
    assert again is not None
    assert again.since is None
    soon, late = NOW + LEASE, NOW + 1.5 * LEASE
    assert hold(database, "two", soon) is None
    with UnitOfWork(database) as work:
        assert not work.lanes.is_left(LANE, "two", soon)
        assert work.lanes.is_left(LANE, "two", late)
        assert not work.lanes.is_left(LANE, "one", late)
    passed_on = hold(database, "two", late)
    assert passed_on is not None
    assert (passed_on.since, passed_on.was_left) == (late, True)
    assert hold(database, "one", late) is None


def test_a_lane_that_was_let_go_passes_on_at_once(database: Database) -> None:
    hold(database, "one", NOW)
    with UnitOfWork(database) as work:
        work.lanes.let_go(LANE, "two", NOW)
        work.commit()
    assert hold(database, "two", NOW) is None
    with UnitOfWork(database) as work:
        work.lanes.let_go(LANE, "one", NOW + LEASE / 4)
        work.commit()
    found = hold(database, "two", NOW + LEASE / 2)
    assert found is not None
    assert (found.since, found.was_left) == (NOW + LEASE / 4, False)


def test_of_many_at_the_same_moment_one_holds_a_lane(database: Database) -> None:
    held = at_once(6, lambda number: hold(database, str(number), NOW) is not None)
    assert sum(held) == 1


def test_the_quota_and_the_rest_of_a_lane_outlive_its_holder(database: Database) -> None:
    hold(database, "one", NOW)
    with UnitOfWork(database) as work:
        work.lanes.count(LANE, NOW.date(), 70)
        assert work.lanes.rest(LANE, NOW + LEASE, "token refused") is True
        assert work.lanes.rest(LANE, NOW + 2 * LEASE, "token refused") is False
        work.commit()
    found = hold(database, "two", NOW + LEASE)
    assert found is not None
    assert (found.rests_until, found.stopped) == (NOW + 2 * LEASE, "token refused")
    assert (found.handed_on(NOW.date()), found.handed_on(NOW.date() + timedelta(days=1))) == (70, 0)
    with UnitOfWork(database) as work:
        assert work.lanes.handed_on(LANE, NOW.date()) == 70
        assert work.lanes.handed_on(LaneKey("web", "web"), NOW.date()) == 0
        work.lanes.go_on(LANE)
        found = work.lanes.hold(LANE, "two", NOW + LEASE, NOW + 2 * LEASE)
    assert found is not None
    assert (found.rests_until, found.stopped) == (None, None)
