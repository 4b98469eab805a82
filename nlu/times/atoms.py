"""Atoms: the smallest words that mean something in time, and the rules that read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from nlu.times.clock import Clock, Part
    from nlu.times.repeats import Repeat
    from nlu.times.search import Day


class Bound(Enum):
    """Whether a time is where something starts or where it must be over."""

    FROM = "from"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class Length:
    """A stretch of time: 两个小时, 三天, 半个月."""

    months: int = 0
    days: int = 0
    minutes: int = 0
    workdays: int = 0


@dataclass(frozen=True, slots=True)
class Instant:
    """So many minutes from now (半小时后, 十分钟前); `exact` keeps the seconds (刚才)."""

    minutes: int
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Bounded:
    """A day or an instant that bounds by its own words: 三天内, 漏了三天了."""

    value: Day | Instant
    bound: Bound


@dataclass(frozen=True, slots=True)
class Neighbour:
    """So many days beside the day just said: 前一天, 后三天."""

    days: int


@dataclass(frozen=True, slots=True)
class Skip:
    """A look-alike: its characters are read and mean no time."""


Value: TypeAlias = "Day | Part | Clock | Repeat | Length | Instant | Bounded | Neighbour | Skip"


@dataclass(frozen=True, slots=True)
class Atom:
    """A word of time and where it stands in the text."""

    start: int
    end: int
    value: Value


Build: TypeAlias = "Callable[[re.Match[str], Atom | None], Value | None]"


@dataclass(frozen=True, slots=True)
class Rule:
    """Reads one kind of atom: the characters it can start with, its expression, and what a match means.

    `build` is given the match and the atom before it; None means that the match was none after all.
    """

    starts: frozenset[str]
    pattern: re.Pattern[str]
    build: Build


NUMERALS = "零一二两俩三四五六七八九十廿卅"
DIGITS = "0123456789"


def rule(starts: str, pattern: str, build: Build) -> Rule:
    """A rule whose digits and blanks are ASCII only, for the text is normalised before."""
    return Rule(frozenset(starts), re.compile(pattern, re.ASCII), build)
