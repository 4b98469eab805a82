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
    from collections.abc import Iterator, Sequence

_PARISHES = (PartKind.TOWN, PartKind.COMMUNITY)
# Names of real villages have one to four characters before 村; a longer stretch holds other words as well.
_LONGEST_OPEN = 4
_LONGEST_REST = 2
_LEADING = tuple("在到从往去住由沿")
# One character is name enough for these: 南街, 正街, 梅苑, 张村.
_SHORT_NAMES = frozenset("东西南北中上下正后前横老新梅兰竹菊桂")


@dataclass(frozen=True, slots=True)
class _Ending:
    """How names of a kind end; `shortest` characters stand before, any at all if it is open (`name_start`).

    One that is `led_to` is open only where 在 or the like stands right before the name.
    """

    kind: PartKind
    pattern: re.Pattern[str]
    is_open: bool
    shortest: int
    led_to: bool


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
        endings=tuple(_ending_list(table)),
        not_names=tuple(table["not_names"]),
        cities=re.compile(any_of(table["cities"])),
        crossing=re.compile(f"(?:{any_of(table['crossings'])})"),
    )


def _ending_list(table: dict[str, Any]) -> Iterator[_Ending]:
    surnames = "".join(word for word in read_table("persons")["surnames"] if len(word) == 1)
    indoors = rf"(?= ?(?:{NUMERAL}|[A-Za-z])(?:栋|幢|号楼|#|单元|区|期|座|-[0-9]))"
    hamlet = rf"(?=那[条个边家头座片块]|[有的，,。.]|\Z|{NUMERAL}[组社])"
    segment, no_road = rf"[东南西北中]?{NUMERAL}段", "(?![灯面费由程线牌况基政障道]|人(?!行道))"

    def ending(
        kind: PartKind,
        words: str,
        behind: str,
        *,
        shortest: int,
        is_open: bool = False,
        led_to: bool = False,
        before: str = "",
    ) -> _Ending:
        pattern = re.compile(f"{before}(?:{any_of(table[words])}){behind}")
        return _Ending(kind, pattern, is_open, shortest, led_to)

    yield ending(PartKind.TOWN, "towns", "(?!政府|长|亲|里)", shortest=2, is_open=True)
    yield ending(PartKind.COMMUNITY, "communities", "(?!委|民|矫正|里|化|治理)", shortest=2, is_open=True)
    yield ending(PartKind.ESTATE, "estates", "(?!物业公司)", shortest=1, is_open=True)
    yield ending(PartKind.ESTATE, "short_estates", "(?!市|镇|乡|管)", shortest=1)
    yield ending(PartKind.ESTATE, "estates_before_buildings", f"(?<!号院){indoors}", shortest=1, is_open=True)
    yield ending(PartKind.ESTATE, "yards", "(?!长|友)", shortest=1, before=f"(?<=[{surnames}]家)")
    yield ending(PartKind.ESTATE, "hamlets", hamlet, shortest=2)
    yield ending(PartKind.ESTATE, "features", "(?!长|里|边|道|沟|岸|坝|堤|公园)", shortest=1)
    yield ending(PartKind.ROAD, "roads", f"(?:{segment})?{no_road}", shortest=2, is_open=True)
    # 路 ends so many ordinary words that only a number behind it or 在 before it makes a name of any characters.
    yield ending(PartKind.ROAD, "closed_roads", f"(?:{segment}|(?= ?{NUMERAL}号))", shortest=2, is_open=True)
    # 「我跟老陈一路来」 names no road, unlike 五一路.
    no_way = "(?<!(?<!五)一)"
    yield ending(PartKind.ROAD, "closed_roads", f"(?!{segment}|过){no_road}", shortest=2, led_to=True, before=no_way)


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
    if before and (_goes_on(before, ending, text, start) or _is_cut(before, start, end)):
        found[index - 1] = AddressPart(ending.kind, before.start, end, text[before.start : end])
        return
    begin = _begin(text, ending, start, before.end if before else 0)
    name = text[begin:end]
    long_enough = start - begin >= ending.shortest or text[begin:start] in _SHORT_NAMES
    if begin < start and long_enough and not _is_ordinary(name):
        _insert(found, AddressPart(ending.kind, begin, end, name))


def _begin(text: str, ending: _Ending, start: int, limit: int) -> int:
    """Where the name with the ending at `start` begins."""
    if ending.is_open or ending.led_to:
        begin = name_start(text, start, limit, open_to=_LONGEST_OPEN)
        if ending.is_open or text.endswith(_LEADING, 0, begin):
            return begin
    return name_start(text, start, limit)


def _is_ordinary(name: str) -> bool:
    """Whether a name is but an ordinary word; 走路 is one, while 乐山路 is none though 山路 is."""
    not_names = _lexicon().not_names
    return name in not_names or (not name.endswith(("路", "街", "巷")) and name.endswith(not_names))


def _is_cut(before: AddressPart, start: int, end: int) -> bool:
    """Whether a name that was found goes on within this ending: 王家祠 in 王家祠堂."""
    return before.kind is PartKind.ESTATE and start < before.end < end


def _goes_on(before: AddressPart, ending: _Ending, text: str, start: int) -> bool:
    """Whether a name that was found goes on to this ending: 锦绣花园 + 小区, 红滩 + 村, 沙河 + 堡 + 社区."""
    if before.end == start:
        return _lengthens(before, ending.kind)
    rest = text[before.end : start]
    is_short = ending.kind in _PARISHES and before.kind is PartKind.ESTATE and 0 < len(rest) <= _LONGEST_REST
    return is_short and name_start(text, start, before.end, open_to=_LONGEST_REST) == before.end


def _lengthens(before: AddressPart, kind: PartKind) -> bool:
    """Whether an ending right behind a name goes on with it; in 王家湾 + 路断了 it does not."""
    if kind in _PARISHES:
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
