"""Who may give and take which role, and where each role is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.areas import AreaKind
from storage.people import ADMINS, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

RANK = {
    Role.RESIDENT: 0,
    Role.VOLUNTEER: 1,
    Role.MEDIATOR: 1,
    Role.GRID_MEMBER: 1,
    Role.COMMUNITY_ADMIN: 2,
    Role.TOWN_ADMIN: 3,
    Role.COUNTY_ADMIN: 4,
}
"""A role is given by an admin whose own is higher."""

KINDS = {
    Role.RESIDENT: frozenset(AreaKind),
    Role.VOLUNTEER: frozenset({AreaKind.COMMUNITY}),
    Role.MEDIATOR: frozenset({AreaKind.GRID, AreaKind.COMMUNITY, AreaKind.TOWN}),
    Role.GRID_MEMBER: frozenset({AreaKind.GRID}),
    Role.COMMUNITY_ADMIN: frozenset({AreaKind.COMMUNITY}),
    Role.TOWN_ADMIN: frozenset({AreaKind.TOWN}),
    Role.COUNTY_ADMIN: frozenset({AreaKind.COUNTY}),
}
"""The kinds of area at which a role is held."""


def may_change(held: Iterable[tuple[Role, bool]], role: Role) -> bool:
    """Whether somebody may give or take `role`; `held` are their own roles, each with whether it reaches the area."""
    return any(reaches and own in ADMINS and RANK[own] > RANK[role] for own, reaches in held)
