"""Addresses as forms hold them: the most telling one of a text, and one that is put right in part."""

from __future__ import annotations

import re

from nlu.places import find_places

_NUMBER = r"[0-9A-Za-z零一二三四五六七八九十百两]+"
_PART = re.compile(rf"({_NUMBER})(栋|单元|室|楼|组|社|网格|号楼|号)")

_POINTING = re.compile(r"^(?:就|还)?(?:是|在)+(?=..)")


def address_in(text: str) -> str | None:
    """The place of `text` by which one finds there: one with a number before one without (4栋 before 车库门口)."""
    values = [place.value for place in find_places(text) if place.value]
    return max(values, key=lambda value: (_PART.search(value) is not None, len(value)), default=None)


def bare(place: str) -> str:
    """「就在3栋楼下」 without the words that only point there, and without the marks around it."""
    return _POINTING.sub("", place.strip(" 。，,!！"))


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
