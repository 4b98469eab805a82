"""Whether two reports are about the same thing: the place, the distance, and how alike their words are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.cases import rules
from handlers.distances import metres
from nlu.likeness import is_broad, likeness
from storage.cases import CaseKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.cases import Case

NEAR = 250.0
"""Metres within which two shared locations are one place."""

ALIKE = 0.3
"""Likeness in words from which two reports of one place and a broad category are about the same thing."""

ALIKE_DISPUTES = 0.5
"""The same for disputes, which are between parties: two of one building are seldom one."""

_SPOTS = re.compile(r"(?:门口|楼下|楼梯口|旁边|旁|对面|附近|边上|那里|那边|里头|里面|里|处)+$")
_DOOR = re.compile(r"[0-9]{3,4}|[0-9]室|[0-9]号")
_LAST_DOOR = re.compile(r"(?<=[栋元幢楼])[0-9]{3,4}(?:室|号房?)?$")
_RELATIVE = re.compile(r"楼上|楼下|隔壁|对门|邻居")
_ROOMS = re.compile(r"(?<![0-9])[0-9]{3,4}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Thing:
    """What a report is about, as far as that tells it from others; `location` is latitude and longitude in degrees."""

    kind: CaseKind
    category: str
    place: str
    text: str
    location: Sequence[float] | None = None


def same_thing(thing: Thing, others: Iterable[Case]) -> Case | None:
    """The first of `others` (same community, category and days) that is about the same thing, or None."""
    return next((case for case in others if _is_same(thing, thing_of(case))), None)


def thing_of(case: Case) -> Thing:
    """What a case is about."""
    return Thing(case.kind, case.category, case.place, case.text, case.location)


def _is_same(one: Thing, other: Thing) -> bool:
    alike = likeness(one.text, other.text, (one.place, other.place))
    if one.kind is CaseKind.DISPUTE or other.kind is CaseKind.DISPUTE:
        return _same_parties(one, other) and alike >= ALIKE_DISPUTES
    same = _same_place(one, other)
    if same or _one_within_the_other(one, other):
        return alike >= ALIKE or (same and not is_broad(one.category))
    return False


def _same_place(one: Thing, other: Thing) -> bool:
    """Whether two incidents are at one place: by name where both have one, else by distance."""
    here, there = _key(one.place), _key(other.place)
    if rules.has_own_name(here) and rules.has_own_name(there):
        short, long = sorted((here, there), key=len)
        # 桂花苑3栋 and 3栋, seen from within one community; 3栋 and 13栋 are two.
        return here == there or (long.endswith(short) and not long[: -len(short)][-1:].isdigit())
    if one.location and other.location:
        return metres(one.location, other.location) <= NEAR
    return False


def _one_within_the_other(one: Thing, other: Thing) -> bool:
    """Whether one place is told more exactly than the other (3栋, 3栋1单元)."""
    short, long = sorted((_key(one.place), _key(other.place)), key=len)
    return rules.has_own_name(short) and long.startswith(short)


def _same_parties(one: Thing, other: Thing) -> bool:
    """Whether two disputes may be between the same: 楼上 is somebody else from every door."""
    here, there = rules.place_key(one.place), rules.place_key(other.place)
    if here != there or not rules.has_own_name(here):
        return False
    relative = _RELATIVE.search(one.text) or _RELATIVE.search(other.text)
    rooms = [set(_ROOMS.findall(thing.text.replace(thing.place, ""))) for thing in (one, other)]
    differ = all(rooms) and not rooms[0] & rooms[1]
    return not differ and (not relative or _DOOR.search(here) is not None)


def _key(place: str) -> str:
    """A place without the spot at it, and without the door: of what is out of order that is only who tells of it."""
    return _LAST_DOOR.sub("", _SPOTS.sub("", rules.place_key(place)))
