"""What repeats: its rule by RFC 5545 and the days that it falls on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from dateutil import rrule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_Frequency = Literal[0, 1, 2, 3, 4, 5, 6]
_FREQUENCIES: dict[str, _Frequency] = {
    "HOURLY": rrule.HOURLY,
    "DAILY": rrule.DAILY,
    "WEEKLY": rrule.WEEKLY,
    "MONTHLY": rrule.MONTHLY,
    "YEARLY": rrule.YEARLY,
}
# Long enough for the 29th of February and short enough to stop at once.
_HORIZON = timedelta(days=366 * 9)


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The nth weekday of a month (Monday = 0), counted from its end where `which` is negative."""

    which: int
    weekday: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often: every `interval` days, weeks, months or years, on these weekdays or days of the month."""

    freq: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: NthWeekday | None = None
    month_days: tuple[int, ...] = ()
    count: int | None = None

    @property
    def names_day(self) -> bool:
        """Whether the rule alone says on which days it falls."""
        return self.freq == "DAILY" or bool(self.weekdays or self.nth or self.month_days)

    def rule(self) -> str:
        """The RRULE value, its parts in the order FREQ, INTERVAL, BYDAY, BYMONTHDAY, COUNT."""
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.nth:
            parts.append(f"BYDAY={self.nth.which}{WEEKDAYS[self.nth.weekday]}")
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(WEEKDAYS[day] for day in self.weekdays))
        if self.month_days:
            parts.append("BYMONTHDAY=" + ",".join(str(day) for day in self.month_days))
        if self.count:
            parts.append(f"COUNT={self.count}")
        return ";".join(parts)

    def first_day(self, since: date, fits: Callable[[date], bool]) -> date | None:
        """The first day from `since` on that the rule falls on and that `fits`."""
        return next((day for day in replace(self, interval=1).days(since) if fits(day)), None)

    def count_until(self, first: date, last: date) -> int:
        """How many times the rule falls from `first` to `last`, both included."""
        return sum(1 for _ in self.days(first, last))

    def days(self, since: date, last: date | None = None) -> Iterator[date]:
        """The days that the rule falls on from `since` to `last`."""
        begin = datetime.combine(since, time())
        end = datetime.combine(last, time()) if last else min(begin, datetime(9980, 1, 1)) + _HORIZON  # noqa: DTZ001
        weekdays = [rrule.weekday(day) for day in self.weekdays]
        if self.nth:
            weekdays = [rrule.weekday(self.nth.weekday, self.nth.which)]
        rule = rrule.rrule(
            _FREQUENCIES[self.freq],
            dtstart=begin,
            until=end,
            interval=self.interval,
            byweekday=weekdays or None,
            bymonthday=list(self.month_days) or None,
        )
        return (moment.date() for moment in rule)
