"""Finds the things that stand somewhere and so name a place: 菜市场, 文林小学, 河边第二个桥, 旁边的巷子."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.address_numbers import NUMERAL, AddressPart, PartKind, room_after
from nlu.name_starts import name_start
from nlu.tables import any_of, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST_NAME = 4
_SHORTEST_CALLED, _LONGEST_CALLED = 3, 6
_OLD = frozenset("老旧")
_BEFORE_NAMES = ("在", "去", "到", "从", "往", "住", "位于")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The word lists of `data/places.yml`, compiled."""

    landmark: re.Pattern[str]
    strong: frozenset[str]
    not_names: tuple[str, ...]
    nameable: frozenset[str]
    before_places: tuple[str, ...]
    things: frozenset[str]
    site: re.Pattern[str]
    beside: re.Pattern[str]
    position: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    table: dict[str, Any] = read_table("places")
    landmarks = any_of([*table["landmarks"], *table["weak_landmarks"]])
    ordinal = f"(第{NUMERAL}[个座根条棵盏口道]|(?<![0-9月])[0-9一二三四五六]号)"
    positions = any_of([*table["positions"], *table["vague_positions"], *table["spots"]])
    return _Lexicon(
        landmark=re.compile(f"{ordinal}?((?:{any_of(table['landmark_prefixes'])})?)({landmarks})(?!舞|会(?!议))"),
        strong=frozenset(table["landmarks"]),
        not_names=tuple(table["not_names"]),
        nameable=frozenset(table["nameable_landmarks"]),
        before_places=tuple(table["before_places"]),
        things=frozenset(table["things"]),
        site=re.compile(f"(?:{'|'.join(table['sites'])})(?![梯道坝子])"),
        beside=re.compile(f"(?:{any_of(table['beside'])})"),
        position=re.compile(f" ?的?({positions}|外(?=[的有停，。,. ]|\\Z))(?![人事时案岸角头味碑腔供号诀径])"),
    )


def landmarks(text: str, found: Sequence[AddressPart]) -> Iterator[AddressPart]:
    """The landmarks of `text` beside the parts that are `found` there; of two that overlap the first is the better one.

    The weak ones only where an ordinal, a name, a word of position, 在 or the place before makes one thing of them.
    """
    lexicon = _lexicon()
    for match in lexicon.site.finditer(text):
        start = name_start(text, match.start(), 0, open_to=_LONGEST_NAME)
        is_any = text[start : match.end()].endswith(lexicon.not_names)
        if start < match.start() and not is_any and _is_placed(text, start, match.end()):
            yield AddressPart(PartKind.LANDMARK, start, match.end(), text[start : match.end()])
    yield from _called(text)
    for match in lexicon.landmark.finditer(text):
        start = match.start()
        index = bisect_right(found, start, key=lambda part: part.start)
        before = found[index - 1] if index else None
        done = before.end if before else 0
        if start < done <= match.start(3):
            start = match.start(3)
        elif not match[1] and match[3] in lexicon.nameable:
            start = _name_start(text, match, done)
        is_site = match[3] not in lexicon.things
        # A prefix of one character makes no name, but what is old everybody knows: 老学校.
        named = start < match.start() or match[1] or (is_site and (len(match[2]) > 1 or match[2] in _OLD))
        strong = match[3] in lexicon.strong or match[2] + match[3] in lexicon.strong
        goes_on = is_site and before is not None and _goes_on(before, text, start)
        is_any = text[start : match.end()] in lexicon.not_names
        if strong or goes_on or _is_located(text, start, match.end()) or (named and not is_any):
            yield AddressPart(PartKind.LANDMARK, start, match.end(), text[start : match.end()])


def _called(text: str) -> Iterator[AddressPart]:
    """Whatever else begins a clause or follows 在, and stands before such a word as 门口: 红旗连锁门口."""
    for match in _lexicon().beside.finditer(text):
        start = name_start(text, match.start(), 0, open_to=_LONGEST_CALLED)
        opens = start == 0 or not text[start - 1].isalnum() or text.endswith(_BEFORE_NAMES, 0, start)
        if match.start() - start >= _SHORTEST_CALLED and opens:
            yield AddressPart(PartKind.LANDMARK, start, match.start(), text[start : match.start()])


def position_after(part: AddressPart, text: str) -> AddressPart | None:
    """The word of position right behind `part`: 门口, 对面, 那儿."""
    match = _lexicon().position.match(text, part.end)
    if not match or part.kind is PartKind.POSITION:
        return None
    return AddressPart(PartKind.POSITION, match.start(1), match.end(1), match[1])


def is_vague(part: AddressPart) -> bool:
    """Whether a part is a word of position that says no more than the place before it: 那边, 那儿."""
    return part.kind is PartKind.POSITION and part.value.startswith(("那", "这"))


def _name_start(text: str, match: re.Match[str], before: int) -> int:
    """Where the name of a landmark begins; any characters name it only where 在 or the like stands before them."""
    lexicon = _lexicon()
    start = name_start(text, match.start(), before, open_to=_LONGEST_NAME)
    opens = (start == 0 and lexicon.position.match(text, match.end())) or text[:start].endswith(_BEFORE_NAMES)
    return start if opens else name_start(text, match.start(), before)


def _is_located(text: str, start: int, end: int) -> bool:
    """Whether the words around a weak landmark say that it is a place: 在…, …门口."""
    lexicon = _lexicon()
    return lexicon.position.match(text, end) is not None or text.endswith(lexicon.before_places, 0, start)


def _is_placed(text: str, start: int, end: int) -> bool:
    """Whether some name between a pause or 在 and a word of position is that of a place: 电信营业厅门前, 去东风渠."""
    opens = start == 0 or not text[start - 1].isalnum()
    behind = _lexicon().position.match(text, end) is not None
    return (opens and behind) or text.endswith(_BEFORE_NAMES, 0, start)


def _goes_on(before: AddressPart, text: str, start: int) -> bool:
    """Whether what begins at `start` tells more of the place `before`: 村口 + 小卖部, 三中 + 旁边的 + 巷子."""
    last = room_after(before, text) or before
    position = position_after(last, text)
    return last.end == start or (position is not None and text[position.end : start] in ("", "的"))
