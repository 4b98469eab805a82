"""Reads the named parts of an address, which are open in number: 桂花苑, 白马村, 文林路, 王家院子, 文林小学, 菜市场."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.address_numbers import NUMERAL, AddressPart, PartKind
from nlu.landmarks import landmarks
from nlu.name_starts import name_start
from nlu.tables import any_of, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHORTEST_NAME = {PartKind.TOWN: 2, PartKind.COMMUNITY: 2, PartKind.ROAD: 2}
# One character is name enough for these: 南街, 正街, 梅苑, 张村.
_SHORT_NAMES = frozenset("东西南北中上下正后前横老新梅兰竹菊桂")


@dataclass(frozen=True, slots=True)
class _Ending:
    """How names of a kind end; an open one may follow any characters (`name_start`)."""

    kind: PartKind
    pattern: re.Pattern[str]
    is_open: bool


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The word lists of `data/places.yml`, compiled."""

    endings: tuple[_Ending, ...]
    not_names: tuple[str, ...]
    cities: re.Pattern[str]
    crossing: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    table: dict[str, Any] = read_table("places")
    return _Lexicon(
        endings=tuple(
            _Ending(kind, re.compile(pattern), is_open) for kind, is_open, pattern in _ending_patterns(table)
        ),
        not_names=tuple(table["not_names"]),
        cities=re.compile(any_of(table["cities"])),
        crossing=re.compile(f"(?:{any_of(table['crossings'])})"),
    )


def _ending_patterns(table: dict[str, Any]) -> tuple[tuple[PartKind, bool, str], ...]:
    surnames = "".join(word for word in read_table("persons")["surnames"] if len(word) == 1)
    indoors = rf"(?= ?(?:{NUMERAL}|[A-Za-z])(?:栋|幢|号楼|#|单元|区|座|-[0-9]))"
    segment, no_road = rf"[东南西北中]?{NUMERAL}段", "(?![灯面费由程线牌况基政障过道]|人(?!行道))"
    roads, closed_roads = any_of(table["roads"]), any_of(table["closed_roads"])
    return (
        (PartKind.TOWN, True, f"(?:{any_of(table['towns'])})(?!政府|长|亲|里)"),
        (PartKind.COMMUNITY, True, f"(?:{any_of(table['communities'])})(?!委|民|矫正|里|化|治理)"),
        (PartKind.ESTATE, True, f"(?:{any_of(table['estates'])})(?!物业公司)"),
        (PartKind.ESTATE, False, f"(?:{any_of(table['short_estates'])})(?!市|镇|乡|管)"),
        (PartKind.ESTATE, True, f"(?:{any_of(table['estates_before_buildings'])}){indoors}"),
        (PartKind.ESTATE, False, f"(?<=[{surnames}]家)(?:{any_of(table['yards'])})(?!长|友)"),
        (PartKind.ESTATE, False, f"(?:{any_of(table['features'])})(?!长|里|边|道|沟|岸|坝|堤|公园)"),
        (PartKind.ROAD, True, f"(?:{roads})(?:{segment})?{no_road}"),
        # 路 ends so many ordinary words that only a number behind it makes a name of any characters.
        (PartKind.ROAD, True, f"(?:{closed_roads})(?:{segment}|(?= ?{NUMERAL}号))"),
        (PartKind.ROAD, False, f"(?:{closed_roads})(?!{segment}){no_road}"),
    )


def named_parts(text: str, parts: Sequence[AddressPart]) -> list[AddressPart]:
    """`parts` and the estates, villages, roads and landmarks of `text`, in order and without overlaps.

    `parts` are in order; no name reaches back over one of them.
    """
    found = list(parts)
    for ending, start, end in _endings(text):
        _add_named(found, text, ending, start, end)
    _join_crossings(found, text)
    for landmark in landmarks(text, found):
        _insert(found, landmark)
    for city in _lexicon().cities.finditer(text):
        _insert(found, AddressPart(PartKind.TOWN, city.start(), city.end(), city[0]))
    return found


def _endings(text: str) -> list[tuple[_Ending, int, int]]:
    """Where names may end, in order; of several endings that end at one place (新城, 城) only the longest."""
    longest: dict[int, tuple[_Ending, int, int]] = {}
    for ending in _lexicon().endings:
        for match in ending.pattern.finditer(text):
            rival = longest.get(match.end())
            if rival is None or match.start() < rival[1]:
                longest[match.end()] = (ending, match.start(), match.end())
    return [longest[end] for end in sorted(longest)]


def _add_named(found: list[AddressPart], text: str, ending: _Ending, start: int, end: int) -> None:
    """Adds the name with the ending `start:end`, or lengthens the name that it follows (锦绣花园 + 小区)."""
    index = bisect_right(found, start, key=lambda part: part.start)
    before = found[index - 1] if index else None
    if before and before.end == start and _lengthens(before, ending.kind):
        found[index - 1] = AddressPart(ending.kind, before.start, end, text[before.start : end])
        return
    begin = name_start(text, start, before.end if before else 0, is_open=ending.is_open)
    name = text[begin:end]
    long_enough = start - begin >= _SHORTEST_NAME.get(ending.kind, 1) or text[begin:start] in _SHORT_NAMES
    if begin < start and long_enough and not name.endswith(_lexicon().not_names):
        _insert(found, AddressPart(ending.kind, begin, end, name))


def _lengthens(before: AddressPart, kind: PartKind) -> bool:
    """Whether an ending right behind a name goes on with it: 锦绣花园 + 小区, 红滩 + 村; 王家湾 + 路断了 does not."""
    if kind in (PartKind.TOWN, PartKind.COMMUNITY):
        return before.kind in (PartKind.ESTATE, PartKind.ROAD)
    is_yard = before.value[1:2] == "家"
    return before.kind is PartKind.ESTATE and kind in (PartKind.ESTATE, PartKind.ROAD) and not is_yard


def _join_crossings(found: list[AddressPart], text: str) -> None:
    """Makes one road of two that meet: 学府路和文昌街交叉口 is where both are, and not the whole of either."""
    for index in range(len(found) - 1, 0, -1):
        one, other = found[index - 1 : index + 1]
        both_roads = one.kind is other.kind is PartKind.ROAD
        if both_roads and text[one.end : other.start] in ("和", "与", "跟", "、") and _meets(text, other.end):
            found[index - 1 : index + 1] = [
                AddressPart(PartKind.ROAD, one.start, other.end, text[one.start : other.end])
            ]


def _meets(text: str, end: int) -> bool:
    return _lexicon().crossing.match(text, end + (text[end : end + 1] == "的")) is not None


def _insert(found: list[AddressPart], part: AddressPart) -> None:
    """Adds `part` in its place, unless another part stands there."""
    index = bisect_right(found, part.start, key=lambda other: other.start)
    clear_before = index == 0 or found[index - 1].end <= part.start
    clear_behind = index == len(found) or part.end <= found[index].start
    if clear_before and clear_behind:
        found.insert(index, part)
