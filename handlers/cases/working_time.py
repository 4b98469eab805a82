"""Working hours: when a deadline counted in them falls, on China's calendar with its swapped days (调休).

The calendar comes from the holidays library, which knows the State Council's announcements of `announced_years`; for a
later year it falls back to the statutory days and plain weekends. Every function takes another calendar where one is
given, and `pauses`: spans of time, in any order, that do not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import holidays

from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterator

Calendar = Callable[[date], bool]
"""Whether people work on a day."""

Pauses = Iterable[tuple[datetime, datetime]]

SHIFTS = ((time(8, 30), time(12, 0)), (time(14, 0), time(18, 0)))
"""The working hours of a working day (categories.md)."""

DAY = timedelta(hours=7, minutes=30)
"""What one working day holds."""


def announced_years() -> range:
    """The years whose days off and swapped days the library has from the State Council's announcements."""
    years = sorted(holidays.country_holidays("CN").special_public_holidays)
    return range(years[0], years[-1] + 1)


@cache
def calendar_version() -> str:
    """Which calendar deadlines are counted on: it changes when the library may have learnt a year."""
    return f"holidays {version('holidays')}"


def is_working_day(day: date) -> bool:
    """Whether people work on `day` in China, swapped days counted."""
    return _china().is_working_day(day)


def after(start: datetime, working: timedelta, pauses: Pauses = (), calendar: Calendar = is_working_day) -> datetime:
    """The moment at which `working` has passed in working hours since `start`, in Asia/Shanghai."""
    left = working
    for begin, end in _counted_from(start.astimezone(SHANGHAI), pauses, calendar):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise AssertionError("working days never end")


def before(end: datetime, working: timedelta, calendar: Calendar = is_working_day) -> datetime:
    """The last moment from which `working` is left in working hours until `end`, in Asia/Shanghai."""
    left = working
    for opens, closes in _shifts_until(end.astimezone(SHANGHAI), calendar):
        if left <= closes - opens:
            return closes - left
        left -= closes - opens
    raise AssertionError("working days never began")


def between(start: datetime, end: datetime, pauses: Pauses = (), calendar: Calendar = is_working_day) -> timedelta:
    """The working time that passes from `start` to `end`; nothing where `end` comes first."""
    passed = timedelta(0)
    if end <= start:
        return passed
    for opens, closes in _counted_from(start.astimezone(SHANGHAI), pauses, calendar):
        if opens >= end:
            break
        passed += min(closes, end) - opens
    return passed


def is_open(now: datetime, calendar: Calendar = is_working_day) -> bool:
    """Whether `now` lies in working hours; the minute in which they end does not."""
    opens, _closes = next(_shifts_from(now.astimezone(SHANGHAI), calendar))
    return opens <= now


def opening(now: datetime, calendar: Calendar = is_working_day) -> datetime:
    """`now` where it lies in working hours, else the moment at which they begin next."""
    return next(_shifts_from(now.astimezone(SHANGHAI), calendar))[0]


def _counted_from(start: datetime, pauses: Pauses, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The spans of working time from `start` on, in order, without the pauses; it never ends."""
    still = sorted((begin.astimezone(SHANGHAI), end.astimezone(SHANGHAI)) for begin, end in pauses if begin < end)
    for opens, closes in _shifts_from(start, calendar):
        begin = opens
        for pause_begins, pause_ends in still:
            if begin < pause_begins < closes:
                yield begin, pause_begins
            if pause_begins < closes:
                begin = max(begin, pause_ends)
        if begin < closes:
            yield begin, closes


def _shifts_from(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    day = start.date()
    while True:
        if calendar(day):
            for opens, closes in _shifts_of(day):
                if closes > start:
                    yield max(opens, start), closes
        day += timedelta(days=1)


def _shifts_until(end: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    day = end.date()
    while True:
        if calendar(day):
            for opens, closes in reversed(list(_shifts_of(day))):
                if opens < end:
                    yield opens, min(closes, end)
        day -= timedelta(days=1)


def _shifts_of(day: date) -> Iterator[tuple[datetime, datetime]]:
    for opens, closes in SHIFTS:
        yield datetime.combine(day, opens, SHANGHAI), datetime.combine(day, closes, SHANGHAI)


@cache
def _china() -> holidays.HolidayBase:
    return holidays.country_holidays("CN")
