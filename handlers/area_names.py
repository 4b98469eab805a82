"""Matches the words of a place with the names of areas: 三号楼 with 3栋, 桂花苑3栋 with the 1-6栋 of 桂花苑."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from nlu.places import find_places, spelled
from storage.areas import AreaKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from storage.areas import Area

_RANGE = re.compile(r"(?P<before>.*?)(?P<low>\d+)[-–—~至到](?P<high>\d+)(?P<unit>号楼|栋|幢|座|号|组|社|单元)")
_BUILDINGS = ("号楼", "幢", "座")


@dataclass(frozen=True, slots=True)
class Match:
    """An area that a place names at `start:end` of its one spelling.

    `said` are the words there, `label` the same with the estate or village that the area lies in, and `weight` how
    many characters speak for it. A `relative` one (3栋) begins with a number, so that each estate may have its own.
    """

    area: Area
    start: int
    end: int
    said: str
    label: str
    weight: int
    relative: bool


@dataclass(frozen=True, slots=True)
class _Name:
    """A name as it may be said; of a range (学府路1-9号) any number from `low` to `high`, or none at all (学府路)."""

    pattern: re.Pattern[str]
    low: int = 0
    high: int = 0

    def find(self, text: str) -> re.Match[str] | None:
        """Where `text` says the name."""
        return next((match for match in self.pattern.finditer(text) if self._is_within(match)), None)

    def _is_within(self, match: re.Match[str]) -> bool:
        number = match.groupdict().get("number")
        return number is None or self.low <= int(number) <= self.high


def matches(place: str, areas: Sequence[Area], community: Area) -> list[Match]:
    """The areas below `community` that `place` names, each as exactly as it does; several where any may be meant.

    The longest name counts where one lies within another, and of two areas of one name the one whose estate is named.
    """
    text = spelled(place)
    by_id = {area.id: area for area in areas}
    said = {area.id: match for area in areas if (match := _longest(area, text))}
    found = [each for area in areas if area.id in said and (each := _match(area, said, by_id, text, community))]
    return [each for each in found if not any(_is_better(other, each) for other in found)]


def _match(
    area: Area, said: Mapping[int, re.Match[str]], by_id: Mapping[int, Area], text: str, community: Area
) -> Match | None:
    here = said[area.id]
    above = [by_id[area_id] for area_id in area.ancestor_ids[1:] if area_id in by_id]
    named = [said[upper.id] for upper in above if upper.id in said and said[upper.id].end() <= here.start()]
    relative = here[0][0].isdigit() and area.kind is not AreaKind.GRID
    if relative and _belongs_elsewhere(here, [match[0] for match in named], text, community):
        return None
    estates = "".join(upper.name for upper in reversed(above) if upper.kind is AreaKind.BUILDING)
    weight = len(here[0]) + sum(len(match[0]) for match in named)
    # Of 学府路1-49号 and 学府路50-99号 the words 「学府路」 tell only that it is one of them.
    called = area.name if "number" in here.groupdict() and here["number"] is None else here[0]
    return Match(area, here.start(), here.end(), here[0], estates + called, weight, relative)


def _belongs_elsewhere(here: re.Match[str], named: list[str], text: str, community: Area) -> bool:
    """Whether a number is that of an estate which is named right before it and is none of this area's (阳光城3栋)."""
    whole = next((p for p in find_places(text) if p.start <= here.start() and here.end() <= p.end), None)
    before = text[whole.start : here.start()] if whole else ""
    for name in [*named, community.name]:
        before = before.replace(name, "")
    return before.strip("的 ") != ""


def _is_better(one: Match, other: Match) -> bool:
    """Whether `one` is meant rather than `other`: it lies within it, or more words name it."""
    if one.area is other.area:
        return False
    if other.area.contains(one.area):
        return True
    same_words = (one.start, one.end) == (other.start, other.end)
    around = one.start <= other.start and other.end <= one.end
    return one.weight > other.weight if same_words else around and not one.area.contains(other.area)


def _longest(area: Area, text: str) -> re.Match[str] | None:
    found = [match for name in _names(area) if (match := name.find(text))]
    return max(found, key=lambda match: len(match[0]), default=None)


def _names(area: Area) -> Iterator[_Name]:
    """What people call the area: its name, its aliases, and of a grid its number."""
    grid = [f"{area.code}网格"] if area.kind is AreaKind.GRID and area.code else []
    for name in (area.name, *(area.aliases or []), *grid):
        if name:
            yield _name(name)


@lru_cache(maxsize=10_000)
def _name(name: str) -> _Name:
    spread = _RANGE.fullmatch(name)
    if spread:
        unit = "栋" if spread["unit"] in _BUILDINGS else spread["unit"]
        before = re.escape(spelled(spread["before"]))
        bare = r"|(?!\d)" if before else ""
        pattern = rf"(?<!\d){before}(?:(?P<number>\d+){unit}{bare})"
        return _Name(re.compile(pattern), int(spread["low"]), int(spread["high"]))
    return _Name(re.compile(rf"(?<!\d){re.escape(spelled(name))}(?!(?<=\d)\d)"))
