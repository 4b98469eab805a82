"""To whom a notice goes: what was said of it, looked up among the areas of whoever sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers import areas
from handlers.errors import Refusal
from handlers.notices import replies
from storage.notice_sending import Audience
from storage.people import ADMINS, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Desk, Turn
    from storage.areas import Area
    from storage.notices import Notice

AUTHORS = ADMINS | {Role.GRID_MEMBER}


def look_up(turn: Turn, whom: dict[str, Any]) -> tuple[list[Area], tuple[Role, ...]]:
    """The areas and roles that were said, or where the speaker answers; raises Refusal where that is not theirs."""
    seats = list({grant.area.id: grant.area for grant in turn.person.grants if grant.role in AUTHORS}.values())
    if not seats:
        raise Refusal(replies.not_your_area())
    if whom.get("groups"):
        raise Refusal(replies.no_such_group(whom["groups"]))
    seat = min(seats, key=lambda area: len(area.ancestor_ids))
    found = [_grid(turn, seat, code) for code in whom.get("grids") or ()]
    found += [area for place in whom.get("places") or () for area in _named(turn, seat, place)]
    for area in found:
        if not turn.person.holds(AUTHORS, area):
            raise Refusal(replies.not_your_area())
    return _outermost(found or seats), tuple(Role(role) for role in whom.get("roles") or ())


def of(desk: Desk, notice: Notice) -> Audience:
    """The audience of a notice, as it is to be frozen."""
    return between(desk, notice.areas, tuple(Role(role) for role in notice.roles or ()))


def between(desk: Desk, within: Sequence[Area], roles: tuple[Role, ...]) -> Audience:
    """The audience of areas and roles."""
    return Audience(tuple((area, _grid_id(desk, area)) for area in within), roles)


def holding_all(desk: Desk, within: Sequence[Area]) -> Area:
    """The smallest area that holds all of these."""
    first = within[0]
    common = next(each for each in first.ancestor_ids if all(each in area.ancestor_ids for area in within))
    return desk.work.areas.get(common)


def _grid(turn: Turn, seat: Area, code: str) -> Area:
    area = turn.work.areas.grid(turn.work.areas.community_of(seat), code)
    if area is None:
        raise Refusal(replies.not_your_area())
    return area


def _named(turn: Turn, seat: Area, place: str) -> list[Area]:
    """The area that is called so: one of those below the seat, or what the place means in the speaker's community."""
    below = [area for area in (seat, *turn.work.areas.below(seat)) if place in (area.name, *(area.aliases or ()))]
    if len(below) == 1:
        return below
    found = areas.meant(turn, place)
    if len(found) == 1:
        return [found[0].area]
    raise Refusal(replies.which_place(place) if found or below else replies.no_such_place(place))


def _outermost(found: Sequence[Area]) -> list[Area]:
    """`found`, each once, without those that lie in another of them."""
    each = list({area.id: area for area in found}.values())
    return [area for area in each if not any(other.id != area.id and other.contains(area) for other in each)]


def _grid_id(desk: Desk, area: Area) -> int | None:
    grid = desk.work.areas.grid_of(area)
    return grid.id if grid.kind == "grid" else None
