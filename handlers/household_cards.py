"""Printed codes of households without a telephone: who lives there, for the staff who act for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import household_replies as replies
from handlers.errors import Refusal
from handlers.households import same_home
from nlu.household_codes import HouseholdWish, read_household
from nlu.persons import find_persons, may_be_called
from nlu.understanding import Intent
from storage.areas import AreaKind
from storage.people import STAFF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Turn
    from storage.areas import Area
    from storage.households import Household
    from storage.people import Person


@dataclass(frozen=True, slots=True)
class Card:
    """A household whose code was said: where it lives, who of it is registered, what is wanted, and the words of it."""

    household: Household
    home: str
    people: Sequence[Person]
    wish: HouseholdWish
    words: str

    def meant(self) -> Sequence[Person]:
        """Those whom the words name, or everybody; nobody where they name somebody else."""
        named = [person for person in self.people if person.name and person.name in self.words]
        said = [each.text for each in find_persons(self.words)]
        if named or not said:
            return named or self.people
        return [person for person in self.people if any(may_be_called(person.name or "", each) for each in said)]

    def the_one(self) -> Person:
        """The one who is meant; raises Refusal where nobody is registered, or it may be another."""
        if not self.people:
            raise Refusal(replies.nobody_registered(self.home, self.household.code))
        people = self.meant()
        if len(people) != 1:
            raise Refusal(replies.which_of(self.home, "、".join(person.name or "" for person in self.people)))
        return people[0]


def read(turn: Turn, *wishes: HouseholdWish) -> Card | None:
    """The household whose code the speaker says, with one of `wishes`; None where they say none.

    Raises Refusal for a code that is none of the speaker's areas, and for whoever is no staff.
    """
    said = read_household(turn.text)
    if said is None or said.wish not in wishes or turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return None
    household = turn.work.people.by_household_code(said.code, turn.person)
    if household is None and not said.named:
        return None
    if turn.message.in_group:
        raise Refusal(replies.in_private())
    if not turn.person.roles & STAFF:
        raise Refusal(replies.staff_only())
    if household is None:
        raise Refusal(replies.no_such_household())
    home = home_of(turn, household)
    return Card(household, home, living_at(turn, household.area, home), said.wish, said.words)


def living_at(turn: Turn, area: Area, home: str) -> list[Person]:
    """Those who are registered at the address `home`, which lies in `area`."""
    living = turn.work.people.living_in(turn.work.areas.grid_of(area))
    return [person for person in living if person.home and same_home(person.home, home)]


def is_said(turn: Turn) -> bool:
    """Whether staff say the code of a household, whatever form is open."""
    said = read_household(turn.text) if turn.person.roles & STAFF else None
    return said is not None and said.named and turn.understanding.intent is not Intent.REPORT_EMERGENCY


def home_said(turn: Turn) -> str:
    """The home of the household whose code staff say, whatever they say of it; empty where they say none."""
    said = read_household(turn.text)
    household = turn.work.people.by_household_code(said.code, turn.person) if said is not None else None
    return home_of(turn, household) if household is not None else ""


def home_of(turn: Turn, household: Household) -> str:
    """The address of a household: the buildings that it lies in, and its door."""
    way = turn.work.areas.way_up(household.area)
    buildings = [area.name for area in way if area.kind is AreaKind.BUILDING]
    return "".join([*buildings, household.label])
