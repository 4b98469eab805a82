"""Roles: given and taken by those who hold an admin role above, within their subtree, read back and confirmed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers import area_names, forms
from handlers.errors import Refusal
from handlers.forms import Form, Values
from handlers.people import role_replies as replies
from handlers.people import role_rules as rules
from nlu import fixed_words
from nlu.understanding import Intent
from storage.people import ADMINS, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn
    from nlu.fixed_words import RoleWish
    from storage.areas import Area
    from storage.people import Person

_NUMBERED = re.compile(r"(?P<name>.*)（居民(?P<id>[0-9]{1,18})）")


def hear(turn: Turn) -> Reply | None:
    """Hear a grant or a revocation, pressed or typed; None for anything else."""
    wish = fixed_words.role_wish(turn.text)
    if wish is None:
        return None
    if turn.message.in_group:
        return replies.not_here() if turn.message.addressed else None
    seat = turn.person.seat(ADMINS)
    if seat is None:
        raise Refusal(replies.only_admins())
    found = _people(turn, wish, seat)
    if len(found) > 1:
        return replies.which_person(found, turn.text, wish.name)
    person = _one(found, wish)
    role = Role(wish.role)
    area = _area(turn, wish, role, person, seat)
    _check(turn, person, role, area)
    values = {
        "person": person.id,
        "name": person.name,
        "role": role,
        "area": area.id,
        "area_name": area.name,
        "grants": wish.grants,
        "reason": wish.reason,
    }
    if wish.grants is person_holds(person, role, area):
        raise Refusal(replies.nothing_to_change(values))
    return forms.begin(turn, CHANGE, values)


def person_holds(person: Person, role: Role, area: Area) -> bool:
    """Whether they hold exactly this role at exactly this area."""
    return any(grant.role is role and grant.area_id == area.id for grant in person.grants)


def _people(turn: Turn, wish: RoleWish, seat: Area) -> Sequence[Person]:
    """Those within the reach of the admin who may be meant; outside of it nobody exists."""
    numbered = _NUMBERED.fullmatch(wish.name)
    name = numbered["name"] if numbered else wish.name
    found = turn.work.people.called(name, seat)
    if numbered:
        return [each for each in found if each.id == int(numbered["id"])]
    if not wish.grants and len(found) > 1:
        holders = [each for each in found if any(grant.role == wish.role for grant in each.grants)]
        return holders or found
    return found


def _one(found: Sequence[Person], wish: RoleWish) -> Person:
    if not found:
        raise Refusal(replies.nobody_called(wish.name))
    return found[0]


def _area(turn: Turn, wish: RoleWish, role: Role, person: Person, seat: Area) -> Area:
    """Where the role is to be held: as said, else where it is held already, else the home of the person."""
    held = [grant.area for grant in person.grants if grant.role is role and seat.contains(grant.area)]
    if not wish.area:
        if not wish.grants and len(held) == 1:
            return held[0]
        return _at_level(turn, person.area, role)
    tree = [seat, *turn.work.areas.below(seat)]
    named = [match.area for match in area_names.matches(wish.area, tree, seat)]
    named += [area for area in tree if area.name == wish.area and area not in named]
    fitting = [area for area in named if area.kind in rules.KINDS[role]] or [_at_level(turn, a, role) for a in named]
    unique = {area.id: area for area in fitting}
    if len(unique) != 1:
        raise Refusal(replies.no_such_area(wish.area, several=bool(unique)))
    return next(iter(unique.values()))


def _at_level(turn: Turn, area: Area, role: Role) -> Area:
    """The area at or above `area` at which such a role is held."""
    above = (turn.work.areas.get(area_id) for area_id in area.ancestor_ids)
    return next((each for each in above if each.kind in rules.KINDS[role]), area)


def _check(turn: Turn, person: Person, role: Role, area: Area) -> None:
    if person.id == turn.person.id:
        raise Refusal(replies.not_oneself())
    held = [(grant.role, grant.area.contains(area)) for grant in turn.person.grants]
    if not rules.may_change(held, role):
        raise Refusal(replies.not_within_reach(role, area))


def _change(turn: Turn, values: Values) -> Reply:
    person, area = turn.work.people.get(values["person"]), turn.work.areas.get(values["area"])
    role = Role(values["role"])
    if person.is_gone:
        raise Refusal(replies.nobody_called(values["name"]))
    _check(turn, person, role, area)
    change = turn.work.roles.grant if values["grants"] else turn.work.roles.revoke
    if not change(person, role, area, turn.now, by=turn.person, source="chat", reason=values["reason"]):
        raise Refusal(replies.nothing_to_change(values))
    turn.tell(person, replies.you_were_given(values) if values["grants"] else replies.you_lost(values))
    left = 0 if values["grants"] else len(turn.work.cases.assigned_to(person))
    return replies.changed(values, left)


CHANGE = Form(
    "change_role",
    Intent.BIND_PROFILE,
    (),
    replies.confirm_change,
    _change,
    left=replies.not_changed,
    refused=replies.not_changed,
    about=replies.about_change,
)
FORMS = (CHANGE,)
