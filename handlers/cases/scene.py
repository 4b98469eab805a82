"""The scene of what is told: of the places that a text names, where it happens and comes from.

「我住3栋2单元402，501天天拖板凳」 happens in 3栋2单元501, and so does 「3栋2单元501的把水漏到402」: where the speaker
lives, and whom it strikes, are told beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from handlers.addresses import inside, names_building, names_number
from handlers.cases import rules
from nlu.places import find_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class _Role(IntEnum):
    """What a place is to that which is told, the scene first."""

    SCENE = 0
    HOME = 1
    STRUCK = 2


@dataclass(frozen=True, slots=True)
class _Named:
    """A place that a text names at `start`, and what it is there."""

    start: int
    value: str
    role: _Role


_LIVES = re.compile(
    r"(?:(?:我们?|本人|咱们?)(?:屋头|屋里|家里|家|屋|这边)?(?:就)?(?:是|住在?)|(?:^|[，,。；;！!\s])(?:家住|住在?|家在))$"
)
_MINE = re.compile(r"(?:我们?|本人|咱们?)(?:屋头|屋里|家里|家|屋|这边)?(?:就)?在?$")
_PAUSE = re.compile(r"的|[，,。；;！!\s]|$")
"""Behind the speaker's own address: 「我家3栋402，……」 tells who speaks, and 「我家3栋402漏水」 where it happens."""

_STRUCK = re.compile(
    r"(?:[到给]|[淋泡淹漏滴流渗浸砸掉丢甩堆堵]+(?:在|进|湿|了)|影响)(?:到|了)?(?:我们?)?(?:家)?(?:的)?(?:楼[上下]|隔壁|对门|对面)?$"
)
_ROOM = re.compile(
    r"(?<![0-9A-Za-z.:：/\-*第号栋元层欠借赔])([1-9][0-9]?(?:0[1-9]|1[0-9]))(?:室|号房|房)?"
    r"(?![0-9A-Za-z.:：/\-*]|[多余来]?(?:元|块|毛|万|千|人|个|名|位|度|吨|斤|米|平|年|月|天(?!天)|分|点|次|岁|栋|幢|组|社|期|路|辆|升|号))"
)
"""Floor and door, which are those of the house that is named elsewhere in the text."""

_INDOORS = re.compile(r"(?:楼道|楼梯|电梯|走廊|过道|楼顶|顶楼|天台|单元门|地下室|架空层).{0,4}")


def scene_in(text: str) -> str | None:
    """The place of `text` where it happens: that of a house is completed by the house that is named beside it."""
    named = list(_named(text))
    if not named:
        return None
    struck = {each.value for each in named if each.role is _Role.STRUCK}
    house = next((each for each in named if names_building(each.value)), None)
    return min(
        ((_Role.STRUCK if each.value in struck else each.role, _within(house, each.value)) for each in named),
        key=lambda each: _order(*each),
    )[1]


def names_one(text: str) -> bool:
    """Whether `text` names one place and no other beside it."""
    return len({each.value for each in _named(text)}) == 1


def _order(role: _Role, value: str) -> tuple[bool, _Role, bool, int]:
    """What leads there before what does not (楼道), the scene first, a number before none, the longer one first."""
    return not rules.has_own_name(value), role, not names_number(value), -len(value)


def _named(text: str) -> Iterator[_Named]:
    places = [place for place in find_places(text) if place.value]
    for place in places:
        yield _Named(place.start, place.value, _role(text, place.start, place.end))
    if any(names_building(place.value) for place in places):
        yield from _rooms(text, [(place.start, place.end) for place in places])


def _rooms(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[_Named]:
    for match in _ROOM.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            yield _Named(match.start(), match[1], _role(text, match.start(), match.end()))


def _role(text: str, start: int, end: int) -> _Role:
    before = text[:start]
    if _STRUCK.search(before):
        return _Role.STRUCK
    is_home = _LIVES.search(before) or (_MINE.search(before) and _PAUSE.match(text, end))
    return _Role.HOME if is_home else _Role.SCENE


def _within(house: _Named | None, place: str) -> str:
    """`place` in the house that is named, where it is a part of it; the stairwell of whoever lives there is its own."""
    if house is None or house.value == place:
        return place
    return inside(house.value, place, spot=house.role is _Role.HOME and _INDOORS.fullmatch(place) is not None)
