"""Notices: one message to an audience, with what became of it for each recipient."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.messages import OutboxMessage, OutboxState
from storage.people import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class NoticeState(StrEnum):
    """The states of domain.md."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"


class RecipientState(StrEnum):
    """The states of a recipient in domain.md."""

    PENDING = "pending"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    SKIPPED = "skipped"


class Notice(Base):
    """One notice to everybody who lives in `area_id`; `start` and `end` are the time that it speaks of."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    start: Mapped[datetime | None]
    end: Mapped[datetime | None]
    needs_ack: Mapped[bool]
    send_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[NoticeState]
    created_at: Mapped[datetime]

    area: Mapped[Area] = relationship(lazy="joined")
    recipients: Mapped[list[Recipient]] = relationship(back_populates="notice", order_by="Recipient.id")


class Recipient(Base):
    """One person of a notice's audience; whether it was sent is read off the outbox row."""

    __tablename__ = "recipients"
    __table_args__ = (UniqueConstraint("notice_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    notice_id: Mapped[int] = mapped_column(BigId, ForeignKey("notices.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    outbox_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("outbox.id"))
    skipped: Mapped[str | None] = mapped_column(String(64))
    acknowledged_at: Mapped[datetime | None]

    notice: Mapped[Notice] = relationship(back_populates="recipients")
    person: Mapped[Person] = relationship()
    outbox: Mapped[OutboxMessage | None] = relationship()

    @property
    def state(self) -> RecipientState:
        """What became of the notice for this person."""
        if self.acknowledged_at is not None:
            return RecipientState.ACKNOWLEDGED
        if self.outbox is None:
            return RecipientState.SKIPPED
        return _STATES.get(self.outbox.state, RecipientState.PENDING)


_STATES = {
    OutboxState.SENT: RecipientState.SENT,
    OutboxState.DEAD: RecipientState.FAILED,
    OutboxState.CANCELLED: RecipientState.SKIPPED,
}


class NoticeStore:
    """Notices by what a person received, and by what is due."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, notice: Notice) -> Notice:
        """Store a new notice."""
        self._session.add(notice)
        self._session.flush()
        return notice

    def due(self, now: datetime) -> Sequence[Notice]:
        """The scheduled notices whose time has come, locked; on PostgreSQL those of another process are passed over."""
        wanted = (
            select(Notice)
            .where(Notice.state == NoticeState.SCHEDULED, Notice.send_at <= now)
            .order_by(Notice.send_at, Notice.id)
            .with_for_update(skip_locked=True, of=Notice)
        )
        return self._session.scalars(wanted).all()

    def received_by(self, person: Person, limit: int = 5) -> Sequence[Recipient]:
        """What `person` was sent, the newest first."""
        wanted = (
            select(Recipient)
            .join(Notice, Notice.id == Recipient.notice_id)
            .where(Recipient.person_id == person.id, Recipient.skipped.is_(None))
            .order_by(Notice.send_at.desc(), Notice.id.desc())
        )
        return self._session.scalars(wanted.limit(limit)).all()

    def unacknowledged(self, person: Person) -> Sequence[Recipient]:
        """The notices that ask `person` for a confirmation and have none, the newest first."""
        wanted = (
            select(Recipient)
            .join(Notice, Notice.id == Recipient.notice_id)
            .join(OutboxMessage, OutboxMessage.id == Recipient.outbox_id)
            .where(
                Recipient.person_id == person.id,
                Notice.needs_ack,
                Recipient.acknowledged_at.is_(None),
                OutboxMessage.state == OutboxState.SENT,
            )
            .order_by(Notice.send_at.desc(), Notice.id.desc())
        )
        return self._session.scalars(wanted).all()
