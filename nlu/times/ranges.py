"""Ranges: from one moment to another, and the same hours on each of several days."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nlu.times.clock import DAY, early_start, end_minutes, minutes_of
from nlu.times.days import Following, Shifted, Weekend
from nlu.times.months import MonthDay
from nlu.times.repeats import Repeat
from nlu.times.search import Days, NoSuchDayError
from nlu.times.setting import Found, Setting, at, days_of, minutes_on, part_of, search_in
from nlu.times.span import TimeSpan

if TYPE_CHECKING:
    from datetime import date, datetime

    from nlu.times.clock import Clock, Part
    from nlu.times.moments import Moment


def on_each(days: Days, minutes: int, end: int | None) -> Found:
    """The same hours on each of the days: one occurrence, repeated daily."""
    count = (days.last - days.first).days + 1
    rule = Repeat("DAILY", count=count).rule() if count > 1 else None
    return Found(TimeSpan(at(days.first, minutes), None if end is None else at(days.first, end), rrule=rule), days)


def range_of(head: Moment, tail: Moment, setting: Setting) -> Found:
    """The span from one moment to another."""
    head = with_early_start(head, tail)
    first = range_start(head, tail, setting)
    last = range_end(tail, first, setting)
    if head.clock is None:
        return _range_of_days(head, tail, Days(first.first, last.last))
    if tail.day is None and isinstance(head.day, Weekend):
        first = last = Days(first.first, first.first)
    start = minutes_on(head, first.first, setting) or 0
    begin = at(first.first, start)
    if tail.clock is None:
        # 今晚十点到明天 lasts through tomorrow; 上午九点到下午 ends at no hour that was said.
        end = at(last.last, DAY) if tail.day else None
        return Found(TimeSpan(begin, None if setting.past and end and end > setting.now else end), first)
    if tail.day is None and not first.single and not first.whole:
        return on_each(first, start, end_minutes(start, head.clock, head.parts, tail.clock, tail.parts))
    return Found(TimeSpan(begin, _end(head, tail, first.first, last.last, start)), first)


def range_start(head: Moment, tail: Moment, setting: Setting) -> Days:
    """Dates that are under way are meant, not those of next year (20号到25号, said on the 22nd)."""
    under_way = isinstance(head.day, MonthDay) and not head.day.month.fixed and not head.clock and tail.day
    if under_way and not setting.past:
        past = replace(setting, past=True)
        try:
            first = days_of(head, past)
            if range_end(tail, first, setting).last >= setting.today:
                return first
        except NoSuchDayError:
            pass
    return days_of(head, setting)


def range_end(tail: Moment, first: Days, setting: Setting) -> Days:
    """The days at the end of a range that starts on `first`; NoSuchDayError where they lie before it."""
    if tail.day is None:
        return first
    last = tail.day.find(search_in(setting, lambda day: day >= first.first, origin=first.first))
    if last.last < first.first:
        raise NoSuchDayError
    return last


def _range_of_days(head: Moment, tail: Moment, days: Days) -> Found:
    daily = tail.clock and tail.day and not isinstance(tail.day, Shifted) and not days.single
    if daily and tail.clock:
        return on_each(days, minutes_of(tail.clock, tail.parts), None)
    end = at(days.last) if not days.single and (tail.day or not tail.clock) else None
    return Found(TimeSpan(at(days.first), end, date_only=True, part=part_of(head)), days)


def with_early_start(head: Moment, tail: Moment) -> Moment:
    """The 6 of 6点到18点 is written by the 24-hour clock."""
    early = head.clock and tail.clock and not tail.day and not tail.parts
    if early and head.clock and tail.clock and early_start(head.clock, head.parts, tail.clock):
        return replace(head, clock=replace(head.clock, exact=True))
    return head


def _end(head: Moment, tail: Moment, first: date, last: date, start: int) -> datetime:
    if head.clock is None or tail.clock is None:
        raise NoSuchDayError
    if last == first:
        return at(first, end_minutes(start, head.clock, head.parts, tail.clock, tail.parts))
    return at(last, minutes_next_day(head, tail.clock, tail.parts, start))


def minutes_next_day(head: Moment, clock: Clock, parts: tuple[Part, ...], start: int) -> int:
    """The hour on a later day: 今晚十点到明天六点 ends in the morning, 周五下午两点到周六五点 in the afternoon."""
    if parts or clock.exact or clock.hour > 12:
        return minutes_of(clock, parts)
    if start % DAY >= 18 * 60:
        return clock.hour * 60 + clock.minute
    return minutes_of(clock, head.parts if head.parts and head.parts[-1].suits(clock) else ())


def daily_range(head: Moment, middle: Moment, tail: Moment, setting: Setting) -> Found:
    """4月20日到22日上午9点到11点: the hours of each of the days."""
    first = range_start(head, middle, setting)
    days = Days(first.first, range_end(middle, first, setting).last)
    middle = with_early_start(middle, tail)
    if middle.clock is None or tail.clock is None:
        raise NoSuchDayError
    start = minutes_of(middle.clock, middle.parts)
    return on_each(days, start, daily_end(middle, tail, start))


def daily_end(head: Moment, tail: Moment, start: int) -> int | None:
    """Minutes from 00:00 of the day that `head` stands on to the hour of `tail`, on 次日 where it says so."""
    if head.clock is None or tail.clock is None:
        return None
    match tail.day:
        case Following(days) if days:
            return days * DAY + minutes_next_day(head, tail.clock, tail.parts, start)
    return end_minutes(start, head.clock, head.parts, tail.clock, tail.parts)
