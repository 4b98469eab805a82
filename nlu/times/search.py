"""What a day's words are looked up with: the days they can mean, and how to choose among them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class NoSuchDayError(ValueError):
    """The day that was said does not exist (4月31日); the bot asks."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days meant: `first` to `last`; `whole` for a week, a month or a year, in which no one day is named."""

    first: date
    last: date
    whole: bool = False

    @property
    def single(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Search:
    """How to choose among the days that a bare word can mean.

    `today` is the day of now; `origin` the day that bare dates are counted from (today, or the start of a range);
    `past` whether the last one counts instead of the next; `fits` whether a day is still (or already) good, the hour
    considered; `week` and `month` are those named just before (下周开会，周三下午).
    """

    today: date
    origin: date
    past: bool
    fits: Callable[[date], bool]
    week: date | None = None
    month: date | None = None
    before: date | None = None

    def choose(self, candidates: Iterable[Days]) -> Days:
        """The first candidate that fits; NoSuchDayError where none does."""
        for days in candidates:
            if self.fits(days.first if self.past else days.last):
                return days
        raise NoSuchDayError

    def years(self, year: int) -> range:
        """Years around `year` in the order in which they are tried."""
        return range(year + 1, year - 6, -1) if self.past else range(year - 1, year + 6)

    def months(self, first: date) -> Iterator[date]:
        """First days of the months from `first` on, in the order in which they are tried."""
        for step in range(14):
            yield add_months(first.replace(day=1), -step if self.past else step)


class Day(ABC):
    """One way of saying a day."""

    __slots__ = ()

    @abstractmethod
    def find(self, search: Search, /) -> Days:
        """The days meant; NoSuchDayError where the calendar has none."""


def add_months(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month."""
    return day + relativedelta(months=months)


def make_day(year: int, month: int, day: int) -> date:
    """The date; NoSuchDayError where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDayError from error


def single(day: date) -> Days:
    """One day."""
    return Days(day, day)


def last_of_month(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])
