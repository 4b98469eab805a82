"""Activities by the clock on both engines: reminders, closing and planning, once each, also over restarts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from dateutil.rrule import rrulestr
from sqlalchemy import select

from handlers.volunteers import codes
from nlu.times import SHANGHAI
from storage.activity_series import ActivitySeries
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from storage.volunteers import Activity, Mark, Participation, ParticipationState
from tests.bot.clockwork import ADMIN, MEMBER, REPORTER, Clockwork, at
from tests.together import at_once

if TYPE_CHECKING:
    from storage.database import Database

REMIND, CLOSE, PLAN = "volunteers.remind", "volunteers.close", "volunteers.plan"
MINUTE = timedelta(minutes=1)


def hold(house: Clockwork, start: datetime, *joined: str, created: datetime | None = None) -> int:
    """Put an activity of two hours into the grid, organised by the grid member."""
    with UnitOfWork(house.database) as work:
        area = house.area(work, "1网格")
        row = work.volunteers.add(
            Activity(
                area_id=area.id,
                area=area,
                organiser_id=house.id_of(MEMBER),
                title="河道清洁",
                place="码头",
                start=start,
                end=start + timedelta(hours=2),
                points=5,
                secret=codes.new_secret(),
                created_at=created or at("04-10 09:00"),
                participations=[],
            )
        )
        for name in joined:
            work.volunteers.join(row, work.people.get(house.id_of(name)), at("04-10 09:00"))
        work.commit()
        return row.id


def test_who_joined_is_reminded_a_day_and_an_hour_before_once_each(database: Database) -> None:
    house = Clockwork(database, MEMBER)
    hold(house, at("04-18 09:00"), REPORTER)
    house.let_pass(at("04-17 06:00"), at("04-18 09:30"), 7 * MINUTE, REMIND)
    day_before, hour_before = house.told_at()
    assert {who for _, who in (day_before, hour_before)} == {REPORTER}
    assert at("04-17 09:00") <= day_before[0] < at("04-17 09:07")
    assert at("04-18 08:00") <= hour_before[0] < at("04-18 08:07")


def test_a_restart_reminds_of_what_is_still_of_use(database: Database) -> None:
    house = Clockwork(database, MEMBER)
    hold(house, at("04-18 09:00"), REPORTER)
    # Away from before a day until half an hour before.
    house.look(at("04-18 08:30"), REMIND)
    Clockwork.look(house, at("04-18 08:31"), REMIND)
    assert [who for who, _ in house.told()] == [REPORTER]


def test_several_processes_remind_once(database: Database) -> None:
    house = Clockwork(database, MEMBER)
    hold(house, at("04-18 09:00"), REPORTER)
    at_once(4, lambda _number: house.look(at("04-18 08:10"), REMIND))
    assert [who for who, _ in house.told()] == [REPORTER]


def test_what_was_called_at_short_notice_is_not_said_twice(database: Database) -> None:
    house = Clockwork(database, MEMBER)
    hold(house, at("04-18 09:00"), REPORTER, created=at("04-17 20:00"))
    house.let_pass(at("04-17 20:00"), at("04-18 07:50"), 10 * MINUTE, REMIND)
    assert house.told() == []
    house.look(at("04-18 08:05"), REMIND)
    assert len(house.told()) == 1


def test_what_was_moved_is_reminded_of_anew_and_what_is_cancelled_no_more(database: Database) -> None:
    house = Clockwork(database, MEMBER)
    row_id = hold(house, at("04-18 09:00"), REPORTER)
    house.look(at("04-17 09:05"), REMIND)
    with UnitOfWork(database) as work:
        row = work.session.get_one(Activity, row_id)
        row.start, row.end, row.changed_at = at("04-20 09:00"), at("04-20 11:00"), at("04-17 10:00")
        work.commit()
    house.let_pass(at("04-17 10:00"), at("04-19 08:50"), 10 * MINUTE, REMIND)
    assert len(house.told()) == 1
    house.look(at("04-19 09:05"), REMIND)
    assert len(house.told()) == 1
    with UnitOfWork(database) as work:
        work.session.get_one(Activity, row_id).cancelled_at = at("04-19 12:00")
        work.commit()
    house.let_pass(at("04-19 12:00"), at("04-20 12:00"), 10 * MINUTE, REMIND)
    assert house.told() == []


def test_who_forgot_to_check_out_is_closed_with_a_mark_and_gets_nothing(database: Database) -> None:
    house = Clockwork(database, MEMBER, ADMIN)
    row_id = hold(house, at("04-18 09:00"), REPORTER, ADMIN)
    with UnitOfWork(database) as work:
        part = work.session.get_one(Activity, row_id).participations[0]
        part.state, part.checked_in_at = ParticipationState.CHECKED_IN, at("04-18 08:50")
        work.commit()
    house.look(at("04-18 11:29"), CLOSE)
    assert house.told() == []
    at_once(3, lambda _number: house.look(at("04-18 11:31"), CLOSE))
    house.look(at("04-18 12:00"), CLOSE)
    assert [who for who, _ in house.told()] == [REPORTER, MEMBER]
    with UnitOfWork(database, read_only=True) as work:
        forgot, absent = work.session.get_one(Activity, row_id).participations
        assert (forgot.state, forgot.checked_out_at) == (ParticipationState.CHECKED_OUT, at("04-18 11:00"))
        assert [mark.kind for mark in forgot.marks] == ["no_check_out"]
        assert absent.state is ParticipationState.NO_SHOW
        assert work.points.balance(forgot.person) == 0
        assert len(work.session.scalars(select(Mark)).all()) == 1


def repeat(house: Clockwork, rrule: str, start: datetime) -> int:
    with UnitOfWork(house.database) as work:
        area = house.area(work, "1网格")
        series = work.series.add(
            ActivitySeries(
                area_id=area.id,
                area=area,
                organiser_id=house.id_of(MEMBER),
                title="河道清洁",
                place="码头",
                rrule=rrule,
                start=start,
                minutes=120,
                points=5,
                created_at=at("04-10 09:00"),
            )
        )
        work.people.grant(work.people.get(house.id_of(REPORTER)), Role.VOLUNTEER, area, at("04-10 09:00"))
        work.commit()
        return series.id


def made(database: Database) -> list[datetime]:
    with UnitOfWork(database, read_only=True) as work:
        rows = work.session.scalars(select(Activity).order_by(Activity.start)).all()
        return [row.start.astimezone(SHANGHAI) for row in rows]


@pytest.mark.parametrize(
    ("rrule", "start"),
    [
        ("FREQ=WEEKLY;BYDAY=SA", "04-18 09:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "04-16 19:30"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "04-18 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "04-15 15:00"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "04-24 15:00"),
        ("FREQ=DAILY;COUNT=3", "04-16 07:00"),
    ],
)
def test_a_series_is_planned_as_its_rule_says_whenever_the_bot_was_up(
    database: Database, rrule: str, start: str
) -> None:
    """Looks at odd hours, with a gap of days: whatever was not over when somebody looked was made, once."""
    house = Clockwork(database, MEMBER)
    repeat(house, rrule, at(start))
    looks = [at("04-15 08:00") + timedelta(hours=37 * number) for number in range(14)]
    looks += [at("05-20 08:00") + timedelta(hours=53 * number) for number in range(10)]
    for look in looks:
        house.look(look, PLAN)
    rule = rrulestr(rrule, dtstart=at(start))
    expected = {moment for look in looks for moment in rule.between(look, look + timedelta(days=7))}
    assert made(database) == sorted(expected)
    assert len(house.told()) == len(expected)


def test_processes_plan_one_activity_once_and_a_finished_series_ends(database: Database) -> None:
    house = Clockwork(database, MEMBER)
    series_id = repeat(house, "FREQ=DAILY;COUNT=2", at("04-16 07:00"))
    at_once(4, lambda _number: house.look(at("04-15 08:00"), PLAN))
    assert made(database) == [at("04-16 07:00"), at("04-17 07:00")]
    house.look(at("04-18 08:00"), PLAN)
    with UnitOfWork(database, read_only=True) as work:
        assert work.session.get_one(ActivitySeries, series_id).ended_at is not None


def test_an_occurrence_that_was_moved_is_not_made_again(database: Database) -> None:
    house = Clockwork(database, MEMBER)
    repeat(house, "FREQ=WEEKLY;BYDAY=SA", at("04-18 09:00"))
    house.look(at("04-15 08:00"), PLAN)
    with UnitOfWork(database) as work:
        row = work.session.scalars(select(Activity)).one()
        row.start, row.end = at("04-19 14:00"), at("04-19 16:00")
        work.commit()
    house.look(at("04-16 08:00"), PLAN)
    assert made(database) == [at("04-19 14:00")]
    assert house.database is database
    with UnitOfWork(database, read_only=True) as work:
        assert work.session.scalars(select(Participation)).all() == []
