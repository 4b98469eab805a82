"""Households: whether two people are of one, by the home that they registered and by what staff confirmed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from nlu.wording import chinese_number, fold_width
from storage.votes import Home

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.people import Person
    from storage.unit_of_work import UnitOfWork

_NUMERAL = re.compile(r"[零一二三四五六七八九十百两]+(?=号楼|[栋幢座号单楼层室组社房])")
_DIGITS_OF_A_DOOR = 3
_UNITS = re.compile(r"号楼|单元|号房|[栋幢座号楼层室房组社\-—#_/\s]")


def are_one(work: UnitOfWork, first: Person, second: Person) -> bool:
    """Whether two people are the same one or of one household, also by way of somebody who is tied to either."""
    near, far = work.ties.around(first), work.ties.around(second)
    return any(one.id == other.id or _share_a_home(work, one, other) for one in near for other in far)


def home_of(work: UnitOfWork, person: Person) -> Home:
    """The household of `person`, whose home staff confirmed, as a ballot keeps it: by its doors, whoever moves."""
    doors = [_door(work, each) for each in _members(work, person) if each.home and each.confirmed_at is not None]
    own = _door(work, person)
    return Home(own, lambda other: any(_same_door(door, other) for door in {own, *doors}))


def is_of(work: UnitOfWork, person: Person, homes: Iterable[str]) -> bool:
    """Whether `person` lives in one of these homes, as `home_of` names them."""
    own = _door(work, person)
    return any(_same_door(own, home) for home in homes)


def _members(work: UnitOfWork, person: Person) -> list[Person]:
    """Everybody of the household of `person`, who is one of them, by confirmed homes and the ties that are known."""
    near = list(work.ties.around(person))
    homes = {each.home for each in near if each.home and each.confirmed_at is not None}
    found = {each.id: each for each in near}
    for other in confirmed(work.people.living_in(work.areas.community_of(person.area))):
        if other.home and any(same_home(home, other.home) for home in homes):
            found |= {each.id: each for each in work.ties.around(other)}
    return list(found.values())


def confirmed(people: Iterable[Person]) -> list[Person]:
    """Those of whom staff have said that they live where they say."""
    return [person for person in people if person.confirmed_at is not None]


def _door(work: UnitOfWork, person: Person) -> str:
    return f"{work.areas.community_of(person.area).id}:{person.home or ''}"


def _same_door(one: str, other: str) -> bool:
    (community, _, home), (other_community, _, other_home) = one.partition(":"), other.partition(":")
    return community == other_community and same_home(home, other_home)


def count(people: Iterable[Person]) -> int:
    """How many homes people have registered; who has registered none is of none."""
    by_numbers: dict[tuple[str, ...], list[str]] = {}
    for person in people:
        if person.home:
            name, numbers = _key(person.home)
            names = by_numbers.setdefault(tuple(numbers), [])
            if not any(_is_one_name(name, each, numbers) for each in names):
                names.append(name)
    return sum(map(len, by_numbers.values()))


def _share_a_home(work: UnitOfWork, one: Person, other: Person) -> bool:
    if not one.home or not other.home or not same_home(one.home, other.home):
        return False
    return work.areas.community_of(one.area).id == work.areas.community_of(other.area).id


def same_home(one: str, other: str) -> bool:
    """Whether two addresses are one, however they are written: 桂花苑3栋2单元501, 3-2-501号, 三栋二单元501室."""
    (name, numbers), (other_name, other_numbers) = _key(one), _key(other)
    if numbers != other_numbers:
        return False
    return _is_one_name(name, other_name, numbers)


def may_be_same_home(one: str, other: str) -> bool:
    """Whether one address may be the other in short: 桂花苑, 3栋 and 2单元501 may be 桂花苑3栋2单元501."""
    (name, numbers), (whole, all_numbers) = sorted((_key(one), _key(other)), key=lambda key: len(key[1]))
    count = len(numbers)
    is_door = count > 1 or (count == 1 and len(numbers[0]) >= _DIGITS_OF_A_DOOR)
    ends = is_door and all_numbers[-count:] == numbers
    return (whole.endswith(name) or name.endswith(whole)) and (all_numbers[:count] == numbers or ends)


def _is_one_name(name: str, other: str, numbers: list[str]) -> bool:
    return name == other or (bool(numbers) and (name.endswith(other) or other.endswith(name)))


@lru_cache(maxsize=4096)
def _key(home: str) -> tuple[str, list[str]]:
    """The name and the numbers of an address."""
    digits = _NUMERAL.sub(lambda match: str(chinese_number(match[0])), fold_width(home).upper())
    return re.sub(r"[0-9]|[^\w]", "", _UNITS.sub("", digits)), re.findall(r"[0-9]+", digits)
