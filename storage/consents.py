"""Consents: a ledger of what people agreed to, for each purpose apart, and of what they took back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from storage.people import Person


class Purpose(StrEnum):
    """What personal data may be wanted for; each needs a consent of its own."""

    PROFILE = "profile"
    """Name, home and telephone, to handle one's matters."""
    NOTICES = "notices"
    """Notices of where one lives."""
    LOCATION = "location"
    """The place from which one checks in."""
    RANKING = "ranking"
    """One's name beside one's points, for everybody to see."""
    CREDIT_RECORD = "credit_record"
    """One's points handed over for the social credit record."""
    VOLUNTEER = "volunteer"
    """Being called for volunteer work, with what one can do and when."""
    AID = "aid"
    """One's name and telephone, for the neighbour who helps or is helped."""


class Consent(Base):
    """One line: given or taken back, when, on which channel, to which version of the wording; it is never changed."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    purpose: Mapped[Purpose]
    given: Mapped[bool]
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(16))
    version: Mapped[str] = mapped_column(String(16))


class ConsentStore:
    """The ledger: lines are added and read."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def record(
        self, person: Person, purpose: Purpose, now: datetime, *, given: bool, source: str, version: str
    ) -> Consent:
        """Add a line; `source` is the channel on which it was said, `version` that of the wording."""
        line = Consent(person_id=person.id, purpose=purpose, given=given, at=now, source=source, version=version)
        self._session.add(line)
        self._session.flush()
        return line

    def lines(self, person: Person) -> Sequence[Consent]:
        """Every line of `person`, the oldest first."""
        wanted = select(Consent).where(Consent.person_id == person.id)
        return self._session.scalars(wanted.order_by(Consent.id)).all()

    def standing(self, person: Person) -> Mapping[Purpose, Consent]:
        """What `person` has agreed to and not taken back, with the line of it."""
        last = {line.purpose: line for line in self.lines(person)}
        return {purpose: line for purpose, line in last.items() if line.given}

    def stands(self, person: Person, purpose: Purpose) -> bool:
        """Whether `person` agrees to this now."""
        return purpose in self.standing(person)
