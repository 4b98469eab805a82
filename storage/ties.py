"""Ties: people of one household who do not live behind the same door, or whose door nobody registered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId
from storage.people import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from storage.cases import By


class HouseholdTie(Base):
    """Two people are of one household, by the word of `confirmed_by_id`, until `ended_at`."""

    __tablename__ = "household_ties"
    __table_args__ = (Index("ix_household_ties_second_id", "second_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    first_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    second_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    confirmed_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]


class TieStore:
    """Who is of one household with whom, by the word of staff."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def tie(self, first: Person, second: Person, by: By) -> bool:
        """Note that two people are of one household; False where that is known."""
        if self._between(first, second) is not None:
            return False
        by_id = by.person.id if by.person else None
        self._session.add(
            HouseholdTie(first_id=first.id, second_id=second.id, confirmed_by_id=by_id, confirmed_at=by.at)
        )
        self._session.flush()
        return True

    def untie(self, first: Person, second: Person, by: By) -> bool:
        """Note that two people are of one household no longer; False where they were not."""
        tie = self._between(first, second)
        if tie is None:
            return False
        tie.ended_at, tie.ended_by_id = by.at, by.person.id if by.person else None
        self._session.flush()
        return True

    def around(self, person: Person) -> Sequence[Person]:
        """`person` and everybody tied to them, directly or through others."""
        found, fresh = {person.id}, {person.id}
        while fresh:
            standing = HouseholdTie.ended_at.is_(None)
            at_either_end = or_(HouseholdTie.first_id.in_(fresh), HouseholdTie.second_id.in_(fresh))
            ties = self._session.execute(
                select(HouseholdTie.first_id, HouseholdTie.second_id).where(standing, at_either_end)
            )
            fresh = {person_id for tie in ties for person_id in tie} - found
            found |= fresh
        return [self._session.get_one(Person, person_id) for person_id in sorted(found)]

    def _between(self, first: Person, second: Person) -> HouseholdTie | None:
        ids = first.id, second.id
        wanted = select(HouseholdTie).where(
            HouseholdTie.ended_at.is_(None), HouseholdTie.first_id.in_(ids), HouseholdTie.second_id.in_(ids)
        )
        return self._session.scalars(wanted).first()
