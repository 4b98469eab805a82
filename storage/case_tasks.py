"""Lists of tasks: the unfinished cases of some people, or of all in reach, a page at a time and counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, false, func, or_, select, union
from sqlalchemy.orm import contains_eager

from storage.areas import Area
from storage.cases import HANDLERS, UNFINISHED, Case, CaseEvent, CaseKind, CaseState
from storage.escalations import Escalation
from storage.people import STAFF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from storage.people import Person

AT_ONCE = timedelta(hours=1)
"""An emergency is due in the minute of its report, and is late when so much has passed, at any hour."""

URGED = "urge"
"""The line in the history of a case whose handler was pressed."""

DUE = case((Case.state == CaseState.OPEN, func.coalesce(Case.offered_until, Case.respond_by)), else_=Case.due_at)
"""By when the next step of an unfinished case is due."""


@dataclass(frozen=True, slots=True)
class WantedTasks:
    """Which tasks are listed; what is None does not matter.

    `people` handle them, were offered them or had them gone up to them; without any it is everybody. `accepted` tells
    those that somebody has accepted from those that wait for it, `late` those that are late at the moment of the list.
    They are due from `due_from` on, and before `due_before`; `offered` leaves those offered to the reader, `of_others`
    those that somebody else handles, and `unpressed_since` those for which the reader has pressed nobody since then.
    """

    people: tuple[Person, ...] | None = None
    area: Area | None = None
    category: str | None = None
    kind: CaseKind | None = None
    accepted: bool | None = None
    late: bool | None = None
    offered: bool | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    of_others: bool = False
    unpressed_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Some of the tasks, those offered to the reader first and then what is due first, and how many there are in all.

    `offered` of them are offered to the reader, `waiting` are not accepted and not offered to them, `late` are late.
    """

    cases: Sequence[Case]
    count: int
    offered: int
    waiting: int
    late: int


class TaskStore:
    """The tasks of those who handle cases; nobody reads of one that they could not reach."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def page(self, reader: Person, wanted: WantedTasks, now: datetime, first: int, size: int) -> TaskPage:
        """The tasks from the place `first` on (from 0), at most `size` of them."""
        offered, late = Case.offered_to_id == reader.id, _is_late(now)
        waiting = and_(Case.state == CaseState.OPEN, func.coalesce(Case.offered_to_id, 0) != reader.id)
        where = list(self._where(reader, wanted, now))
        counts = select(func.count(), *(func.sum(case((each, 1), else_=0)) for each in (offered, waiting, late)))
        numbers = self._session.execute(counts.select_from(Case).join(Case.area).where(*where)).one()
        count, *parts = (int(number or 0) for number in numbers)
        rows = self._rows(where).order_by(case((offered, 0), else_=1), DUE, Case.id).offset(first).limit(size)
        cases = self._session.scalars(rows).all() if count > first else []
        return TaskPage(cases, count, *parts)

    def _rows(self, where: list[ColumnElement[bool]]) -> Select[tuple[Case]]:
        return select(Case).join(Case.area).options(contains_eager(Case.area)).where(*where)

    def _where(self, reader: Person, wanted: WantedTasks, now: datetime) -> Iterator[ColumnElement[bool]]:
        yield Case.state.in_(UNFINISHED)
        if wanted.people is None or any(person.id != reader.id for person in wanted.people):
            below = [Area.path.startswith(grant.area.path) for grant in reader.grants if grant.role in STAFF]
            yield or_(Case.assignee_id == reader.id, Case.offered_to_id == reader.id, *below)
        if wanted.people is not None:
            yield Case.id.in_(_of(wanted.people))
        if wanted.area is not None:
            yield Area.path.startswith(wanted.area.path)
        if wanted.category is not None:
            yield Case.category == wanted.category
        if wanted.kind is not None:
            yield Case.kind == wanted.kind
        if wanted.accepted is not None:
            yield Case.state != CaseState.OPEN if wanted.accepted else Case.state == CaseState.OPEN
        if wanted.late is not None:
            yield _is_late(now) if wanted.late else ~_is_late(now)
        if wanted.offered:
            yield Case.offered_to_id == reader.id
        if wanted.of_others:
            yield func.coalesce(Case.offered_to_id, Case.assignee_id) != reader.id
        if wanted.unpressed_since is not None:
            yield ~exists().where(
                CaseEvent.case_id == Case.id,
                CaseEvent.action == URGED,
                CaseEvent.actor_id == reader.id,
                CaseEvent.at >= wanted.unpressed_since,
            )
        if wanted.due_from is not None:
            yield wanted.due_from <= DUE
        if wanted.due_before is not None:
            yield wanted.due_before > DUE


def _is_late(now: datetime) -> ColumnElement[bool]:
    """The clocks of what waits for its reporter stand since then."""
    running = and_(Case.waiting_since.is_(None), now > DUE, Case.created_at < now - AT_ONCE)
    return or_(running, and_(Case.waiting_since.is_not(None), func.coalesce(Case.waiting_since, now) > DUE))


def _of(people: Sequence[Person]) -> Select[Any]:
    """The ids of what people handle, were offered, or had gone up to them."""
    ids = [person.id for person in people]
    seats = [grant.area_id for person in people for grant in person.grants if grant.role in HANDLERS]
    up = select(Escalation.case_id).where(
        Escalation.area_id.in_(seats) if seats else false(), Escalation.vacant.is_(False)
    )
    theirs = select(Case.id).where(Case.assignee_id.in_(ids), Case.state.in_(UNFINISHED))
    offered = select(Case.id).where(Case.offered_to_id.in_(ids), Case.state.in_(UNFINISHED))
    return select(union(theirs, offered, up).subquery().c[0])
