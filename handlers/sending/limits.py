"""The limits of every channel account and the quiet hours; the figures stand in `lanes.yml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlu.tables import read_yaml
from nlu.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

_FILE = Path(__file__).parent / "lanes.yml"


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` messages in any span of `seconds`, of which `burst` may go at once.

    Raises ValueError where that leaves no steady pace.
    """

    most: int
    seconds: float
    burst: int

    def __post_init__(self) -> None:
        if not 1 <= self.burst < self.most or self.seconds <= 0:
            raise ValueError(f"a rate needs a burst of one or more below its most: {self}")

    @property
    def pace(self) -> float:
        """Messages a second in the long run: with a burst before it, no span has more than `most`."""
        return (self.most - self.burst) / self.seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """What one account may send; without any, it may send all it has, one after the other."""

    account: Sequence[Rate] = ()
    chat: Sequence[Rate] = ()
    group: Sequence[Rate] = ()
    per_day: int | None = None
    at_once: int = 1

    @property
    def pace(self) -> float | None:
        """Messages a second over all chats in the long run, or None without a limit."""
        return min((rate.pace for rate in self.account), default=None)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Limits:
        """The limits that an entry of `lanes.yml` names; raises TypeError or ValueError where it is not written so."""
        rates = {name: tuple(Rate(**rate) for rate in data.get(name, ())) for name in ("account", "chat", "group")}
        return cls(**{**data, **rates})


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of the day in which notices wait."""

    begin: time
    end: time

    def holds(self, moment: datetime) -> bool:
        """Whether it is quiet then."""
        at = moment.astimezone(SHANGHAI).time()
        if self.begin <= self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end

    def over_at(self, moment: datetime) -> datetime:
        """The end of the quiet that holds at `moment`."""
        return _next(moment, self.end)

    def next_after(self, moment: datetime) -> datetime:
        """The next beginning of quiet after `moment`."""
        return _next(moment, self.begin)


@dataclass(frozen=True, slots=True)
class Limitations:
    """Everything that `lanes.yml` says."""

    lanes: Mapping[str, Limits] = field(default_factory=dict)
    own_pace: float = 200.0
    reserve: float = 0.2
    for_alarms: float = 0.05
    quiet: Quiet = Quiet(time(22), time(7))

    def of(self, channel: str, account: str) -> Limits:
        """The limits of an account."""
        return self.lanes.get(f"{channel}/{account}") or self.lanes.get(channel) or Limits()

    def for_notices(self, per_day: int) -> int:
        """How much of a day's quota notices may use."""
        return int(per_day * (1 - self.reserve))

    def but_alarms(self, per_day: int) -> int:
        """How much of a day's quota everything but alarms may use."""
        return per_day - int(per_day * self.for_alarms)


@cache
def shipped() -> Limitations:
    """What holds. Raises TypeError or ValueError where `lanes.yml` is not written as it says."""
    return read(read_yaml(_FILE))


def read(data: Mapping[str, Any]) -> Limitations:
    """Limitations written as in `lanes.yml`; raises TypeError or ValueError where they are not."""
    hours = data["quiet"]
    return Limitations(
        lanes={name: Limits.read(limits) for name, limits in data["lanes"].items()},
        own_pace=data["own_pace"],
        reserve=data["reserve"],
        for_alarms=data["for_alarms"],
        quiet=Quiet(time.fromisoformat(hours["from"]), time.fromisoformat(hours["until"])),
    )


def day_of(moment: datetime) -> date:
    """The day on which a quota counts what is sent at `moment`."""
    return moment.astimezone(SHANGHAI).date()


def end_of_day(moment: datetime) -> datetime:
    """When the quotas of that day are over."""
    return _next(moment, time(0))


def _next(moment: datetime, at: time) -> datetime:
    local = moment.astimezone(SHANGHAI)
    found = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return found if found > local else found + timedelta(days=1)
