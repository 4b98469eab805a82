"""Festivals, the lunar calendar and the solar terms as days of the solar calendar."""

from __future__ import annotations

import math
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from borax.calendars.lunardate import LunarDate

from nlu.tables import read_yaml

LAST_DAY = -1


@dataclass(frozen=True, slots=True)
class Rule:
    """How a festival's day is found: by the solar or lunar calendar, a solar term, or the nth weekday of a month."""

    names: tuple[str, ...]
    solar: tuple[int, int] | None = None
    lunar: tuple[int, int] | None = None
    term: int | None = None
    nth: tuple[int, int, int] | None = None
    only_before: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()

    @property
    def fixed(self) -> bool:
        """Whether the festival has the same solar date every year."""
        return self.solar is not None

    def day(self, year: int) -> date:
        """The day in `year`, which is the lunar year where the rule is lunar; ValueError outside 1900 to 2099."""
        if self.solar:
            return date(year, *self.solar)
        if self.lunar:
            return lunar_day(year, *self.lunar)
        if self.nth:
            month, which, weekday = self.nth
            return nth_weekday(year, month, which, weekday)
        return solar_term(year, self.term or 0)


def nth_weekday(year: int, month: int, which: int, weekday: int) -> date:
    """The nth weekday of a month, counted from its end where `which` is negative; ValueError where it has none."""
    length = monthrange(year, month)[1]
    if which > 0:
        first = date(year, month, 1)
        return date(year, month, 1 + (weekday - first.weekday()) % 7 + 7 * (which - 1))
    last = date(year, month, length)
    return date(year, month, length - (last.weekday() - weekday) % 7 + 7 * (which + 1))


@lru_cache(maxsize=4096)
def lunar_day(year: int, month: int, day: int, leap: bool = False) -> date:
    """The solar date of a lunar one; the 30th of a 腊月 of 29 days is its last; ValueError where there is none."""
    if month == 12 and day in (LAST_DAY, 30):
        return lunar_day(year + 1, 1, 1) - timedelta(days=1)
    if day == LAST_DAY:
        return _last_of_lunar_month(year, month, leap)
    found: date = LunarDate(year, month, day, int(leap)).to_solar_date()
    return found


def _last_of_lunar_month(year: int, month: int, leap: bool) -> date:
    try:
        return lunar_day(year, month, 30, leap)
    except ValueError:
        return lunar_day(year, month, 29, leap)


def lunar_year_and_month(day: date) -> tuple[int, int]:
    """The lunar year and month that a solar day falls in; ValueError outside 1900 to 2099."""
    lunar = LunarDate.from_solar(day)
    return lunar.year, lunar.month


@lru_cache(maxsize=1024)
def solar_term(year: int, longitude: int) -> date:
    """The day, by Beijing time, on which the sun reaches `longitude` (degrees, a multiple of 15) in `year`."""
    days = (date(year, 1, 1) - date(2000, 1, 1)).days + (longitude - 280) % 360 * 365.2422 / 360
    for _ in range(6):
        lag = (longitude - _sun_longitude(days) + 180) % 360 - 180
        days += lag * 365.2422 / 360
    return (datetime(2000, 1, 1, 12) + timedelta(days=days, hours=8, seconds=-70)).date()  # noqa: DTZ001


def _sun_longitude(days: float) -> float:
    """Apparent longitude of the sun in degrees, `days` after J2000.0.

    Meeus, Astronomical Formulae for Calculators, ch. 18, with its terms for Venus, Jupiter and the Moon, good to some
    0.002°: the day of a term is right unless it falls within three minutes of midnight.
    """
    t = (days + 36525) / 36525
    mean = 279.69668 + 36000.76892 * t + 0.0003025 * t * t
    anomaly = math.radians(358.47583 + 35999.04975 * t - 0.00015 * t * t)
    centre = (
        (1.91946 - 0.004789 * t - 0.000014 * t * t) * math.sin(anomaly)
        + (0.020094 - 0.0001 * t) * math.sin(2 * anomaly)
        + 0.000293 * math.sin(3 * anomaly)
    )
    pulls = (
        0.00134 * math.cos(math.radians(153.23 + 22518.7541 * t))
        + 0.00154 * math.cos(math.radians(216.57 + 45037.5082 * t))
        + 0.002 * math.cos(math.radians(312.69 + 32964.3577 * t))
        + 0.00179 * math.sin(math.radians(350.74 + 445267.1142 * t))
        + 0.00178 * math.sin(math.radians(231.19 + 20.2 * t))
    )
    node = math.radians(259.18 - 1934.142 * t)
    return mean + centre + pulls - 0.00569 - 0.00479 * math.sin(node)


def _load() -> dict[str, Rule]:
    rows = read_yaml(Path(__file__).with_suffix(".yml"))
    rules: dict[str, Rule] = {}
    for row in rows:
        values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
        rule = Rule(**values)
        rules |= dict.fromkeys(rule.names, rule)
    return rules


FESTIVALS = _load()
