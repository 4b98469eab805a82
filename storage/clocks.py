"""The clocks of cases: which are to be looked at, what areas allow, and by which calendar they were counted."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from storage.areas import Area
from storage.cases import UNFINISHED, Case, CaseKind, CaseState
from storage.database import Base, BigId
from storage.escalations import Reminder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from storage.escalations import Clock, Mark
    from storage.people import Person


_READ = (Case.history, Case.escalations, Case.assignee, Case.reporter, Case.followers)
"""What a look at the clocks reads of a case, for all of them at once."""


class AreaDeadline(Base):
    """In how many working days cases of a category are to be resolved in an area and everywhere below it."""

    __tablename__ = "area_deadlines"
    __table_args__ = (UniqueConstraint("area_id", "category"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"))
    category: Mapped[str] = mapped_column(String(32))
    days: Mapped[int]

    area: Mapped[Area] = relationship(lazy="joined")


class CalendarVersion(Base):
    """A calendar by which deadlines were counted."""

    __tablename__ = "calendar_versions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    since: Mapped[datetime]


_DEADLINES = select(AreaDeadline.area_id, AreaDeadline.days).where(
    AreaDeadline.area_id.in_(bindparam("area_ids", expanding=True)), AreaDeadline.category == bindparam("category")
)


class ClockStore:
    """What is due of the clocks, and what has been done about it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def to_look_at(self, now: datetime, most: int) -> Sequence[Case]:
        """The cases whose clocks are to be looked at by `now`, locked, the longest due first.

        It reads the index `ix_cases_next_check_at`, which holds running clocks alone. On PostgreSQL those that another
        process has locked are passed over. Alarms that nobody has confirmed are `CaseStore.unconfirmed_alarms`.
        """
        wanted = (
            select(Case)
            .where(Case.next_check_at <= now, or_(Case.kind != CaseKind.EMERGENCY, Case.state != CaseState.OPEN))
            .order_by(Case.next_check_at, Case.id)
            .limit(most)
            .options(*(selectinload(each) for each in _READ))
        )
        return self._session.scalars(wanted.with_for_update(skip_locked=True, of=Case)).all()

    def waiting_for(self, person: Person) -> Sequence[Case]:
        """The unfinished cases that wait for a word of `person`, who reported them; the last asked first."""
        wanted = select(Case).where(Case.reporter_id == person.id, Case.waiting_since.is_not(None))
        return self._session.scalars(wanted.order_by(Case.waiting_since.desc(), Case.id)).all()

    def marks(self, cases: Sequence[Case]) -> dict[int, set[tuple[Clock, Mark]]]:
        """The reminders that were given for each of `cases`, by the ids of those that have any."""
        given: dict[int, set[tuple[Clock, Mark]]] = defaultdict(set)
        wanted = select(Reminder).where(Reminder.case_id.in_([case.id for case in cases]))
        for row in self._session.scalars(wanted):
            given[row.case_id].add((row.clock, row.mark))
        return dict(given)

    def remind(self, case: Case, clock: Clock, marks: Sequence[Mark], person: Person, now: datetime) -> None:
        """Note that `person` is reminded at `now` that so much of a clock is used up."""
        for mark in marks:
            self._session.add(Reminder(case_id=case.id, clock=clock, mark=mark, person_id=person.id, at=now))

    def last_reminded(self, person: Person) -> datetime | None:
        """When `person` was reminded of anything last, or None."""
        return self._session.scalar(select(func.max(Reminder.at)).where(Reminder.person_id == person.id))

    def running(self, after: int, most: int) -> Sequence[Case]:
        """Unfinished cases with ids behind `after`, locked, in order of their ids."""
        wanted = select(Case).where(Case.next_check_at.is_not(None), Case.state.in_(UNFINISHED), Case.id > after)
        return self._session.scalars(wanted.order_by(Case.id).limit(most).with_for_update(of=Case)).all()

    def due_from(self, moment: datetime) -> int:
        """How many unfinished cases are due at `moment` or later."""
        wanted = select(func.count()).select_from(Case).where(Case.next_check_at.is_not(None), Case.due_at >= moment)
        return self._session.scalar(wanted) or 0

    def deadline(self, area: Area, category: str) -> int | None:
        """The working days that the nearest area on the way up from `area` allows for `category`; None: the default."""
        found = dict(
            self._session.execute(_DEADLINES, {"area_ids": area.ancestor_ids, "category": category}).tuples().all()
        )
        return next((found[area_id] for area_id in area.ancestor_ids if area_id in found), None)

    def deadlines(self) -> Sequence[AreaDeadline]:
        """All deadlines that areas have set."""
        return self._session.scalars(select(AreaDeadline).order_by(AreaDeadline.area_id, AreaDeadline.category)).all()

    def set_deadline(self, area: Area, category: str, days: int | None) -> None:
        """Let cases of `category` that are reported from now on take so many working days; None: as above the area."""
        wanted = select(AreaDeadline).where(AreaDeadline.area_id == area.id, AreaDeadline.category == category)
        known = self._session.scalars(wanted).first()
        if known is not None and days is not None:
            known.days = days
        elif known is not None:
            self._session.delete(known)
        elif days is not None:
            self._session.add(AreaDeadline(area_id=area.id, area=area, category=category, days=days))
        self._session.flush()

    def knows_calendar(self, name: str) -> bool:
        """Whether the deadlines of running clocks were counted by this calendar."""
        return self._session.scalar(select(CalendarVersion.id).where(CalendarVersion.name == name)) is not None

    def has_calendars(self) -> bool:
        """Whether any calendar was noted yet."""
        return self._session.scalar(select(CalendarVersion.id).limit(1)) is not None

    def learn_calendar(self, name: str, now: datetime) -> None:
        """Note that deadlines are counted by this calendar from `now` on."""
        self._session.add(CalendarVersion(name=name, since=now))
        self._session.flush()
