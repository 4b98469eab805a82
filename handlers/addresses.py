"""Addresses as forms hold them: the most telling one of a text, and one that is put right in part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlu.places import find_places

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER = r"[0-9A-Za-z零一二三四五六七八九十百两]+"
_PART = re.compile(rf"({_NUMBER})(栋|单元|室|楼|组|社|网格|号楼|号)")

_SPOT = re.compile(r"(?:[上下里外前后旁底边头面口楼处角]|隔壁|对门|那[里点儿])[嘛哦啊呀噻的哈]*$")
"""How words end that tell a spot and name no place."""

LONGEST_SPOT = 12

_POINTING = re.compile(r"^(?:就|还)?(?:是|在)+(?=..)")

_LEVELS = (("组", "社", "队"), ("号楼", "栋", "幢"), ("单元",), ("楼", "层"), ("号房", "室", ""))
"""The units of an address below the estate or the road, from the outside in; a room may bear a number alone."""

_BUILDING, _ENTRANCE, _STOREY = 1, 2, 3

_SEEN_FROM_HERE = re.compile(r"(?:楼[上下]|隔壁|对门|对面|我们?家?|的)*")
"""Words before a part of an address that name no other address."""

_UNIT = re.compile(rf"({_NUMBER})(号楼|栋|幢|单元|组|社|队|楼(?!上|下|道|顶|梯)|层)|([0-9]{{3,4}})(室|号房|)(?![0-9])")
_ROOM = re.compile(r"(?!19|20[0-9]{2})[1-9][0-9]{2,3}(?:室|号房?)?")
_ESTATE = re.compile(r"[^0-9]+(?:[苑园府城湾庭院]|小区|家园|花园)")
_AROUND = re.compile(rf"^(?:(?:哦|对了|还有|补充)+[，,]?)?(?:就|应该|具体)?(?:是|在)?(?={_NUMBER})|[的嘛哈哦。！!]+$")


@dataclass(frozen=True, slots=True)
class _Unit:
    """One unit of an address: 3栋 at level 1, 502 at level 4."""

    level: int
    text: str


def address_in(text: str) -> str | None:
    """The place of `text` by which one finds there: one with a number before one without (4栋 before 车库门口)."""
    values = [place.value for place in find_places(text) if place.value]
    return max(values, key=lambda value: (_PART.search(value) is not None, len(value)), default=None)


def names_number(place: str) -> bool:
    """Whether a place is told by a number (4栋), so that one finds there."""
    return _PART.search(place) is not None


def names_building(place: str) -> bool:
    """Whether a place names a building or its unit, whose rooms may be told by their number alone."""
    return any(unit.level in (_BUILDING, _ENTRANCE) for unit in _split(place)[0])


def inside(house: str, part: str, *, spot: bool = False) -> str:
    """`part` (501, 2单元501) in the building of `house`: 3栋2单元402 and 501 are 3栋2单元501; with `spot` also 楼道.

    What is no part of a building stays as it is.
    """
    units, rest = _split(part)
    if not spot and (rest or not units or units[0].level <= _BUILDING):
        return part
    level = _STOREY if spot or units[0].level > _STOREY else units[0].level
    around = [match for match in _UNIT.finditer(house) if _level(match) < level]
    return house[: around[-1].end()] + part if around else part


def bare(place: str) -> str:
    """「就在3栋楼下」 without the words that only point there, and without the marks around it."""
    return _POINTING.sub("", place.strip(" 。，,!！"))


def points_somewhere(text: str) -> bool:
    """Whether short words tell a spot that only those who live there can find (楼上, 广告牌下头)."""
    words = bare(text)
    return len(words) <= LONGEST_SPOT and _SPOT.search(words) is not None


def part_alone(text: str, *, rooms: bool = False) -> str | None:
    """`text` where it is nothing but a part of an address (4单元, 是2单元501), without what stands around; or None.

    With `rooms` also the bare number of a room (602).
    """
    words = _AROUND.sub("", text.strip())
    units, rest = _split(words)
    told = any(unit.level < len(_LEVELS) - 1 for unit in units)
    return words if units and not rest and (told or (rooms and _ROOM.fullmatch(words))) else None


def amend(old: str, new: str) -> str:
    """`old` with the parts that `new` names put right or added: 5栋2单元 with 6栋 is 6栋2单元, 3栋502 with 4单元 is
    3栋4单元502; another place replaces it.
    """
    parts = _PART.findall(new)
    if parts and not _PART.sub("", new).strip() and all(re.search(_NUMBER + unit, old) for _, unit in parts):
        for number, unit in parts:
            old = re.sub(rf"{_NUMBER}{unit}", number + unit, old, count=1)
        return old
    if _ESTATE.fullmatch(new) and old[:1].isdigit() and _split(old)[0]:
        return new + old
    units, rest = _split(new)
    joined = _joined(old, units) if units and not rest else None
    return joined or new


def _joined(old: str, units: Sequence[_Unit]) -> str | None:
    """`old` with `units`, each in its place; None where `old` is no address of which they may be parts."""
    if not _UNIT.search(old) and old.endswith("号") and all(unit.level > 1 for unit in units):
        return old + "".join(unit.text for unit in units)
    for unit in units:
        matches = list(_UNIT.finditer(old))
        known = [(match, _level(match)) for match in matches]
        if not known:
            return None
        same = next((match for match, level in known if level == unit.level), None)
        inner = next((match for match, level in known if level > unit.level), None)
        if same is not None:
            old = old[: same.start()] + unit.text + old[same.end() :]
        elif inner is not None:
            before = old[: inner.start()]
            if known[0][1] > unit.level and not _SEEN_FROM_HERE.fullmatch(before):
                # 「3栋」 belongs into no 「文林路502」: what stands before it is another kind of address.
                return None
            # 「楼上4单元」 with 3栋 is 3栋4单元: whose upstairs it is, the words of the report tell.
            before = before if known[0][1] <= unit.level else ""
            old = before + unit.text + old[inner.start() :]
        else:
            end = known[-1][0].end()
            old = old[:end] + unit.text + old[end:]
    return old


def _split(text: str) -> tuple[list[_Unit], str]:
    """The units of an address in `text`, and what stands beside them."""
    units = [_Unit(_level(match), match[0]) for match in _UNIT.finditer(text)]
    return units, _UNIT.sub("", text).strip()


def _level(match: re.Match[str]) -> int:
    unit = match[2] or match[4] or ""
    return next(level for level, names in enumerate(_LEVELS) if unit in names)
