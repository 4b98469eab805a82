"""Days by the calendar: 3月12日, 20号, 下个月第一个周六, 月底, 去年, 上季度."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from nlu.times.days import Weekend
from nlu.times.festivals import nth_weekday
from nlu.times.search import Day, Days, NoSuchDayError, Search, add_months, last_of_month, make_day, single

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


@dataclass(frozen=True, slots=True)
class Month:
    """Which month: of a year or of the next, so many months on, or the one that is not said (all None)."""

    number: int | None = None
    year: int | None = None
    year_shift: int | None = None
    shift: int | None = None

    @property
    def fixed(self) -> bool:
        """Whether only one month of one year is meant."""
        return self.shift is not None or self.year is not None or self.year_shift is not None

    @property
    def bare(self) -> bool:
        """Whether no month is named at all."""
        return self.number is None and self.shift is None

    def candidates(self, search: Search) -> Iterator[date]:
        """First days of the months it can mean, in the order in which they are tried."""
        if self.shift is not None:
            yield add_months(search.today.replace(day=1), self.shift)
        elif self.number is None:
            yield from search.months(search.origin)
        elif self.fixed:
            yield make_day(self.year or search.today.year + (self.year_shift or 0), self.number, 1)
        else:
            for year in search.years(search.origin.year):
                yield make_day(year, self.number, 1)


@dataclass(frozen=True, slots=True)
class MonthDay(Day):
    """3月12日, 20号, 下个月5号."""

    month: Month
    day: int

    def find(self, search: Search, /) -> Days:
        """See Day."""
        if self.month.fixed:
            first = next(self.month.candidates(search))
            return single(make_day(first.year, first.month, self.day))
        return self._next_in_year(search) if self.month.number else self._next_in_month(search)

    def _next_in_year(self, search: Search) -> Days:
        # The nearest year in the direction of the search decides: 2月29日 in 2026 is asked about, not put in 2028.
        month, origin = self.month.number or 1, search.origin
        for year in search.years(origin.year):
            beyond = (year, month, self.day) > (origin.year, origin.month, origin.day)
            before = (year, month, self.day) < (origin.year, origin.month, origin.day)
            if (beyond if search.past else before) or not search.fits(day := make_day(year, month, self.day)):
                continue
            return single(day)
        raise NoSuchDayError

    def _next_in_month(self, search: Search) -> Days:
        if not 1 <= self.day <= 31:
            raise NoSuchDayError
        if search.month and self.day <= last_of_month(search.month).day:
            named = search.month.replace(day=self.day)
            if search.before is None or named >= search.before:
                return single(named)
        months = [first for first in search.months(search.origin) if self.day <= last_of_month(first).day]
        return search.choose(single(first.replace(day=self.day)) for first in months)


@dataclass(frozen=True, slots=True)
class WholeMonth(Day):
    """6月, 下个月: its first to its last day."""

    month: Month

    def find(self, search: Search, /) -> Days:
        """See Day."""
        if self.month.fixed:
            return _month_of(next(self.month.candidates(search)))
        return search.choose(_month_of(first) for first in self.month.candidates(search))


class Edge(StrEnum):
    """A stretch of a month or a year."""

    BEGIN = "begin"
    MIDDLE = "middle"
    END = "end"
    FIRST_TEN = "first ten"
    SECOND_TEN = "second ten"
    LAST_TEN = "last ten"
    FIRST_HALF = "first half"
    SECOND_HALF = "second half"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class MonthEdge(Day):
    """月底, 5月中旬, 下个月初: 月初 is the first day, 月中 the 15th, 月底 the last."""

    month: Month
    edge: Edge

    def find(self, search: Search, /) -> Days:
        """See Day."""
        if self.month.fixed:
            return self._of(next(self.month.candidates(search)))
        if self.month.bare and search.month:
            return self._of(search.month.replace(day=1))
        return search.choose(self._of(first) for first in self.month.candidates(search))

    def _of(self, first: date) -> Days:
        last = last_of_month(first)
        bounds = {
            Edge.BEGIN: (1, 1),
            Edge.MIDDLE: (15, 15),
            Edge.END: (last.day, last.day),
            Edge.FIRST_HALF: (1, 15),
            Edge.SECOND_HALF: (16, last.day),
            Edge.FIRST_TEN: (1, 10),
            Edge.SECOND_TEN: (11, 20),
            Edge.LAST_TEN: (21, last.day),
        }
        begin, end = bounds.get(self.edge, (1, last.day))
        return Days(first.replace(day=begin), first.replace(day=end), whole=begin != end)


@dataclass(frozen=True, slots=True)
class MonthWeekday(Day):
    """下个月第一个周六: the nth weekday of a month, from its end where `which` is negative."""

    month: Month
    which: int
    weekday: int

    def find(self, search: Search, /) -> Days:
        """See Day."""
        days = (
            nth_weekday(first.year, first.month, self.which, self.weekday) for first in self.month.candidates(search)
        )
        if self.month.fixed:
            return single(next(days))
        return search.choose(single(day) for day in days)


@dataclass(frozen=True, slots=True)
class MonthWeekend(Weekend):
    """这个月最后一个周末: from the nth Saturday of a month on, counted from its end where `which` is negative."""

    month: Month = field(default_factory=Month)
    which: int = 1

    def find(self, search: Search, /) -> Days:
        """See Day."""
        saturdays = (nth_weekday(first.year, first.month, self.which, 5) for first in self.month.candidates(search))
        weekends = (Days(saturday, saturday + timedelta(days=1)) for saturday in saturdays)
        return next(weekends) if self.month.fixed else search.choose(weekends)


@dataclass(frozen=True, slots=True)
class Year(Day):
    """今年, 2026年, 年底, 上半年: a year or a stretch of it, the next where neither year nor shift is said."""

    year: int | None = None
    shift: int | None = None
    edge: Edge = Edge.WHOLE
    quarter: int | None = None

    def find(self, search: Search, /) -> Days:
        """See Day."""
        if self.year is not None or self.shift is not None:
            return self._of(self.year or search.today.year + (self.shift or 0))
        return search.choose(self._of(year) for year in search.years(search.origin.year))

    def _of(self, year: int) -> Days:
        months = {Edge.FIRST_HALF: (1, 6), Edge.SECOND_HALF: (7, 12), Edge.BEGIN: (1, 1), Edge.END: (12, 12)}
        first, last = months.get(self.edge, (1, 12))
        if self.quarter:
            first, last = self.quarter * 3 - 2, self.quarter * 3
        begin, end = make_day(year, first, 1), last_of_month(make_day(year, last, 1))
        if self.edge is Edge.BEGIN:
            return single(begin)
        return single(end) if self.edge is Edge.END else Days(begin, end, whole=True)


@dataclass(frozen=True, slots=True)
class Quarter(Day):
    """上季度, 本季度: so many quarters of a year on."""

    shift: int

    def find(self, search: Search, /) -> Days:
        """See Day."""
        months = 3 * self.shift - (search.today.month - 1) % 3
        first = add_months(search.today.replace(day=1), months)
        return Days(first, last_of_month(add_months(first, 2)), whole=True)


def _month_of(first: date) -> Days:
    return Days(first, last_of_month(first), whole=True)
