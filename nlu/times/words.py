"""The word lists of `words.yml`, ready to be looked up and put into expressions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlu.tables import any_of, read_yaml
from nlu.times.clock import Part, PartKind

if TYPE_CHECKING:
    from collections.abc import Iterable

_LISTS: dict[str, Any] = read_yaml(Path(__file__).with_suffix(".yml"))


def words(name: str) -> tuple[str, ...]:
    """A list of words of `words.yml`."""
    return tuple(_LISTS[name])


def one_of(choices: Iterable[str]) -> str:
    """The expression that matches any of `choices`, the longest first."""
    return f"(?:{any_of(choices)})"


def pattern_of(*names: str) -> re.Pattern[str]:
    """An expression that finds any word of the named lists."""
    return re.compile(one_of(word for name in names for word in words(name)))


DAY_SHIFTS: dict[str, int] = {word: shift for shift, group in _LISTS["days"].items() for word in group}
SHORT_DAYS: dict[str, int | str] = _LISTS["short_days"]
DAY_PAIRS: dict[str, tuple[int, int]] = {word: (pair[0], pair[1]) for word, pair in _LISTS["day_pairs"].items()}
FOLLOWING: dict[str, int] = _LISTS["following"]
YEAR_SHIFTS: dict[str, int] = _LISTS["years"]
PARTS: dict[str, Part] = {
    word: Part(name, PartKind(kind))
    for kind, names in _LISTS["parts"].items()
    for name, group in names.items()
    for word in group
}
SHORT_PARTS: dict[str, Part] = {sign: PARTS[word] for sign, word in _LISTS["short_parts"].items()}
