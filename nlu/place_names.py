"""Reads the named parts of an address, which are open in number: 桂花苑, 白马村, 文林路, 王家院子, 文林小学, 菜市场."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.address_numbers import NUMERAL, AddressPart, PartKind
from nlu.tables import any_of, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST_NAME = 6
_LONGEST_WORD = 4
_SHORTEST_NAME = {PartKind.TOWN: 2, PartKind.COMMUNITY: 2, PartKind.ROAD: 2}
# One character is name enough for these: 南街, 正街, 梅苑, 张村.
_SHORT_NAMES = frozenset("东西南北中上下正后前横老新梅兰竹菊桂")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The word lists of `data/places.yml`, compiled."""

    endings: tuple[tuple[PartKind, re.Pattern[str]], ...]
    not_names: tuple[str, ...]
    characters: frozenset[str]
    words: frozenset[str]
    stops: frozenset[str]
    cities: re.Pattern[str]
    known: frozenset[str]
    landmark: re.Pattern[str]
    strong: frozenset[str]
    before_places: tuple[str, ...]
    nameable: frozenset[str]
    position: re.Pattern[str]
    surnames: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    table: dict[str, Any] = read_table("places")
    surnames = "".join(word for word in read_table("persons")["surnames"] if len(word) == 1)
    indoors = rf"(?= ?(?:{NUMERAL}|[A-Za-z])(?:栋|幢|号楼|#|单元|区|座|-[0-9]))"
    endings = (
        (PartKind.TOWN, f"(?:{any_of(table['towns'])})(?!政府|长|亲|里)"),
        (PartKind.COMMUNITY, f"(?:{any_of(table['communities'])})(?!委|民|矫正|里|化|治理)"),
        (PartKind.ESTATE, f"(?:{any_of(table['estates'])})(?!物业公司)"),
        (PartKind.ESTATE, f"(?:{any_of(table['short_estates'])})(?!市|镇|乡|管)"),
        (PartKind.ESTATE, f"(?:{any_of(table['estates_before_buildings'])}){indoors}"),
        (PartKind.ESTATE, f"(?<=[{surnames}]家)(?:{any_of(table['yards'])})(?!长|友)"),
        (PartKind.ESTATE, f"(?:{any_of(table['features'])})(?!长|里|边|道|沟|岸|坝|堤)"),
        (
            PartKind.ROAD,
            rf"(?:{any_of(table['roads'])})(?:[东南西北中]?{NUMERAL}段)?(?![灯面费由程线牌况基政障过人道])",
        ),
    )
    landmarks = [*table["landmarks"], *table["weak_landmarks"]]
    ordinal = f"(第{NUMERAL}[个座根条棵盏口道]|[0-9一二三四五六]号)"
    positions = [*table["positions"], *table["vague_positions"]]
    return _Lexicon(
        endings=tuple((kind, re.compile(pattern)) for kind, pattern in endings),
        not_names=tuple(table["not_names"]),
        characters=frozenset(table["name_characters"]) - {" "},
        words=frozenset(table["name_words"]),
        stops=frozenset(table["stop_words"]),
        cities=re.compile(any_of(table["cities"])),
        known=frozenset(table["cities"]),
        landmark=re.compile(
            f"{ordinal}?((?:{any_of(table['landmark_prefixes'])})?)({any_of(landmarks)})(?!舞|会(?!议))"
        ),
        strong=frozenset(table["landmarks"]),
        before_places=tuple(table["before_places"]),
        nameable=frozenset(table["nameable_landmarks"]),
        position=re.compile(f" ?的?({any_of(positions)})(?![人事时案岸角头味碑腔供号诀径])"),
        surnames=frozenset(surnames),
    )


def named_parts(text: str, parts: Sequence[AddressPart]) -> list[AddressPart]:
    """`parts` and the estates, villages, roads and landmarks of `text`, in order and without overlaps.

    `parts` are in order; no name reaches back over one of them.
    """
    found = list(parts)
    for kind, start, end in _endings(text):
        _add_named(found, text, kind, start, end)
    for landmark in _landmarks(text, found):
        _insert(found, landmark)
    for city in _lexicon().cities.finditer(text):
        _insert(found, AddressPart(PartKind.TOWN, city.start(), city.end(), city[0]))
    return found


