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
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from storage.people import Role


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
    WAITING = "waiting"
    """Would come, and there is no place."""


class Meeting(Base):
    """One meeting; `area_id` is whom it concerns, and everybody who lives there is invited when it is called.

    `capacity` is how many places there are, or None; `sequence` counts how often it was moved or cancelled, and
    `changed_at` is when it was last. The codes by which people say that they are there are made from `secret`.
    """

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
    capacity: Mapped[int | None]
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    changed_at: Mapped[datetime | None]
    secret: Mapped[str | None] = mapped_column(String(32))

    area: Mapped[Area] = relationship(lazy="joined")
    invitations: Mapped[list[Invitation]] = relationship(back_populates="meeting", order_by="Invitation.id")

    @property
    def announced_at(self) -> datetime:
        """Since when people know of it as it is."""
        return self.changed_at or self.created_at

    def answered(self, answer: Answer | None) -> list[Invitation]:
        """Those who gave this answer, or none."""
        return [invitation for invitation in self.invitations if invitation.answer is answer]

    @property
    def heads(self) -> int:
        """How many people come, those included whom somebody brings."""
        return sum(invitation.heads for invitation in self.answered(Answer.YES))

    @property
    def waiting(self) -> list[Invitation]:
        """Those who wait for a place, who came first before the others."""
        found = self.answered(Answer.WAITING)
        return sorted(found, key=lambda invitation: (invitation.answered_at or self.created_at, invitation.id))

    def has_room(self, heads: int) -> bool:
        """Whether so many more people have a place."""
        return self.capacity is None or self.heads + heads <= self.capacity


class Invitation(Base):
    """One person's invitation to one meeting; `guests` is how many others they bring."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    meeting_id: Mapped[int] = mapped_column(BigId, ForeignKey("meetings.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    answer: Mapped[Answer | None]
    answered_at: Mapped[datetime | None]
    guests: Mapped[int] = mapped_column(default=0, server_default="0")

    meeting: Mapped[Meeting] = relationship(back_populates="invitations", lazy="joined")
    person: Mapped[Person] = relationship()

    @property
    def heads(self) -> int:
        """How many places they take."""
        return 1 + (self.guests or 0)


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

    def called_off(self, person: Person, now: datetime) -> Sequence[Meeting]:
        """The cancelled meetings that would be to come and concern `person`, the soonest first."""
        wanted = select(Meeting).where(Meeting.state == MeetingState.CANCELLED, Meeting.start > now)
        found = self._session.scalars(wanted.order_by(Meeting.start, Meeting.id)).all()
        return [meeting for meeting in found if self._concerns(meeting, person)]

    def begun(self, person: Person, now: datetime, since: datetime) -> Sequence[Meeting]:
        """The meetings that have begun since then and concern `person`, the latest first."""
        wanted = select(Meeting).where(Meeting.start <= now, Meeting.start >= since)
        found = self._session.scalars(wanted.order_by(Meeting.start.desc(), Meeting.id.desc())).all()
        return [meeting for meeting in found if self._concerns(meeting, person)]

    def managed(self, staff: Person, roles: Collection[Role], since: datetime) -> Sequence[Meeting]:
        """The meetings that begin after `since` and whose area `staff` holds one of `roles` at, the soonest first."""
        wanted = select(Meeting).where(Meeting.start > since, Meeting.state != MeetingState.CANCELLED)
        found = self._session.scalars(wanted.order_by(Meeting.start, Meeting.id)).all()
        return [meeting for meeting in found if staff.holds(roles, meeting.area)]

    def lock(self, meeting: Meeting) -> Meeting:
        """The meeting with its answers as they are now, kept from others until the transaction ends."""
        self._session.expire(meeting, ["invitations"])
        wanted = select(Meeting).where(Meeting.id == meeting.id).with_for_update(of=Meeting)
        return self._session.scalars(wanted.execution_options(populate_existing=True)).one()

    def over(self, now: datetime) -> Sequence[Meeting]:
        """The meetings that were called and have begun, which nobody has noted as held yet."""
        wanted = select(Meeting).where(Meeting.state == MeetingState.CALLED, Meeting.start <= now)
        return self._session.scalars(wanted.order_by(Meeting.id).with_for_update(of=Meeting, skip_locked=True)).all()

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

    def reminded_at(self, meeting: Meeting, which: str) -> datetime | None:
        """When this reminder went out, or None."""
        reminder = self._session.get(Reminder, (meeting.id, which))
        return reminder.at if reminder is not None else None

    def note_reminder(self, meeting: Meeting, which: str, now: datetime) -> None:
        """Note that a reminder of which there may be several went out now."""
        self._session.merge(Reminder(meeting_id=meeting.id, which=which, at=now))
        self._session.flush()

    def forget_reminders(self, meeting: Meeting) -> None:
        """Let reminders go out anew, because the meeting is at another time now."""
        self._session.flush()
        for which in self._session.scalars(select(Reminder).where(Reminder.meeting_id == meeting.id)).all():
            self._session.delete(which)
        self._session.flush()

    def invitation(self, meeting: Meeting, person: Person) -> Invitation | None:
        """The invitation of `person` to a meeting, or None."""
        wanted = select(Invitation).where(Invitation.meeting_id == meeting.id, Invitation.person_id == person.id)
        return self._session.scalars(wanted).first()

    def answer(self, meeting: Meeting, person: Person, answer: Answer, now: datetime, guests: int = 0) -> None:
        """Record an answer; the last one stands. Whoever waits and says so again keeps their place in the queue."""
        invitation = self.invitation(meeting, person)
        if invitation is None:
            invitation = Invitation(meeting=meeting, person=person)
            self._session.add(invitation)
        if invitation.answer is not answer or answer is not Answer.WAITING:
            invitation.answered_at = now
        invitation.answer, invitation.guests = answer, guests
        self._session.flush()

    def promote(self, meeting: Meeting) -> list[Invitation]:
        """Give the free places of a locked meeting to those who wait, in their order; who got one.

        Whoever brings more people than there are places waits on, and the next one is asked.
        """
        promoted = []
        for invitation in meeting.waiting:
            if meeting.has_room(invitation.heads) and not invitation.person.is_gone:
                invitation.answer = Answer.YES
                promoted.append(invitation)
        self._session.flush()
        return promoted

    def _concerns(self, meeting: Meeting, person: Person) -> bool:
        lives_there = meeting.area.contains(person.area)
        works_there = any(grant.area.contains(meeting.area) for grant in person.grants)
        return lives_there or works_there or any(i.person_id == person.id for i in meeting.invitations)
