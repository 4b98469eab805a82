"""Opinions: what people say about a clause of a policy document, or about the whole of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.people import Person
from storage.policy import PolicyDocument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class Opinion(Base):
    """One opinion, masked. `clause_id` is a clause of that version of the document, or None for the whole of it.

    `person_id` lets people see and withdraw their own; only a `signed` opinion shows its name to others. A withdrawn
    one keeps its place in the figures and nothing of what it said.
    """

    __tablename__ = "opinions"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("policy_documents.id"), index=True)
    clause_id: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    signed: Mapped[bool]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship(lazy="joined")
    area: Mapped[Area] = relationship(lazy="joined")
    document: Mapped[PolicyDocument] = relationship()

    @property
    def signature(self) -> str | None:
        """The name that others may read, or None."""
        return self.person.name if self.signed and self.person is not None else None

    def withdraw(self, now: datetime) -> None:
        """Take it back: what it said is forgotten."""
        self.withdrawn_at, self.text, self.signed = now, "", False


class OpinionStore:
    """Opinions that stand, by their person or all of them; one that was withdrawn is handed to nobody."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, opinion: Opinion) -> Opinion:
        """Keep an opinion."""
        self._session.add(opinion)
        self._session.flush()
        return opinion

    def of(self, person: Person) -> Sequence[Opinion]:
        """What this person has said, the oldest first."""
        own = select(Opinion).where(Opinion.person_id == person.id, Opinion.withdrawn_at.is_(None))
        return self._session.scalars(own.order_by(Opinion.id)).all()

    def all(self) -> Sequence[Opinion]:
        """Everything that stands, the oldest first."""
        standing = select(Opinion).where(Opinion.withdrawn_at.is_(None))
        return self._session.scalars(standing.order_by(Opinion.id)).all()

    def unlink(self, person: Person) -> None:
        """Keep what a person said, and not that it was them."""
        own = update(Opinion).where(Opinion.person_id == person.id)
        self._session.execute(own.values(person_id=None, signed=False))
