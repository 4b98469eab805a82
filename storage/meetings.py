"""Meetings: consultation meetings, who is invited and what they answered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.people import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class MeetingState(StrEnum):
    """The states of domain.md."""

    DRAFT = "draft"
    CALLED = "called"
    HELD = "held"
    MINUTED = "minuted"
    CANCELLED = "cancelled"


class Answer(StrEnum):
    """What somebody invited answered."""

    YES = "yes"
    NO = "no"


class Meeting(Base):
    """One meeting; `area_id` is whom it concerns, and everybody who lives there is invited when it is called."""

    __tablename__ = "meetings"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    called_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(200))
    start: Mapped[datetime] = mapped_column(index=True)
    end: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(String(200))
    topics: Mapped[list[Any]]
    state: Mapped[MeetingState]
    created_at: Mapped[datetime]

    area: Mapped[Area] = relationship(lazy="joined")
    invitations: Mapped[list[Invitation]] = relationship(back_populates="meeting", order_by="Invitation.id")


class Invitation(Base):
    """One person's invitation to one meeting."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(BigId, ForeignKey("meetings.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    answer: Mapped[Answer | None]
    answered_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(back_populates="invitations", lazy="joined")
    person: Mapped[Person] = relationship()


class Reminder(Base):
    """A reminder of a meeting that has gone out; each goes out once."""

    __tablename__ = "meeting_reminders"

    meeting_id: Mapped[int] = mapped_column(BigId, ForeignKey("meetings.id"), primary_key=True)
    which: Mapped[str] = mapped_column(String(8), primary_key=True)
    at: Mapped[datetime]


class MeetingStore:
    """Meetings that concern a person."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, meeting: Meeting) -> Meeting:
        """Store a new meeting."""
        self._session.add(meeting)
        self._session.flush()
        return meeting

    def coming(self, person: Person, now: datetime) -> Sequence[Meeting]:
        """The called meetings that have not begun and concern `person`, the soonest first.

        A meeting concerns those whom it invites, those who live in its area, and those who hold a role above it.
        """
        wanted = select(Meeting).where(Meeting.state == MeetingState.CALLED, Meeting.start > now)
        found = self._session.scalars(wanted.order_by(Meeting.start, Meeting.id)).all()
        return [meeting for meeting in found if self._concerns(meeting, person)]

    def begun(self, person: Person, now: datetime, since: datetime) -> Sequence[Meeting]:
        """The meetings that have begun since then and concern `person`, the latest first."""
        wanted = select(Meeting).where(Meeting.start <= now, Meeting.start >= since)
        found = self._session.scalars(wanted.order_by(Meeting.start.desc(), Meeting.id.desc())).all()
        return [meeting for meeting in found if self._concerns(meeting, person)]

    def starting_before(self, moment: datetime, now: datetime) -> Sequence[Meeting]:
        """The called meetings that begin between `now` and `moment`."""
        wanted = select(Meeting).where(
            Meeting.state == MeetingState.CALLED, Meeting.start > now, Meeting.start <= moment
        )
        return self._session.scalars(wanted.order_by(Meeting.start, Meeting.id)).all()

    def invite(self, meeting: Meeting, people: Sequence[Person]) -> None:
        """Invite `people`; inviting somebody twice changes nothing."""
        invited = {invitation.person_id for invitation in meeting.invitations}
        meeting.invitations.extend(Invitation(person=person) for person in people if person.id not in invited)
        self._session.flush()

    def begin_reminder(self, meeting: Meeting, which: str, now: datetime) -> bool:
        """Note that this reminder goes out in this transaction; False when it has gone out before."""
        self._session.execute(select(Meeting.id).where(Meeting.id == meeting.id).with_for_update())
        if self._session.get(Reminder, (meeting.id, which)) is not None:
            return False
        self._session.add(Reminder(meeting_id=meeting.id, which=which, at=now))
        self._session.flush()
        return True

    def answer(self, meeting: Meeting, person: Person, answer: Answer, now: datetime) -> None:
        """Record an answer; the last one stands."""
        wanted = select(Invitation).where(Invitation.meeting_id == meeting.id, Invitation.person_id == person.id)
        invitation = self._session.scalars(wanted).first()
        if invitation is None:
            invitation = Invitation(meeting=meeting, person=person)
            self._session.add(invitation)
        invitation.answer, invitation.answered_at = answer, now
        self._session.flush()

    def _concerns(self, meeting: Meeting, person: Person) -> bool:
        lives_there = meeting.area.contains(person.area)
        works_there = any(grant.area.contains(meeting.area) for grant in person.grants)
        return lives_there or works_there or any(i.person_id == person.id for i in meeting.invitations)
