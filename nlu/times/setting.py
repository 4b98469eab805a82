"""What a text gives to each of its times, and the day and minute that one moment means in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from nlu.times.clock import early_reading, minutes_of
from nlu.times.days import AnyDay
from nlu.times.months import Month, MonthDay
from nlu.times.search import Days, Search
from nlu.times.span import SHANGHAI, TimeSpan

if TYPE_CHECKING:
    from collections.abc import Callable

    from nlu.times.moments import Moment


@dataclass(frozen=True, slots=True)
class Setting:
    """What the text gives a chain besides its own words.

    `past` whether it speaks of what has been; `week`, `month` and `before` are those named just before; `since` and
    `until` the days between which a repeat is said to go on.
    """

    now: datetime
    past: bool = False
    week: date | None = None
    month: date | None = None
    before: date | None = None
    since: date | None = None
    until: date | None = None

    @property
    def today(self) -> date:
        """The day of now."""
        return self.now.date()

    @property
    def minute(self) -> int:
        """Minutes of now since midnight."""
        return self.now.hour * 60 + self.now.minute


@dataclass(frozen=True, slots=True)
class Found:
    """A span and the days that it stands on, None for an instant or a rule that names no day."""

    span: TimeSpan
    days: Days | None = None


def at(day: date, minutes: int = 0) -> datetime:
    """So many minutes after 00:00 of a day."""
    return datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=minutes)


def search_in(setting: Setting, fits: Callable[[date], bool], origin: date | None = None) -> Search:
    """The search for a day; a range counts its end from `origin`, its start, and always onwards."""
    past = setting.past and origin is None
    week, month = (None, None) if origin else (setting.week, setting.month)
    return Search(setting.today, origin or setting.today, past, fits, week, month, origin or setting.before)


def fits_in(moment: Moment, setting: Setting) -> Callable[[date], bool]:
    """Whether a day will do: its hour or its part is not over, or in the past has come."""
    now, today = setting.now, setting.today
    if moment.clock:
        minutes = minutes_of(moment.clock, moment.parts)
        if setting.past:
            return lambda day: at(day, minutes) <= now
        return lambda day: at(day, minutes) > now
    if moment.parts and setting.past:
        return lambda day: day < today or (day == today and setting.minute >= moment.parts[0].begins)
    if moment.parts:
        return lambda day: day > today or (day == today and setting.minute < moment.parts[-1].ends)
    return lambda day: day <= today if setting.past else day >= today


def days_of(moment: Moment, setting: Setting) -> Days:
    """The days that a moment means; NoSuchDayError where the calendar has none."""
    if since := _goes_on_from(moment, setting):
        return (moment.day or AnyDay()).find(search_in(setting, lambda day: day >= since, origin=since))
    return (moment.day or AnyDay()).find(search_in(setting, fits_in(moment, setting)))


def _goes_on_from(moment: Moment, setting: Setting) -> date | None:
    """4月10日接到反映，4月12日到场: a date after one that is past is counted from that, not from today."""
    match moment.day:
        case MonthDay(Month(number=int()) as month) if not month.fixed and not setting.past:
            return setting.before if setting.before and setting.before < setting.today else None
    return None


def minutes_on(moment: Moment, day: date, setting: Setting) -> int | None:
    """Minutes from 00:00 of `day`; what has been cannot lie ahead (今天半夜两点有人砸门)."""
    if moment.clock is None:
        return None
    minutes = minutes_of(moment.clock, moment.parts)
    if setting.past and at(day, minutes) > setting.now:
        early = early_reading(moment.clock, moment.parts)
        return early if at(day, early) <= setting.now else minutes
    return minutes


def part_of(moment: Moment) -> str | None:
    """The name of a part of the day that was said without an hour."""
    return moment.parts[-1].name if moment.parts and moment.clock is None else None
