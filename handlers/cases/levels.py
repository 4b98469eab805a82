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


class Levels:
    """The levels above cases, seen from one desk: who holds which post is looked up once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ways: dict[int, list[Area]] = {}
        self._posts: dict[int, list[Person]] = {}

    def way_up(self, case: Case) -> list[Area]:
        """Grid, community, town and county of `case`."""
        if case.area_id not in self._ways:
            way = self._desk.work.areas.way_up(case.area)
            self._ways[case.area_id] = [area for area in way if area.kind is not AreaKind.BUILDING]
        return self._ways[case.area_id]

    def left(self, case: Case, clock: Clock) -> list[Area]:
        """The levels above the handler's to which `case` has not gone for `clock`, the nearest first."""
        gone = {each.area_id for each in case.escalations if each.clock is clock}
        way = self.way_up(case)
        grants = case.assignee.grants if case.assignee is not None else []
        seats = {grant.area_id for grant in grants if grant.role in HANDLERS}
        own = next((place for place, area in enumerate(way) if area.id in seats), 0)
        return [area for area in way[own + 1 :] if area.id not in gone]

    def is_at_the_top(self, case: Case, clock: Clock) -> bool:
        """Whether `case` has gone all the way for `clock`."""
        return any(each.clock is clock for each in case.escalations) and not self.left(case, clock)

    def in_post(self, case: Case, area: Area) -> list[Person]:
        """Those who answer for `area`, can be written to and do not have `case` already."""
        if area.id not in self._posts:
            people = self._desk.work.people
            self._posts[area.id] = [each for each in people.holding(HANDLERS, area) if people.address_of(each)]
        return [person for person in self._posts[area.id] if person.id != case.assignee_id]

    def anybody(self, case: Case) -> list[Person]:
        """All staff of the community: better somebody who does not answer for the place than nobody."""
        areas = self._desk.work.areas
        community = areas.community_of(case.area)
        places = [community, *areas.grids(community)]
        return [person for area in places for person in self._desk.work.people.holding(STAFF, area)]


def tell_the_handler(turn: Turn, case: Case, note: str) -> None:
    """Let the handler know what somebody to whom their case went up did about it."""
    if case.assignee_id != turn.person.id:
        turn.tell(case.assignee, replies.somebody_above_works(case, turn.person.name or "上一级", note))
