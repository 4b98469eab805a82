"""Repeats: the occurrence that is next, or the first one from the day that the text names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from nlu.times.atoms import Bound
from nlu.times.clock import minutes_of
from nlu.times.ranges import daily_end, range_end, range_start, with_early_start
from nlu.times.search import Days, NoSuchDayError
from nlu.times.setting import Found, Setting, at, days_of, fits_in, part_of
from nlu.times.span import TimeSpan

if TYPE_CHECKING:
    from nlu.times.moments import Chain, Moment
    from nlu.times.repeats import Repeat


def repeated(chain: Chain, ruled: Moment, setting: Setting) -> Found:
    """The occurrence that is next; `ruled` is the moment of the chain that holds the rule."""
    repeat, tail = ruled.repeat, chain.moments[-1] if chain.moments[-1] is not ruled else None
    if repeat is None:
        raise NoSuchDayError
    ruled = with_early_start(ruled, tail) if tail else ruled
    bounds = _repeat_bounds(chain, ruled, setting)
    day = _first_occurrence(ruled, repeat, bounds, setting)
    if day is None:
        return Found(TimeSpan(None, None, date_only=True, rrule=repeat.rule()))
    if tail and tail.day and not tail.clock:
        bounds = Days(day, range_end(tail, Days(day, day), setting).last)
    if bounds and bounds.last != date.max:
        repeat = replace(repeat, count=repeat.count_until(day, bounds.last))
    return Found(_occurrence(ruled, tail, day, repeat, chain), Days(day, day))


def _repeat_bounds(chain: Chain, ruled: Moment, setting: Setting) -> Days | None:
    """The days between which it repeats; `date.max` where no last one is said."""
    if ruled.day is None:
        return Days(setting.since, setting.until or date.max) if setting.since else None
    plain = replace(ruled, clock=None, parts=())
    if chain.head.repeat:
        days = days_of(plain, setting)
        if days.single or ruled.since:
            return Days(days.first, date.max)
        return Days(max(days.first, setting.today), days.last)
    first = range_start(chain.head, plain, setting)
    return Days(first.first, range_end(plain, first, setting).last)


def _first_occurrence(ruled: Moment, repeat: Repeat, bounds: Days | None, setting: Setting) -> date | None:
    if not repeat.names_day:
        return bounds.first if bounds else None
    if bounds:
        return repeat.first_day(bounds.first, lambda _day: True)
    return repeat.first_day(setting.today, fits_in(ruled, replace(setting, past=False)))


def _occurrence(ruled: Moment, tail: Moment | None, day: date, repeat: Repeat, chain: Chain) -> TimeSpan:
    rule = repeat.rule()
    if ruled.clock is None:
        span = TimeSpan(at(day), None, date_only=True, rrule=rule, part=part_of(ruled))
        return replace(span, start=None, end=span.start) if chain.bound is Bound.UNTIL else span
    start = minutes_of(ruled.clock, ruled.parts)
    begin = at(day, start)
    if chain.bound is Bound.UNTIL:
        return TimeSpan(None, begin, rrule=rule)
    end = daily_end(ruled, tail, start) if tail else None
    return TimeSpan(begin, None if end is None else at(day, end), rrule=rule)
