"""Working hours: when a deadline counted in them falls, on China's calendar with its swapped days (调休).

The calendar comes from the holidays library, which knows the State Council's announcements up to the current year;
for a later year it falls back to the statutory days and plain weekends.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

import holidays

from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIFTS = ((time(8, 30), time(12, 0)), (time(14, 0), time(18, 0)))
"""The working hours of a working day (categories.md)."""

DAY = timedelta(hours=7, minutes=30)
"""What one working day holds."""


AT_ONCE = timedelta(hours=1)
"""What is due in the minute in which it was reported is late no sooner than this."""


def is_late(reported: datetime, due: datetime, now: datetime) -> bool:
    """Whether at `now` something reported at `reported` should have been done by `due`."""
    return now > max(due, reported + AT_ONCE)


def is_working_day(day: date) -> bool:
    """Whether people work on `day` in China, swapped days counted."""
    return _calendar().is_working_day(day)


def after(start: datetime, working: timedelta) -> datetime:
    """The moment at which `working` has passed in working hours since `start`, in Asia/Shanghai."""
    left = working
    for opens, closes in _shifts_from(start.astimezone(SHANGHAI)):
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError("working days never end")


def _shifts_from(start: datetime) -> Iterator[tuple[datetime, datetime]]:
    day = start.date()
    while True:
        if is_working_day(day):
            for opens, closes in SHIFTS:
                begin = datetime.combine(day, opens, SHANGHAI)
                end = datetime.combine(day, closes, SHANGHAI)
                if end > start:
                    yield max(begin, start), end
        day += timedelta(days=1)


@cache
def _calendar() -> holidays.HolidayBase:
    return holidays.country_holidays("CN")
