"""What says one time: a moment, a chain of moments that 到 joins, and a length that stands for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlu.times.atoms import Bound, Instant, Length
    from nlu.times.clock import Clock, Part
    from nlu.times.repeats import Repeat
    from nlu.times.search import Day


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a rule of days, a part of the day and an hour that stand together, as far as they were said.

    `since` tells 下个月起每月5号, whose day only begins what repeats.
    """

    start: int
    end: int
    day: Day | None = None
    repeat: Repeat | None = None
    parts: tuple[Part, ...] = ()
    clock: Clock | None = None
    instant: Instant | None = None
    bound: Bound | None = None
    since: bool = False

    @property
    def dated(self) -> bool:
        """Whether it says on which day."""
        return self.day is not None or self.repeat is not None or self.instant is not None

    @property
    def timed(self) -> bool:
        """Whether it says an hour."""
        return self.clock is not None or self.instant is not None


@dataclass(frozen=True, slots=True)
class Chain:
    """One moment, or two or three that a 到 joins, and how it is bounded.

    `opens` tells 5月前, before May opens, from 5月内, before it is over.
    """

    moments: tuple[Moment, ...]
    bound: Bound | None = None
    opens: bool = False

    @property
    def start(self) -> int:
        """Where its words begin."""
        return self.moments[0].start

    @property
    def end(self) -> int:
        """Where its words end."""
        return self.moments[-1].end

    @property
    def head(self) -> Moment:
        """The moment that says when it starts."""
        return self.moments[0]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A length in the text and where it stands."""

    start: int
    end: int
    length: Length
