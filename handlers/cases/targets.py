"""To whom a case is passed on: a colleague by name, an office, a grid, whoever is next above, or a unit outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.cases.replies import transfer as replies
from handlers.errors import Refusal
from nlu.persons import find_persons
from nlu.units import find_office, find_unit, names_above
from nlu.wording import chinese_number
from storage.people import ADMINS, STAFF, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.turn import Turn
    from storage.areas import Area
    from storage.cases import Case
    from storage.people import Person

ROLE_NAMES = {
    Role.MEDIATOR: "调解员",
    Role.GRID_MEMBER: "网格员",
    Role.COMMUNITY_ADMIN: "社区管理员",
    Role.TOWN_ADMIN: "镇管理员",
    Role.COUNTY_ADMIN: "县管理员",
}
_TITLES = "主任|书记|调解员|网格员|师傅|队长|站长|所长|老师|律师|镇长|经理|大姐|大哥|婶|嬢|姐|哥|叔|孃"
_GRID = re.compile(r"([0-9]{1,2}|[一二三四五六七八九十]{1,2})号?网格")


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a case goes to: one of `people`, or the `unit` outside."""

    people: tuple[Person, ...] = ()
    unit: str | None = None


def target_of(turn: Turn, case: Case, text: str) -> Target | None:
    """Whom `text` passes `case` on to; several people where it fits several, None where it names nobody.

    Raises Refusal for a name that nobody in reach has, and for an office that is vacant.
    """
    others = colleagues(turn, case.area)
    grid = grid_called(turn, case.area, text)
    unit = find_unit(text)
    named = called(text, others)
    if named and not (unit is not None and f"{unit}的" in text):
        here = [person for person in named if grid is not None and _works_at(person, grid)]
        return Target(tuple(here or named))
    if grid is not None:
        return Target(_holders(turn, {Role.GRID_MEMBER}, grid, grid.name))
    office = find_office(text)
    if unit is not None and (office is None or len(unit) > len(office)):
        return Target(unit=unit)
    if names_above(text):
        return Target(tuple(above(turn, case)[:1]) or _vacant("上一级"))
    if office is not None:
        return _of_office(turn, case, Role(office))
    stranger = next(iter(find_persons(text)), None)
    if stranger is not None:
        raise Refusal(replies.nobody_called(stranger.text))
    return None


def above(turn: Turn, case: Case) -> list[Person]:
    """Those who answer for the place of a case above its handler, the nearest first."""
    return [
        person
        for person in turn.work.people.answerable(ADMINS, case.area)
        if person.id not in (turn.person.id, case.assignee_id)
    ]


def colleagues(turn: Turn, area: Area) -> list[Person]:
    """Those of the staff to whom a case of `area` may go: in its community, and on the way up the tree."""
    community = turn.work.areas.community_of(area)
    people = [*turn.work.people.within(STAFF, community), *turn.work.people.answerable(STAFF, community)]
    return list({person.id: person for person in people}.values())


def called(text: str, people: Iterable[Person]) -> list[Person]:
    """Those of `people` whom `text` names: by their whole name, else by the given one, else by surname and title."""
    people = [person for person in people if person.name]
    for way in (_by_name, _by_given_name, _by_title):
        found = [person for person in people if way(person.name or "", text)]
        if found:
            return found
    return []


def _by_name(name: str, text: str) -> bool:
    return name in text


def _by_given_name(name: str, text: str) -> bool:
    return len(name) > 2 and name[1:] in text


def _by_title(name: str, text: str) -> bool:
    surname = re.escape(name[0])
    return re.search(rf"[老小阿]{surname}|{surname}(?:{_TITLES})", text) is not None


def label_of(person: Person) -> str:
    """A colleague with where they work: 王芳（2网格网格员）."""
    grant = next((grant for grant in person.grants if grant.role in STAFF), None)
    where = f"（{grant.area.name}{ROLE_NAMES[grant.role]}）" if grant is not None else ""
    return f"{person.name or '没留名字'}{where}"


def grid_called(turn: Turn, area: Area, text: str) -> Area | None:
    """The grid of the community of `area` that `text` names; None where it names none, Refusal where there is none."""
    match = _GRID.search(text)
    if match is None:
        return None
    number = chinese_number(match[1])
    grid = turn.work.areas.grid(turn.work.areas.community_of(area), str(number)) if number else None
    if grid is None:
        raise Refusal(replies.no_such_grid(match[0]))
    return grid


def _works_at(person: Person, area: Area) -> bool:
    return any(grant.area_id == area.id for grant in person.grants)


def _of_office(turn: Turn, case: Case, role: Role) -> Target:
    holders = turn.work.people.answerable({role}, case.area)
    people = tuple(person for person in holders if person.id != turn.person.id)
    if people:
        return Target(people if role is Role.MEDIATOR else people[:1])
    if role in (Role.TOWN_ADMIN, Role.COUNTY_ADMIN, Role.COMMUNITY_ADMIN):
        # Nobody holds the office in the system: it is a unit outside like any other.
        return Target(unit=ROLE_NAMES[role].removesuffix("管理员"))
    return Target(_vacant(ROLE_NAMES[role]))


def _holders(turn: Turn, roles: set[Role], area: Area, name: str) -> tuple[Person, ...]:
    found = [person for person in turn.work.people.holding(roles, area) if person.id != turn.person.id]
    return tuple(found) or _vacant(f"{name}的网格员")


def _vacant(office: str) -> tuple[Person, ...]:
    raise Refusal(replies.nobody_holds(office))
