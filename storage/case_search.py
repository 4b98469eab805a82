"""Searching cases: by number, words, state and person, the newest first, among those that a person answers for.

On PostgreSQL an index over pairs of characters finds rare words among a million cases: Chinese has no spaces to index
by. Frequent words need no index: the newest cases hold enough of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    DDL,
    ColumnElement,
    and_,
    case,
    cast,
    event,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import aliased

from storage.areas import Area, AreaKind
from storage.cases import Case
from storage.people import STAFF, Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from storage.cases import CaseState

NEWEST = 5_000
"""Cases that are looked through one by one before an index is asked.

What is rarer than twenty among so many fills no more than some thousand of a million, which an index finds in time.
"""

NEWEST_OF_A_TOWN = 2_000
"""The same for whoever answers for a town: to come by theirs, those of all other towns are passed over."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; what is empty does not matter.

    `number` is a whole number or an end of one (007), `words` stand all in the text, the place or, for an anonymous
    case, the place alone: who can be found by the words of their own report is not anonymous. `person` is the name of
    the handler, or of a reporter who is not anonymous. `since` is the moment from which it was reported on,
    `until` the one before which it was.
    """

    number: str = ""
    words: tuple[str, ...] = ()
    states: frozenset[CaseState] = frozenset()
    categories: frozenset[str] = frozenset()
    person: str = ""
    since: datetime | None = None
    until: datetime | None = None


class CaseSearch:
    """Finds cases for staff."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, person: Person, wanted: Wanted, limit: int = 20) -> Sequence[Case]:
        """At most `limit` cases that `person` handles or answers for and that are `wanted`, the newest first."""
        seats = [grant.area for grant in person.grants if grant.role in STAFF]
        own = Case.assignee_id == person.id, Case.offered_to_id == person.id
        named = self._named(wanted.person)
        if named or _is_whole(wanted.number):
            # An index finds the few of this number or of these people, however old they are.
            few = _among(Case, wanted, named, limit).where(
                or_(*own, Case.area_id.in_(select(Area.id).where(_below(seats))))
            )
            return self._session.scalars(few).all()
        if wanted.person:
            return []
        mine = or_(*own, self._within(seats))
        newest = aliased(Case, select(Case).where(mine).order_by(*_newest_first(Case)).limit(_most(seats)).subquery())
        found = self._session.scalars(_among(newest, wanted, named, limit)).all()
        if len(found) == limit or (_is_narrow(seats) and not self._has_older(mine)):
            return found
        rest = _among(Case, wanted, named, limit).where(mine, *self._indexed(wanted.words))
        return self._session.scalars(rest).all()

    def _within(self, seats: Sequence[Area]) -> ColumnElement[bool]:
        """Whether a case lies at or below one of `seats`, by the ids of areas: they tell the planner how many it has.

        Below the root lies nearly everything, and planning with thousands of ids takes longer than the search: there
        the ids are those of what lies outside.
        """
        below = _below(seats)
        if any(seat.parent_id is None for seat in seats):
            return Case.area_id.not_in(self._session.scalars(select(Area.id).where(~below)).all())
        return Case.area_id.in_(self._session.scalars(select(Area.id).where(below)).all())

    def _has_older(self, mine: ColumnElement[bool]) -> bool:
        """Whether there are more cases than the NEWEST; those of a grid or a community seldom are so many."""
        older = select(Case.id).where(mine).order_by(*_newest_first(Case)).offset(NEWEST).limit(1)
        return self._session.scalars(older).first() is not None

    def _named(self, name: str) -> Sequence[int]:
        """The ids of the people of this name; asked for first, so that the indices on whose a case is can be used."""
        return self._session.scalars(select(Person.id).where(Person.name == name)).all() if name else ()

    def _indexed(self, words: Iterable[str]) -> list[ColumnElement[bool]]:
        """What narrows the search by the index of pairs; the words themselves are compared all the same."""
        pairs = {word[start : start + 2] for word in words for start in range(len(word) - 1)}
        if not pairs or self._session.get_bind().dialect.name != "postgresql":
            return []
        quoted = " & ".join("'" + pair.replace("\\", "\\\\").replace("'", "''") + "'" for pair in sorted(pairs))
        return [func.case_pairs(searched(Case)).bool_op("@@")(cast(literal(quoted), TSQUERY))]


def searched(source: type[Case]) -> ColumnElement[str]:
    """What words are looked for in."""
    return case((source.anonymous, source.place), else_=source.place + literal_column("' '") + source.text)


_PAIRS = """CREATE FUNCTION case_pairs(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
SELECT array_to_tsvector(array(
SELECT DISTINCT substr(words, place, 2) FROM generate_series(1, length(words) - 1) AS place)) $$"""
_INDEX = """CREATE INDEX ix_cases_pairs ON cases
USING gin (case_pairs(CASE WHEN anonymous THEN place ELSE place || ' ' || text END))"""

for _statement in (_PAIRS, _INDEX):
    _made = DDL(_statement)  # type: ignore[no-untyped-call]
    event.listen(Case.__table__, "after_create", _made.execute_if(dialect="postgresql"))


def _below(seats: Iterable[Area]) -> ColumnElement[bool]:
    return or_(false(), *(Area.path.startswith(seat.path) for seat in seats))


def _is_narrow(seats: Iterable[Area]) -> bool:
    return all(seat.kind not in (AreaKind.COUNTY, AreaKind.TOWN) for seat in seats)


def _most(seats: Iterable[Area]) -> int:
    return NEWEST_OF_A_TOWN if any(seat.kind is AreaKind.TOWN for seat in seats) else NEWEST


def _is_whole(number: str) -> bool:
    return len(number) > len("YYYYMMDD-")


def _among(source: type[Case], wanted: Wanted, named: Sequence[int], limit: int) -> Select[tuple[Case]]:
    conditions: list[ColumnElement[bool]] = [searched(source).contains(word, autoescape=True) for word in wanted.words]
    if wanted.number:
        end = wanted.number if "-" in wanted.number else f"-{wanted.number}"
        conditions.append(
            source.number == wanted.number if _is_whole(wanted.number) else source.number.endswith(end, autoescape=True)
        )
    if wanted.states:
        conditions.append(source.state.in_(wanted.states))
    if wanted.categories:
        conditions.append(source.category.in_(wanted.categories))
    if wanted.since is not None:
        conditions.append(source.created_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(source.created_at < wanted.until)
    if wanted.person:
        by_name = and_(~source.anonymous, source.reporter_id.in_(named))
        conditions.append(or_(source.assignee_id.in_(named), by_name))
    return select(source).where(*conditions).order_by(*_newest_first(source)).limit(limit)


def _newest_first(source: type[Case]) -> tuple[ColumnElement[Any], ...]:
    return source.created_at.desc(), source.id.desc()
