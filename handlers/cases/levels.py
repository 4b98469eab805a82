"""The levels of the tree above a case: grid, community, town, county, and who is there to take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.cases.replies import clocks as replies
from storage.areas import AreaKind
from storage.cases import HANDLERS
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.turn import Desk, Turn
    from storage.areas import Area
    from storage.cases import Case
    from storage.escalations import Clock
    from storage.people import Person


def way_up(desk: Desk, case: Case) -> list[Area]:
    """Grid, community, town and county of `case`."""
    return [area for area in desk.work.areas.way_up(case.area) if area.kind is not AreaKind.BUILDING]


def left(desk: Desk, case: Case, clock: Clock) -> list[Area]:
    """The levels above the handler's to which `case` has not gone for `clock`, the nearest first."""
    gone = {each.area_id for each in case.escalations if each.clock is clock}
    way = way_up(desk, case)
    grants = case.assignee.grants if case.assignee is not None else []
    seats = {grant.area_id for grant in grants if grant.role in HANDLERS}
    own = next((place for place, area in enumerate(way) if area.id in seats), 0)
    return [area for area in way[own + 1 :] if area.id not in gone]


def is_at_the_top(desk: Desk, case: Case, clock: Clock) -> bool:
    """Whether `case` has gone all the way for `clock`."""
    return any(each.clock is clock for each in case.escalations) and not left(desk, case, clock)


def in_post(desk: Desk, case: Case, area: Area) -> list[Person]:
    """Those who answer for `area`, can be written to and do not have `case` already."""
    holders = [person for person in desk.work.people.holding(HANDLERS, area) if person.id != case.assignee_id]
    return [person for person in holders if desk.work.people.address_of(person) is not None]


def tell_the_handler(turn: Turn, case: Case, note: str) -> None:
    """Let the handler know what somebody to whom their case went up did about it."""
    if case.assignee_id != turn.person.id:
        turn.tell(case.assignee, replies.somebody_above_works(case, turn.person.name or "上一级", note))


def anybody(desk: Desk, case: Case) -> list[Person]:
    """All staff of the community: better somebody who does not answer for the place than nobody."""
    community = desk.work.areas.community_of(case.area)
    places = [community, *desk.work.areas.grids(community)]
    return [person for area in places for person in desk.work.people.holding(STAFF, area)]
