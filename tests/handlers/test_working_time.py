"""Working time equals what a count minute by minute says, on any calendar and with any pauses."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.cases.working_time import (
    DAY,
    SHIFTS,
    after,
    announced_years,
    before,
    between,
    is_open,
    is_working_day,
    opening,
)
from nlu.times import SHANGHAI

MINUTE = timedelta(minutes=1)
MONDAY = date(2026, 4, 13)
DAYS = 21


class RandomCalendar:
    """Plain weekends, but for the days that were swapped: a Saturday that is worked, a Wednesday off."""

    def __init__(self, swapped: frozenset[int]) -> None:
        self.swapped = swapped

    def __call__(self, day: date) -> bool:
        return (day.weekday() < 5) is not ((day - MONDAY).days in self.swapped)

    def __repr__(self) -> str:
        return f"RandomCalendar({sorted(self.swapped)})"


def at(day: int, hour: int, minute: int) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=day), time(hour, minute), SHANGHAI)


calendars = st.frozensets(st.integers(-3, DAYS + 30), max_size=12).map(RandomCalendar)
# Half of all moments lie at an edge: the minute of opening or closing, the one before, the one behind.
EDGES = [(shift_edge.hour, shift_edge.minute + near) for shift in SHIFTS for shift_edge in shift for near in (0, 1)]
EDGES += [(8, 29), (11, 59), (13, 59), (17, 59), (12, 30), (0, 0), (23, 59), (3, 17)]
clock_times = st.one_of(st.sampled_from(EDGES), st.tuples(st.integers(0, 23), st.integers(0, 59)))
moments = st.builds(lambda day, clock: at(day, *clock), st.integers(0, DAYS), clock_times)
pauses = st.lists(st.tuples(moments, moments), max_size=4)
Pauses = list[tuple[datetime, datetime]]


def counts(minute: datetime, pauses: Pauses, calendar: RandomCalendar) -> bool:
    """Whether the minute that begins at `minute` is working time."""
    works = calendar(minute.date()) and any(opens <= minute.time() < closes for opens, closes in SHIFTS)
    return works and not any(begin <= minute < end for begin, end in pauses)


def counted(start: datetime, end: datetime, pauses: Pauses, calendar: RandomCalendar) -> timedelta:
    """The working time between two moments, minute by minute."""
    passed, minute = timedelta(0), start
    while minute < end:
        passed += MINUTE * counts(minute, pauses, calendar)
        minute += MINUTE
    return passed


def reached(start: datetime, working: timedelta, pauses: Pauses, calendar: RandomCalendar) -> datetime:
    """The end of the minute in which `working` is full."""
    minute = start
    while True:
        working -= MINUTE * counts(minute, pauses, calendar)
        minute += MINUTE
        if not working:
            return minute


@given(moments, moments, pauses, calendars)
@example(at(0, 17, 59), at(1, 8, 31), [], RandomCalendar(frozenset()))
@example(at(0, 12, 0), at(0, 14, 0), [], RandomCalendar(frozenset()))
@example(at(4, 17, 0), at(7, 9, 0), [(at(5, 9, 0), at(5, 10, 0))], RandomCalendar(frozenset({5})))
def test_time_passed_equals_a_count(start: datetime, end: datetime, pauses: Pauses, calendar: RandomCalendar) -> None:
    assert between(start, end, pauses, calendar) == counted(start, end, pauses, calendar)


@given(moments, st.integers(1, 3000), pauses, calendars)
@example(at(0, 17, 59), 1, [], RandomCalendar(frozenset()))
@example(at(0, 12, 0), 450, [], RandomCalendar(frozenset()))
@example(at(2, 2, 0), 240, [(at(2, 9, 0), at(2, 15, 0)), (at(2, 14, 0), at(2, 16, 0))], RandomCalendar(frozenset()))
def test_a_deadline_equals_a_count(start: datetime, minutes: int, pauses: Pauses, calendar: RandomCalendar) -> None:
    due = after(start, MINUTE * minutes, pauses, calendar)
    assert due == reached(start, MINUTE * minutes, pauses, calendar)
    assert between(start, due, pauses, calendar) == MINUTE * minutes


@given(moments, st.integers(1, 3000), calendars)
def test_what_is_left_before_a_moment(end: datetime, minutes: int, calendar: RandomCalendar) -> None:
    begin = before(end, MINUTE * minutes, calendar)
    assert between(begin, end, (), calendar) == MINUTE * minutes
    assert counts(begin, [], calendar)


@given(moments, moments, moments, calendars)
def test_a_deadline_moves_by_the_pause(
    start: datetime, one: datetime, other: datetime, calendar: RandomCalendar
) -> None:
    """Stopping the clock and letting what was left run on is the same as not counting the pause."""
    begins, ends = sorted((one, other))
    due = after(start, DAY * 3, (), calendar)
    if start <= begins < due:
        moved = after(ends, between(begins, due, (), calendar), (), calendar)
        assert moved == after(start, DAY * 3, [(begins, ends)], calendar)


@given(moments, calendars)
def test_when_people_work_next(now: datetime, calendar: RandomCalendar) -> None:
    opens = opening(now, calendar)
    assert is_open(now, calendar) is counts(now, [], calendar)
    assert is_open(opens, calendar)
    assert between(now, opens, (), calendar) == timedelta(0)


def test_the_years_that_were_announced() -> None:
    years = announced_years()
    assert 2026 in years
    assert 1999 not in years
    # Swapped days are known for each of them: Saturdays and Sundays on which people work.
    for year in (2024, 2025, 2026):
        days = (date(year, 1, 1) + timedelta(days=number) for number in range(365))
        assert [day for day in days if day.weekday() >= 5 and is_working_day(day)]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        # From before the National Day week of 2026 until after it: 10 October is a Saturday that is worked.
        ("2026-09-30T18:00", "2026-10-08T08:30", 0),
        ("2026-09-30T08:30", "2026-10-10T18:00", 4),
        # The Spring Festival of 2026 with the Saturdays of 14 and 28 February.
        ("2026-02-13T18:00", "2026-02-28T18:00", 6),
    ],
)
def test_weeks_of_holidays(start: str, end: str, days: int) -> None:
    begin, until = (datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI) for moment in (start, end))
    assert between(begin, until) == DAY * days
