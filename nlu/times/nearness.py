"""Whether the last or the next of the days that a date without a year can mean is much the nearer one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlu.times.feasts import Festival, LunarDay
from nlu.times.months import MonthDay, MonthEdge, WholeMonth
from nlu.times.search import NoSuchDayError, Search
from nlu.times.tense import Tense

if TYPE_CHECKING:
    from datetime import date

    from nlu.times.search import Day

_MUCH = 2


def nearer(day: Day | None, today: date) -> Tense:
    """PAST where the last such day is much nearer than the next, FUTURE where the next is, UNKNOWN else."""
    if day is None or not _recurs(day):
        return Tense.UNKNOWN
    try:
        last = day.find(Search(today, today, past=True, fits=lambda each: each <= today)).first
        coming = day.find(Search(today, today, past=False, fits=lambda each: each >= today)).first
    except (NoSuchDayError, ValueError, OverflowError):
        return Tense.UNKNOWN
    behind, ahead = (today - last).days, (coming - today).days
    if behind * _MUCH < ahead:
        return Tense.PAST
    return Tense.FUTURE if ahead * _MUCH < behind else Tense.UNKNOWN


def _recurs(day: Day) -> bool:
    """Whether the same words can mean a day of last year or month as well as one of the next."""
    match day:
        case MonthDay(month) | MonthEdge(month) | WholeMonth(month):
            return not month.fixed
        case Festival(year=None, shift=None) | LunarDay(year=None, shift=None):
            return True
    return False
