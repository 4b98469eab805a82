"""Topics: what residents propose for consultation, who seconds it, and what became of it until a meeting is called."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.meetings import Meeting
from storage.people import Person

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from storage.people import Role


class TopicState(StrEnum):
    """What became of a topic: it waits for an answer, is on a meeting, was not taken up, or was taken back."""

    PROPOSED = "proposed"
    TAKEN_UP = "taken_up"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Topic(Base):
    """One topic, in words that everybody may read; `answer` is why it was not taken up.

    `area_id` is whom it concerns, and who answers for that area answers it. `told_count` is the last number of
    seconders of which people were told, `asked_at` when staff were asked for an answer last.
    """

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    community_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    proposer_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    text: Mapped[str] = mapped_column(String(200))
    state: Mapped[TopicState] = mapped_column(index=True)
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    told_count: Mapped[int]
    meeting_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("meetings.id"), index=True)
    answer: Mapped[str] = mapped_column(Text)
    answered_by_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]

    area: Mapped[Area] = relationship(foreign_keys=[area_id], lazy="joined")
    proposer: Mapped[Person | None] = relationship(foreign_keys=[proposer_id])
    meeting: Mapped[Meeting | None] = relationship()
    seconds: Mapped[list[TopicSecond]] = relationship(back_populates="topic", order_by="TopicSecond.id")

    @property
    def followers(self) -> list[Person | None]:
        """Those who hear of every step: who proposed it, and who seconded it."""
        return [self.proposer, *(second.person for second in self.seconds)]


class TopicSecond(Base):
    """One person who seconds a topic, once; of one who was erased the row stays, for the count."""

    __tablename__ = "topic_seconds"
    __table_args__ = (UniqueConstraint("topic_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    topic_id: Mapped[int] = mapped_column(BigId, ForeignKey("topics.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    at: Mapped[datetime]

    topic: Mapped[Topic] = relationship(back_populates="seconds")
    person: Mapped[Person | None] = relationship()


class TopicStore:
    """The topics of a community, which are public in it; who proposed or seconded them is handed to nobody."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, topic: Topic) -> Topic:
        """Store a new topic."""
        self._session.add(topic)
        self._session.flush()
        return topic

    def lock(self, topic: Topic) -> Topic:
        """The topic with its seconders as they are now, kept from others until the transaction ends."""
        self._session.execute(select(Topic.id).where(Topic.id == topic.id).with_for_update())
        self._session.refresh(topic)
        return topic

    def of_community(self, community: Area, *states: TopicState) -> Sequence[Topic]:
        """The topics of a community in these states, the newest first."""
        wanted = select(Topic).where(Topic.community_id == community.id, Topic.state.in_(states))
        return self._session.scalars(wanted.order_by(Topic.id.desc())).unique().all()

    def of_meeting(self, meeting: Meeting) -> Sequence[Topic]:
        """The topics that are on a meeting."""
        wanted = select(Topic).where(Topic.meeting_id == meeting.id).order_by(Topic.id)
        return self._session.scalars(wanted).unique().all()

    def followed_by(self, person: Person) -> Sequence[Topic]:
        """What `person` proposed or seconded, the newest first."""
        seconded = select(TopicSecond.topic_id).where(TopicSecond.person_id == person.id)
        wanted = select(Topic).where((Topic.proposer_id == person.id) | Topic.id.in_(seconded))
        return self._session.scalars(wanted.order_by(Topic.id.desc())).unique().all()

    def second(self, topic: Topic, person: Person, now: datetime) -> bool:
        """Let `person` second a topic; False where they had before."""
        if any(second.person_id == person.id for second in topic.seconds):
            return False
        topic.seconds.append(TopicSecond(person_id=person.id, person=person, at=now))
        self._session.flush()
        return True

    def take_back(self, topic: Topic, person: Person) -> bool:
        """Take back that `person` seconds a topic; False where they do not."""
        mine = next((second for second in topic.seconds if second.person_id == person.id), None)
        if mine is None:
            return False
        topic.seconds.remove(mine)
        self._session.delete(mine)
        self._session.flush()
        return True

    def unanswered(self, before: datetime) -> Sequence[Topic]:
        """The topics that wait for an answer and of which staff were reminded last before then."""
        wanted = select(Topic).where(Topic.state == TopicState.PROPOSED, Topic.asked_at <= before)
        return self._session.scalars(wanted.order_by(Topic.id)).unique().all()

    def to_answer(self, staff: Person, roles: Collection[Role]) -> Sequence[Topic]:
        """The topics that wait for an answer of `staff`, who holds one of `roles` over their area."""
        wanted = select(Topic).where(Topic.state == TopicState.PROPOSED).order_by(Topic.id)
        return [topic for topic in self._session.scalars(wanted).unique() if staff.holds(roles, topic.area)]
