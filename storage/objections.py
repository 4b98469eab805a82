"""Objections of residents to credits that are public, and appeals of people against what was taken from them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.ledger import PointsEntry
from storage.people import Person

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from storage.cases import By
    from storage.people import Role


class ObjectionKind(StrEnum):
    """Against a credit of somebody else, or against a deduction of one's own."""

    OBJECTION = "objection"
    APPEAL = "appeal"


class ObjectionState(StrEnum):
    """Open until a third person has found it right or wrong."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Objection(Base):
    """What one person has against one entry of the ledger.

    All open ones against an entry are settled together, and are known by the id of the first, which froze the points
    by the entry `hold_id` (where there was something left to freeze). Who objects is named to nobody.
    """

    __tablename__ = "objections"
    __table_args__ = (UniqueConstraint("entry_id", "by_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[ObjectionKind]
    entry_id: Mapped[int] = mapped_column(BigId, ForeignKey("points_entries.id"), index=True)
    by_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"))
    words: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime]
    hold_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("points_entries.id"))
    state: Mapped[ObjectionState] = mapped_column(default=ObjectionState.OPEN, index=True)
    settled_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    settled_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    reminded_at: Mapped[datetime | None]

    entry: Mapped[PointsEntry] = relationship(foreign_keys=[entry_id])
    hold: Mapped[PointsEntry | None] = relationship(foreign_keys=[hold_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    area: Mapped[Area] = relationship(lazy="joined")


class ObjectionStore:
    """Objections, by their entry, by whoever makes them, and by whoever may settle them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, kind: ObjectionKind, entry: PointsEntry, by: Person, person: Person, words: str, now: datetime
    ) -> Objection:
        """Note an objection of `by` against an entry that concerns `person`; the chain of it is locked."""
        made = Objection(
            kind=kind,
            entry=entry,
            by=by,
            person=person,
            area=person.area,
            words=words[:500],
            at=now,
            state=ObjectionState.OPEN,
            note="",
        )
        self._session.add(made)
        self._session.flush()
        return made

    def on(self, entry: PointsEntry) -> Sequence[Objection]:
        """Everything that anybody has or had against an entry, the first first, for whoever decides about it."""
        wanted = select(Objection).where(Objection.entry_id == entry.id).order_by(Objection.id)
        return self._session.scalars(wanted.execution_options(populate_existing=True)).unique().all()

    def of(self, person: Person) -> Sequence[Objection]:
        """What `person` has objected to, the oldest first."""
        wanted = select(Objection).where(Objection.by_id == person.id)
        return self._session.scalars(wanted.order_by(Objection.id)).unique().all()

    def dismissed(self, person: Person, since: datetime) -> int:
        """How many objections of `person` were found wrong since then."""
        wanted = select(func.count(Objection.id)).where(
            Objection.by_id == person.id,
            Objection.kind == ObjectionKind.OBJECTION,
            Objection.state == ObjectionState.DISMISSED,
            Objection.settled_at >= since,
        )
        return self._session.scalar(wanted) or 0

    def to_settle(self, staff: Person, roles: Collection[Role]) -> Sequence[Objection]:
        """The first open objection against each entry where `staff` holds one of `roles`, the oldest first.

        Who is near to one of those concerned is left out by whoever knows the households.
        """
        first: dict[int, Objection] = {}
        wanted = select(Objection).where(Objection.state == ObjectionState.OPEN).order_by(Objection.id)
        for each in self._session.scalars(wanted).unique():
            first.setdefault(each.entry_id, each)
        return [each for each in first.values() if staff.holds(roles, each.area)]

    def overdue(self, before: datetime) -> Sequence[Objection]:
        """What is open since `before` and nobody was reminded of, for the duty that reminds; locked."""
        wanted = select(Objection).where(
            Objection.state == ObjectionState.OPEN, Objection.at < before, Objection.reminded_at.is_(None)
        )
        return self._session.scalars(wanted.order_by(Objection.id).with_for_update(of=Objection)).unique().all()

    def settle(self, objection: Objection, state: ObjectionState, note: str, by: By) -> None:
        """Note what a third person found."""
        objection.state, objection.settled_at, objection.note = state, by.at, note[:200]
        objection.settled_by_id = by.person.id if by.person else None
        self._session.flush()
