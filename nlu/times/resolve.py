"""One chain of moments → the span of time that it means, by the calendar and the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from nlu.times.atoms import Bound
from nlu.times.days import Weekend
from nlu.times.feasts import Festival
from nlu.times.festivals import FESTIVALS
from nlu.times.months import MonthDay, WholeMonth
from nlu.times.occurrences import repeated
from nlu.times.ranges import daily_range, on_each, range_of
from nlu.times.search import Days, NoSuchDayError
from nlu.times.setting import Found, Setting, at, days_of, minutes_on, part_of
from nlu.times.span import TimeSpan

if TYPE_CHECKING:
    from nlu.times.moments import Chain, Moment
    from nlu.times.search import Day


def resolve(chain: Chain, setting: Setting) -> Found:
    """The span that a chain means; NoSuchDayError where its day does not exist."""
    ruled = next((moment for moment in chain.moments if moment.repeat), None)
    if ruled and ruled.repeat:
        return _yearly(chain, ruled, setting) if ruled.repeat.freq == "YEARLY" else repeated(chain, ruled, setting)
    if chain.head.instant:
        return _instant(chain, setting)
    if len(chain.moments) == 3:
        return daily_range(chain.moments[0], chain.moments[1], chain.moments[2], setting)
    if len(chain.moments) == 2:
        return range_of(chain.moments[0], chain.moments[1], setting)
    return _point(chain, setting)


def _instant(chain: Chain, setting: Setting) -> Found:
    instant = chain.head.instant
    if instant is None:
        raise NoSuchDayError
    moment = setting.now + timedelta(minutes=instant.minutes)
    if not instant.exact:
        moment = moment.replace(second=0, microsecond=0)
    if chain.bound is Bound.UNTIL:
        return Found(TimeSpan(None, moment))
    if len(chain.moments) == 1:
        return Found(TimeSpan(moment, None))
    end = _point(replace(chain, moments=chain.moments[1:]), setting).span
    return Found(
        TimeSpan(moment, end.start) if not end.date_only else TimeSpan(at(setting.today), end.start, date_only=True)
    )


def _point(chain: Chain, setting: Setting) -> Found:
    moment = chain.head
    days = days_of(moment, setting)
    minutes = minutes_on(moment, days.first, setting)
    if minutes is None or days.whole:
        return Found(_dated(days, part_of(moment), chain), days)
    if not days.single and not isinstance(moment.day, Weekend):
        return on_each(days, minutes, None)
    start = at(days.first, minutes)
    span = TimeSpan(None, start) if chain.bound is Bound.UNTIL else TimeSpan(start, None)
    return Found(span, Days(days.first, days.first))


def _dated(days: Days, part: str | None, chain: Chain) -> TimeSpan:
    if chain.bound is Bound.UNTIL:
        return TimeSpan(None, at(days.first if chain.opens and days.whole else days.last), date_only=True, part=part)
    end = None if days.single or chain.bound is Bound.FROM else at(days.last)
    return TimeSpan(at(days.first), end, date_only=True, part=part)


def _yearly(chain: Chain, ruled: Moment, setting: Setting) -> Found:
    """A day of the lunar calendar has no rule in the solar one: only its next day is given."""
    if ruled.day is None or ruled.repeat is None:
        raise NoSuchDayError
    plain = tuple(replace(moment, repeat=None) for moment in chain.moments)
    found = resolve(replace(chain, moments=plain), replace(setting, past=False))
    fixed = _same_every_year(ruled.day)
    return replace(found, span=replace(found.span, rrule=ruled.repeat.rule() if fixed else None))


def _same_every_year(day: Day) -> bool:
    return isinstance(day, (MonthDay, WholeMonth)) or (isinstance(day, Festival) and FESTIVALS[day.name].fixed)
