"""Days by their distance from today or by their place in the week: 今天, 三天后, 下周五, 周末, 次日."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from nlu.times.search import Day, Days, NoSuchDayError, Search, add_months, single


@dataclass(frozen=True, slots=True)
class Shifted(Day):
    """今天, 后天, 三天后, 半年前: so many months and days from today."""

    days: int = 0
    months: int = 0
    whole_weekdays: int = 0

    def find(self, search: Search, /) -> Days:
        """See Day."""
        day = add_months(search.today, self.months) + timedelta(days=self.days)
        for _ in range(self.whole_weekdays):
            day += timedelta(days=7 - day.weekday() if day.weekday() >= 4 else 1)
        return single(day)


@dataclass(frozen=True, slots=True)
class Fixed(Day):
    """Days already found, for an hour that is said after them."""

    days: Days

    def find(self, _search: Search, /) -> Days:
        """See Day."""
        return self.days


@dataclass(frozen=True, slots=True)
class AnyDay(Day):
    """No day said: the first on which the hour fits, from the night before on (半夜两点, said at half past twelve)."""

    def find(self, search: Search, /) -> Days:
        """See Day."""
        step, since = (-1, 0) if search.past else (1, -1)
        days = (search.origin + timedelta(days=step * count + since) for count in range(4))
        return search.choose(single(day) for day in days)


@dataclass(frozen=True, slots=True)
class Run(Day):
    """今明两天: the days from one shift to another."""

    first: int
    last: int

    def find(self, search: Search, /) -> Days:
        """See Day."""
        return Days(search.today + timedelta(days=self.first), search.today + timedelta(days=self.last))


@dataclass(frozen=True, slots=True)
class Following(Day):
    """次日, 第二天, 当天: so many days after the day that was said before; none without one."""

    days: int

    def find(self, search: Search, /) -> Days:
        """See Day."""
        if search.before is None:
            raise NoSuchDayError
        return single(search.before + timedelta(days=self.days))


@dataclass(frozen=True, slots=True)
class Vague(Day):
    """改天, 那天晚上, 前几天: no day that a calendar knows."""

    def find(self, _search: Search, /) -> Days:
        """See Day."""
        raise NoSuchDayError


@dataclass(frozen=True, slots=True)
class Weekday(Day):
    """周五, 下周五, 周六周日: weekdays (Monday = 0) so many weeks on, or the next where `weeks` is None."""

    weekdays: tuple[int, ...]
    weeks: int | None = None

    def find(self, search: Search, /) -> Days:
        """See Day."""
        first = self._first(search)
        run = 0
        while run + 1 < len(self.weekdays) and self.weekdays[run + 1] == self.weekdays[run] + 1:
            run += 1
        return Days(first, first + timedelta(days=run if run == len(self.weekdays) - 1 else 0))

    def _first(self, search: Search) -> date:
        weekday = self.weekdays[0]
        if self.weeks is not None:
            return monday(search.today, self.weeks) + timedelta(days=weekday)
        if search.week:
            return search.week + timedelta(days=weekday)
        step = -1 if search.past else 1
        days = (search.origin + timedelta(days=step * count) for count in range(15))
        return search.choose(single(day) for day in days if day.weekday() == weekday).first


def monday(day: date, weeks: int) -> date:
    """The Monday of the week of `day`, some weeks on."""
    return day + timedelta(days=7 * weeks - day.weekday())


@dataclass(frozen=True, slots=True)
class Weekend(Day):
    """周末: Saturday to Sunday; the one that is under way or next where `weeks` is None."""

    weeks: int | None = None

    def find(self, search: Search, /) -> Days:
        """See Day."""
        if self.weeks is not None:
            return self._of(monday(search.today, self.weeks))
        steps = range(0, -3, -1) if search.past else range(3)
        return search.choose(self._of(search.week or monday(search.origin, step)) for step in steps)

    @staticmethod
    def _of(first: date) -> Days:
        return Days(first + timedelta(days=5), first + timedelta(days=6))


@dataclass(frozen=True, slots=True)
class Week(Day):
    """下周 alone: its Monday to its Sunday."""

    weeks: int

    def find(self, search: Search, /) -> Days:
        """See Day."""
        first = monday(search.today, self.weeks)
        return Days(first, first + timedelta(days=6), whole=True)


@dataclass(frozen=True, slots=True)
class Beside(Day):
    """国庆节前一天, 春节后三天: so many days from another day."""

    day: Day
    days: int

    def find(self, search: Search, /) -> Days:
        """See Day."""
        return single(self.day.find(search).first + timedelta(days=self.days))
