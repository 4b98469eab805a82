"""Who may decide about whose points: nobody about themselves, their household, or those who decide about theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from handlers.households import are_one
from nlu.tables import read_yaml
from storage.people import ADMINS, Person, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.areas import Area
    from storage.unit_of_work import UnitOfWork

APPROVERS = ADMINS | {Role.GRID_MEMBER}
"""Who gives and takes points, and settles what is said against that."""

_FILE = Path(__file__).with_name("approval.yml")


@dataclass(frozen=True, slots=True)
class Terms:
    """The limits and spans of approval.yml."""

    alone: int
    alone_days: int
    by_hand_month: int
    second_days: int
    mutual_days: int
    public_days: int
    objections_open: int
    objections_wrong: int
    objections_days: int
    settle_days: int
    appeal_days: int


@cache
def terms() -> Terms:
    """What holds."""
    return Terms(**read_yaml(_FILE))


class Bar(StrEnum):
    """Why somebody may not decide about the points of another person."""

    ONESELF = "oneself"
    HOUSEHOLD = "household"
    MUTUAL = "mutual"
    """The one whose household they would decide about has decided about theirs of late."""


def bar(work: UnitOfWork, decider: Person, person: Person, now: datetime) -> Bar | None:
    """What keeps `decider` from giving points to `person`, or from agreeing to that; None where nothing does."""
    if decider.id == person.id:
        return Bar.ONESELF
    if are_one(work, decider, person):
        return Bar.HOUSEHOLD
    return Bar.MUTUAL if _is_mutual(work, decider, person, now) else None


def is_independent(work: UnitOfWork, decider: Person, people: Iterable[Person]) -> bool:
    """Whether `decider` is none of `people` and of the household of none."""
    return not any(are_one(work, decider, person) for person in people)


def deciders(
    work: UnitOfWork, person: Person, now: datetime, besides: Sequence[Person] = (), area: Area | None = None
) -> Sequence[Person]:
    """Those who may decide about the points of `person`, the nearest first, and are near to none of `besides`."""
    staff = work.people.answerable(APPROVERS, area or person.area)
    return [each for each in staff if bar(work, each, person, now) is None and is_independent(work, each, besides)]


def needs_second(work: UnitOfWork, decider: Person, person: Person, amount: int, now: datetime) -> bool:
    """Whether so many points are more than `decider` may give alone, with what they gave before."""
    given = work.points.given(decider, person, now - timedelta(days=terms().alone_days))
    return given + amount > terms().alone


def _is_mutual(work: UnitOfWork, decider: Person, person: Person, now: datetime) -> bool:
    """Whether an approver of the household of `person` has given points to that of `decider` of late."""
    around = {each.id: each for area in (person.area, decider.area) for each in work.people.answerable(APPROVERS, area)}
    relatives = [each for each in around.values() if each.id != decider.id and are_one(work, each, person)]
    since = now - timedelta(days=terms().mutual_days)
    return any(are_one(work, decider, given) for each in relatives for given in work.points.granted_to(each, since))
