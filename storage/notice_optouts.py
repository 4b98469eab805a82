"""Kinds of notices that people do not want; whoever wants none at all is `Person.subscribed` no more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.people import Person


class NoticeOptOut(Base):
    """A person does not want notices of a kind."""

    __tablename__ = "notice_optouts"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(32))
    since: Mapped[datetime]


class NoticeOptOutStore:
    """Who does not want which kinds."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, person: Person) -> list[str]:
        """The kinds that `person` does not want."""
        wanted = select(NoticeOptOut.kind).where(NoticeOptOut.person_id == person.id).order_by(NoticeOptOut.kind)
        return [*self._session.scalars(wanted)]

    def opt_out(self, person: Person, kind: str, now: datetime) -> bool:
        """Send `person` nothing of this kind any more; False where that was so."""
        if kind in self.of(person):
            return False
        self._session.add(NoticeOptOut(person_id=person.id, kind=kind, since=now))
        self._session.flush()
        return True

    def opt_in(self, person: Person, kind: str) -> bool:
        """Send `person` notices of this kind again; False where they came all the time."""
        if kind not in self.of(person):
            return False
        self._session.execute(
            delete(NoticeOptOut).where(NoticeOptOut.person_id == person.id, NoticeOptOut.kind == kind)
        )
        return True
