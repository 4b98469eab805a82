"""Hours as people say them: parts of the day, and what hour a bare number means in each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = 24 * 60


class PartKind(StrEnum):
    """The stretches of the day that decide what hour a number from 1 to 12 means."""

    DAWN = "dawn"
    MORNING = "morning"
    FORENOON = "forenoon"
    NOON = "noon"
    DAYTIME = "daytime"
    AFTERNOON = "afternoon"
    DUSK = "dusk"
    EVENING = "evening"
    NIGHT = "night"


# From which hour to which a vague part lasts; after its end a bare 上午 is tomorrow's.
_LASTS = {
    PartKind.DAWN: (0, 6),
    PartKind.MORNING: (5, 10),
    PartKind.FORENOON: (8, 12),
    PartKind.NOON: (11, 14),
    PartKind.DAYTIME: (7, 18),
    PartKind.AFTERNOON: (12, 18),
    PartKind.DUSK: (17, 20),
    PartKind.EVENING: (18, 24),
    PartKind.NIGHT: (20, 24),
}
# Which numbers go with a part that was named for an earlier hour (晚上七点改到八点).
_HOURS = {
    PartKind.DAWN: range(1, 7),
    PartKind.MORNING: range(5, 12),
    PartKind.FORENOON: range(7, 13),
    PartKind.NOON: range(11, 13),
    PartKind.AFTERNOON: range(1, 8),
    PartKind.DUSK: range(4, 9),
    PartKind.EVENING: range(5, 13),
    PartKind.NIGHT: range(8, 13),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day: the name that a `TimeSpan` gives it, and its kind."""

    name: str
    kind: PartKind

    @property
    def begins(self) -> int:
        """Minutes from midnight."""
        return _LASTS[self.kind][0] * 60

    @property
    def ends(self) -> int:
        """Minutes from midnight."""
        return _LASTS[self.kind][1] * 60

    def suits(self, clock: Clock) -> bool:
        """Whether an hour that names no part of its own can be meant in this one."""
        return not clock.exact and clock.hour in _HOURS.get(self.kind, ())


@dataclass(frozen=True, slots=True)
class Clock:
    """A written hour and minute; `exact` where it is of the 24-hour clock, `less` the minutes of 差一刻三点."""

    hour: int
    minute: int = 0
    exact: bool = False
    less: int = 0


NOON = Clock(12)


def minutes_of(clock: Clock, parts: tuple[Part, ...] = ()) -> int:
    """Minutes from 00:00 of the day named; 1440 and more lie in the night after it (晚上十二点 is 1440)."""
    minutes = clock.minute - clock.less
    if clock.hour > 12:
        return clock.hour * 60 + minutes
    if not parts:
        afternoon = not clock.exact and 1 <= clock.hour <= 6
        return (clock.hour + 12 * afternoon) * 60 + minutes
    after_midnight = parts[-1].kind is PartKind.DAWN and len(parts) > 1 and parts[0].kind in _LATE
    return _hour_in(parts[-1].kind, clock.hour) * 60 + minutes + DAY * after_midnight


_LATE = (PartKind.EVENING, PartKind.NIGHT)


def _hour_in(kind: PartKind, hour: int) -> int:
    match kind:
        case PartKind.DAWN:
            return hour % 12
        case PartKind.MORNING | PartKind.FORENOON:
            return hour
        case PartKind.NOON | PartKind.DAYTIME:
            return hour + 12 if 1 <= hour <= 4 else hour
        case PartKind.AFTERNOON | PartKind.DUSK:
            return hour % 12 + 12
        case PartKind.EVENING:
            return hour % 12 + 24 if hour % 12 <= 4 else hour + 12
        case PartKind.NIGHT:
            return hour % 12 + 24 if hour % 12 <= 5 else hour + 12


def early_reading(clock: Clock, parts: tuple[Part, ...]) -> int:
    """Minutes of the same words read as early on the very day named (今天半夜两点, said in the morning of what was)."""
    minutes = minutes_of(clock, parts)
    if minutes >= DAY and clock.hour <= 12:
        return minutes - DAY
    return minutes - DAY // 2 if not parts and not clock.exact and 1 <= clock.hour <= 6 else minutes


def end_minutes(
    start: int, start_clock: Clock, start_parts: tuple[Part, ...], clock: Clock, parts: tuple[Part, ...]
) -> int:
    """Minutes from 00:00 of the start's day of the end of a range whose end names no day: the first that is later."""
    if parts:
        own = minutes_of(clock, parts)
        return own if own > start else own + DAY
    readings = _end_readings(start, start_clock, start_parts, clock)
    return next((minutes for minutes in readings if minutes > start), minutes_of(clock) + DAY)


def _end_readings(start: int, start_clock: Clock, start_parts: tuple[Part, ...], clock: Clock) -> Iterator[int]:
    written = clock.hour * 60 + clock.minute - clock.less
    by_24_hours = start_clock.hour > 12 or (start_clock.exact and clock.exact and not start_parts)
    if clock.hour <= 12:
        if start_parts:
            yield minutes_of(clock, start_parts)
        if clock.exact or start < 7 * 60:
            yield written
        if not clock.exact:
            yield minutes_of(clock)
        if not by_24_hours:
            yield written + DAY // 2
    yield written
    yield written + DAY


def early_start(clock: Clock, parts: tuple[Part, ...], end: Clock) -> bool:
    """Whether the bare 6 of 6点到18点 must be the morning's, because the afternoon's would not be before the end."""
    if parts or clock.exact or not 1 <= clock.hour <= 6:
        return False
    by_24_hours = end.hour > 12 and end.hour * 60 + end.minute <= minutes_of(clock)
    return by_24_hours or (clock.hour >= 5 and (end.exact or end == NOON))
