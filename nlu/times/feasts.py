"""Days by the lunar calendar and by the names of festivals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlu.times.festivals import FESTIVALS, LAST_DAY, lunar_day, lunar_year_and_month
from nlu.times.search import Day, Days, NoSuchDayError, Search, single

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


@dataclass(frozen=True, slots=True)
class LunarDay(Day):
    """农历五月初五, 腊月廿三, 初八: a lunar day, of the next lunar month where none is said; day 0 is the month."""

    month: int | None
    day: int
    leap: bool = False
    year: int | None = None
    shift: int | None = None

    def find(self, search: Search, /) -> Days:
        """See Day."""
        if self.year is not None:
            return self._of(self.year, self.month or 1)
        if self.shift is not None:
            return self._of(_lunar_year(search.today, self.month or 1) + self.shift, self.month or 1)
        year, month = lunar_year_and_month(search.origin)
        if self.month:
            return search.choose(self._in_years(search, year, self.month))
        return search.choose(self._in_months(search, year, month))

    def _in_years(self, search: Search, year: int, month: int) -> Iterator[Days]:
        # A month that is a day short is passed over only where it does not lie in the direction of the search.
        for each in search.years(year):
            try:
                yield self._of(each, month)
            except NoSuchDayError:
                if not self.leap and search.fits(lunar_day(each, month, 29)):
                    raise

    def _in_months(self, search: Search, year: int, month: int) -> Iterator[Days]:
        steps = range(1, -14, -1) if search.past else range(-1, 14)
        for step in steps:
            count = year * 12 + month - 1 + step
            try:
                yield self._of(count // 12, count % 12 + 1)
            except NoSuchDayError:
                continue

    def _of(self, year: int, month: int) -> Days:
        try:
            if self.day:
                return single(lunar_day(year, month, self.day, self.leap))
            return Days(lunar_day(year, month, 1, self.leap), lunar_day(year, month, -1, self.leap), whole=True)
        except ValueError as error:
            raise NoSuchDayError from error


def _lunar_year(today: date, month: int) -> int:
    """Which lunar year 今年 is: said in January, 今年正月 is about to come and 今年腊月 is not over."""
    return lunar_year_and_month(today)[0] if month > 10 else today.year


@dataclass(frozen=True, slots=True)
class Festival(Day):
    """端午, 明年清明, 国庆: the one that comes where no year is said."""

    name: str
    year: int | None = None
    shift: int | None = None

    def find(self, search: Search, /) -> Days:
        """See Day."""
        rule = FESTIVALS[self.name]
        if self.year is not None:
            # The eve of the festival of 2026 lies in the lunar year 2025, but people call it 2026年除夕.
            return self._of(self.year - (rule.lunar == (12, LAST_DAY)))
        if self.shift is not None:
            month = rule.lunar[0] if rule.lunar else 1
            return self._of(_lunar_year(search.today, month) + self.shift)
        return search.choose(self._of(year) for year in search.years(search.origin.year))

    def _of(self, year: int) -> Days:
        if not 1900 < year < 2099:
            raise NoSuchDayError
        return single(FESTIVALS[self.name].day(year))
