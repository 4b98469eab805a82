"""Minutes: who was at a meeting, what was said there, what was decided, and what became of that."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.database import Base, BigId
from storage.meetings import Meeting
from storage.people import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class AttendedBy(StrEnum):
    """How it is known that somebody was there."""

    CODE = "code"
    LIST = "list"


class Attendance(Base):
    """Somebody who was at a meeting; whoever has no account is known by `name` alone, all others by their row."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(BigId, ForeignKey("meetings.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    by: Mapped[AttendedBy]
    at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship()
    person: Mapped[Person | None] = relationship()


class Minutes(Base):
    """What was published of a meeting; publishing it again puts it in the place of what was there."""

    __tablename__ = "minutes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(BigId, ForeignKey("meetings.id"), unique=True)
    by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    version: Mapped[int]

    meeting: Mapped[Meeting] = relationship()
    by: Mapped[Person | None] = relationship()


class Decision(Base):
    """One thing that was decided: what, by whom, until when, and when it was done.

    `who` is how the minutes call whoever is responsible, `person` who that is, where it is somebody with an account.
    """

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(BigId, ForeignKey("meetings.id"), index=True)
    number: Mapped[int]
    what: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    due: Mapped[date | None] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(Text)
    reminded_at: Mapped[datetime | None]
    due_told_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])


class MinutesStore:
    """Attendance, minutes and decisions of meetings that were handed out to whoever they concern."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def attend(self, meeting: Meeting, person: Person | None, name: str, by: AttendedBy, now: datetime) -> bool:
        """Note that somebody was there; False where that is known."""
        known = self.attendances(meeting)
        if any(each.person_id == person.id if person is not None else each.name == name for each in known):
            return False
        row = Attendance(meeting=meeting, person=person, name="" if person is not None else name, by=by, at=now)
        self._session.add(row)
        self._session.flush()
        return True

    def attendances(self, meeting: Meeting) -> Sequence[Attendance]:
        """Who was there, for staff of the meeting's area; everybody may know how many."""
        wanted = select(Attendance).where(Attendance.meeting_id == meeting.id)
        return self._session.scalars(wanted.order_by(Attendance.id)).all()

    def attended(self, meeting: Meeting) -> int:
        """How many were there, as far as that was noted."""
        return self._session.scalar(select(func.count()).where(Attendance.meeting_id == meeting.id)) or 0

    def of(self, meeting: Meeting) -> Minutes | None:
        """What was published of a meeting, or None."""
        return self._session.scalars(select(Minutes).where(Minutes.meeting_id == meeting.id)).first()

    def decisions(self, meeting: Meeting) -> Sequence[Decision]:
        """What a meeting decided, in its order."""
        wanted = select(Decision).where(Decision.meeting_id == meeting.id)
        return self._session.scalars(wanted.order_by(Decision.number)).all()

    def given_to(self, person: Person) -> Sequence[Meeting]:
        """The meetings that gave `person` something to do, wherever they live, the latest first."""
        wanted = select(Meeting).where(
            Meeting.id.in_(select(Decision.meeting_id).where(Decision.person_id == person.id))
        )
        return self._session.scalars(wanted.order_by(Meeting.start.desc(), Meeting.id.desc())).unique().all()

    def publish(
        self, meeting: Meeting, text: str, decisions: Sequence[Decision], by: Person | None, now: datetime
    ) -> Minutes:
        """Publish minutes, in the place of those that there are.

        What was done of the old decisions stays done, and who was reminded of one that stays is not reminded again.
        """
        minutes = self.of(meeting)
        if minutes is None:
            minutes = Minutes(meeting=meeting, by=by, text=text, published_at=now, version=1)
            self._session.add(minutes)
        else:
            minutes.text, minutes.by, minutes.published_at = text, by, now
            minutes.version += 1
        done = {old.what: old for old in self.decisions(meeting) if old.done_at is not None}
        told = {(old.what, old.person_id, old.due): old for old in self.decisions(meeting)}
        for old in self.decisions(meeting):
            self._session.delete(old)
        self._session.flush()
        for number, decision in enumerate(decisions, start=1):
            before = done.get(decision.what)
            if before is not None:
                decision.done_at, decision.done_by_id, decision.note = before.done_at, before.done_by_id, before.note
            same = told.get((decision.what, decision.person.id if decision.person else None, decision.due))
            if same is not None:
                decision.reminded_at, decision.due_told_at = same.reminded_at, same.due_told_at
            decision.meeting, decision.number = meeting, number
            self._session.add(decision)
        self._session.flush()
        return minutes

    def to_remind(self, until: date) -> Sequence[Decision]:
        """The decisions that are not done, due by then, of which somebody has not been told yet."""
        wanted = select(Decision).where(
            Decision.done_at.is_(None),
            Decision.due <= until,
            Decision.reminded_at.is_(None) | Decision.due_told_at.is_(None),
        )
        return self._session.scalars(wanted.order_by(Decision.id).with_for_update(of=Decision, skip_locked=True)).all()