def position_after(part: AddressPart, text: str) -> AddressPart | None:
    """The word of position right behind `part`: 门口, 对面; its value is empty where it says nothing new (那儿)."""
    match = _lexicon().position.match(text, part.end)
    if not match or part.kind is PartKind.POSITION:
        return None
    vague = match[1].startswith(("那", "这"))
    return AddressPart(PartKind.POSITION, match.start(1), match.end(1), "" if vague else match[1])


def _endings(text: str) -> list[tuple[PartKind, int, int]]:
    """Where names may end, in order; of several endings that end at one place (新城, 城) only the longest."""
    longest: dict[int, tuple[PartKind, int, int]] = {}
    for kind, pattern in _lexicon().endings:
        for match in pattern.finditer(text):
            rival = longest.get(match.end())
            if rival is None or match.start() < rival[1]:
                longest[match.end()] = (kind, match.start(), match.end())
    return [longest[end] for end in sorted(longest)]


def _add_named(found: list[AddressPart], text: str, kind: PartKind, start: int, end: int) -> None:
    """Adds the name with the ending `start:end`, or lengthens the name that it follows (锦绣花园 + 小区)."""
    index = bisect_right(found, start, key=lambda part: part.start)
    before = found[index - 1] if index else None
    if before and before.end == start and _lengthens(before, kind):
        found[index - 1] = AddressPart(kind, before.start, end, text[before.start : end])
        return
    begin = _name_start(text, start, before.end if before else 0)
    name = text[begin:end]
    long_enough = start - begin >= _SHORTEST_NAME.get(kind, 1) or text[begin:start] in _SHORT_NAMES
    if begin < start and long_enough and not name.endswith(_lexicon().not_names):
        _insert(found, AddressPart(kind, begin, end, name))


def _lengthens(before: AddressPart, kind: PartKind) -> bool:
    """Whether an ending right behind an estate goes on with its name; 王家湾 + 路断了 does not."""
    is_yard = before.value[1:2] == "家"
    return before.kind is PartKind.ESTATE and kind in (PartKind.ESTATE, PartKind.ROAD) and not is_yard


def _insert(found: list[AddressPart], part: AddressPart) -> None:
    """Adds `part` in its place, unless another part stands there."""
    index = bisect_right(found, part.start, key=lambda other: other.start)
    clear_before = index == 0 or found[index - 1].end <= part.start
    clear_behind = index == len(found) or part.end <= found[index].start
    if clear_before and clear_behind:
        found.insert(index, part)


def _name_start(text: str, end: int, limit: int) -> int:
    """Where the name that ends at `end` begins, `limit` at the earliest: it reaches back over characters of names."""
    lexicon = _lexicon()
    limit = max(limit, end - _LONGEST_NAME)
    for length in (3, 2):
        if end - length >= limit and text[end - length : end] in lexicon.known:
            return end - length
    start = end
    while start > limit:
        step = _step_back(text, start, limit, lexicon)
        if not step:
            break
        start -= step
    return start


def _step_back(text: str, end: int, limit: int, lexicon: _Lexicon) -> int:
    """How many characters before `end` belong to a name: a word of names (和平), 王家, or one character; else 0."""
    for length in range(_LONGEST_WORD, 1, -1):
        piece = text[end - length : end] if end - length >= limit else ""
        if piece in lexicon.words or (length == 2 and piece.endswith("家") and piece[0] in lexicon.surnames):
            return length
        if piece and piece in lexicon.stops:
            return 0
    return 1 if text[end - 1] in lexicon.characters else 0


def _landmarks(text: str, found: Sequence[AddressPart]) -> Iterator[AddressPart]:
    """Landmarks; the weak ones only where an ordinal, a name, a word of position or 在 makes one thing of them."""
    lexicon = _lexicon()
    for match in lexicon.landmark.finditer(text):
        start = match.start()
        index = bisect_right(found, start, key=lambda part: part.start)
        before = found[index - 1].end if index else 0
        if start < before <= match.start(3):
            start = match.start(3)
        elif not match[1] and match[3] in lexicon.nameable:
            start = _name_start(text, start, before)
        # A prefix of one character (新, 老) makes no name.
        named = start < match.start() or len(match[2]) > 1 or match[1]
        strong = match[3] in lexicon.strong or match[2] + match[3] in lexicon.strong
        located = text[:start].endswith(lexicon.before_places) or lexicon.position.match(text, match.end())
        if strong or named or located:
            yield AddressPart(PartKind.LANDMARK, start, match.end(), text[start : match.end()])
