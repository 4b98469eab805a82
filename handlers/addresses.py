"""Addresses as forms hold them: the most telling one of a text, and one that is put right in part."""

from __future__ import annotations

import re

from nlu.places import find_places

_NUMBER = r"[0-9A-Za-z零一二三四五六七八九十百两]+"
_PART = re.compile(rf"({_NUMBER})(栋|单元|室|楼|组|社|网格|号楼|号)")

_SPOT = re.compile(r"(?:[上下里外前后旁底边头面口楼处角]|隔壁|对门|那[里点儿])[嘛哦啊呀噻的哈]*$")
"""How words end that tell a spot and name no place."""

LONGEST_SPOT = 12

_POINTING = re.compile(r"^(?:就|还)?(?:是|在)+(?=..)")


def address_in(text: str) -> str | None:
    """The place of `text` by which one finds there: one with a number before one without (4栋 before 车库门口)."""
    values = [place.value for place in find_places(text) if place.value]
    return max(values, key=lambda value: (_PART.search(value) is not None, len(value)), default=None)


def bare(place: str) -> str:
    """「就在3栋楼下」 without the words that only point there, and without the marks around it."""
    return _POINTING.sub("", place.strip(" 。，,!！"))


def points_somewhere(text: str) -> bool:
    """Whether short words tell a spot that only those who live there can find (楼上, 广告牌下头)."""
    words = bare(text)
    return len(words) <= LONGEST_SPOT and _SPOT.search(words) is not None


def amend(old: str, new: str) -> str:
    """`old` with the parts that `new` names put right: 5栋2单元 with 6栋 is 6栋2单元; another place replaces it."""
    parts = _PART.findall(new)
    if not parts or _PART.sub("", new).strip():
        return new
    for number, unit in parts:
        of_old = re.compile(rf"{_NUMBER}{unit}")
        if not of_old.search(old):
            return new
        old = of_old.sub(number + unit, old, count=1)
    return old
