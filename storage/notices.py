"""Notices: one message to an audience, with what became of it for each recipient."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    exists,
    false,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.areas import Area
from storage.database import Base, BigId
from storage.messages import OutboxMessage, OutboxState
from storage.people import Person

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from storage.people import Role


class NoticeState(StrEnum):
    """The states of domain.md."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"


class RecipientState(StrEnum):
    """What became of a notice for one person: exactly one of these, at any moment."""

    PENDING = "pending"
    DEFERRED = "deferred"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    SKIPPED = "skipped"


class Skipped(StrEnum):
    """Why somebody of the audience is not written to."""

    UNSUBSCRIBED = "unsubscribed"
    OPTED_OUT = "opted_out"
    NO_ACCOUNT = "no_account"
    CANCELLED = "cancelled"


class Variant(StrEnum):
    """Whose message says more than the notice: why it comes all the same, or that it corrects the one they have."""

    DESPITE = "despite"
    CORRECTION = "correction"


AREAS = Table(
    "notice_areas",
    Base.metadata,
    Column("notice_id", BigId, ForeignKey("notices.id"), primary_key=True),
    Column("area_id", BigId, ForeignKey("areas.id"), primary_key=True, index=True),
)


class Notice(Base):
    """One notice to those who live in one of `areas`, with `roles` to those of them who hold one.

    `area` holds all of the areas, `start` and `end` are the time that the notice speaks of. An urgent one says why
    (`urgent_why`). One with an `rrule` is never sent itself: each time a copy of it is, which names it by `repeats_id`.
    `corrects_id` is the notice that this one puts right, or says to be off (`takes_back`). All recipients with person
    ids up to `fed_to` are queued.
    `reminded` counts how often those who have not confirmed were reminded.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_repeats_id", "repeats_id", "send_at", unique=True),
        Index("ix_notices_state_send_at", "state", "send_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    area_id: Mapped[int] = mapped_column(BigId, ForeignKey("areas.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    start: Mapped[datetime | None]
    end: Mapped[datetime | None]
    needs_ack: Mapped[bool]
    send_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[NoticeState]
    created_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32), default="general", server_default="general")
    roles: Mapped[list[Any] | None]
    urgent_why: Mapped[str | None] = mapped_column(String(200))
    rrule: Mapped[str | None] = mapped_column(String(100))
    # These two name rows of this table without a foreign key: SQLite cannot add one to a table that others point to.
    repeats_id: Mapped[int | None] = mapped_column(BigId)
    corrects_id: Mapped[int | None] = mapped_column(BigId)
    takes_back: Mapped[bool] = mapped_column(default=False, server_default=false())
    fed_to: Mapped[int] = mapped_column(BigId, default=0, server_default="0")
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    reminded: Mapped[int] = mapped_column(default=0, server_default="0")

    area: Mapped[Area] = relationship(lazy="joined")
    areas: Mapped[list[Area]] = relationship(secondary=AREAS, lazy="selectin", order_by=Area.id)
    recipients: Mapped[list[Recipient]] = relationship(back_populates="notice", order_by="Recipient.id")


class Recipient(Base):
    """One person of a notice's audience, with the grid in which they lived when it was frozen.

    Whether it was sent is read off the outbox row: the last one, where the first account could not be reached.
    """

    __tablename__ = "recipients"
    __table_args__ = (UniqueConstraint("notice_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    notice_id: Mapped[int] = mapped_column(BigId, ForeignKey("notices.id"))
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("people.id"), index=True)
    # No foreign key: checking it is a good part of what freezing a large audience costs, and areas are never deleted.
    grid_id: Mapped[int | None] = mapped_column(BigId)
    outbox_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("outbox.id"))
    skipped: Mapped[str | None] = mapped_column(String(64))
    variant: Mapped[Variant | None]
    acknowledged_at: Mapped[datetime | None]

    notice: Mapped[Notice] = relationship(back_populates="recipients")
    person: Mapped[Person] = relationship()
    outbox: Mapped[OutboxMessage | None] = relationship()

    @property
    def state(self) -> RecipientState:
        """What became of the notice for this person, as far as that does not depend on the hour."""
        if self.acknowledged_at is not None:
            return RecipientState.ACKNOWLEDGED
        if self.skipped is not None:
            return RecipientState.SKIPPED
        if self.outbox is None:
            return RecipientState.PENDING
        return _STATES.get(self.outbox.state, RecipientState.FAILED)


_STATES = {
    OutboxState.DUE: RecipientState.PENDING,
    OutboxState.SENDING: RecipientState.PENDING,
    OutboxState.SENT: RecipientState.SENT,
    OutboxState.CANCELLED: RecipientState.SKIPPED,
}
_PUBLIC = (NoticeState.SENDING, NoticeState.SENT)


class NoticeStore:
    """Notices by what a person received or may read, by who sent them, and by what is due."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, notice: Notice) -> Notice:
        """Store a new notice."""
        self._session.add(notice)
        self._session.flush()
        return notice

    def due(self, now: datetime) -> Sequence[Notice]:
        """The scheduled notices whose time has come, locked; on PostgreSQL those of another process are passed over."""
        return self._locked(Notice.state == NoticeState.SCHEDULED, Notice.send_at <= now)

    def sending(self) -> Sequence[Notice]:
        """The notices that are being sent, locked; on PostgreSQL those of another process are passed over."""
        return self._locked(Notice.state == NoticeState.SENDING)

    def to_call_about(self, started: datetime) -> Sequence[Notice]:
        """Those begun by `started` that ask for a confirmation and of which no call list was handed out, locked."""
        return self._locked(
            Notice.state.in_(_PUBLIC), Notice.needs_ack, Notice.called_at.is_(None), Notice.started_at <= started
        )

    def lock(self, notice: Notice) -> Notice:
        """The notice as it is now, locked until the transaction ends."""
        wanted = select(Notice).where(Notice.id == notice.id).with_for_update(of=Notice)
        return self._session.scalars(wanted.execution_options(populate_existing=True)).one()

    def readable_by(
        self, person: Person, since: datetime | None, until: datetime | None, kinds: Collection[str], limit: int
    ) -> Sequence[Notice]:
        """The notices to everybody where `person` lives, and those that they received themselves, the newest first.

        With `since` and `until` those sent, or speaking of a time, between the two; with `kinds` those of them alone.
        """
        lives_there = exists().where(AREAS.c.notice_id == Notice.id, AREAS.c.area_id.in_(person.area.ancestor_ids))
        received = exists().where(Recipient.notice_id == Notice.id, Recipient.person_id == person.id)
        wanted = select(Notice).where(
            Notice.state.in_(_PUBLIC), or_(Notice.roles.is_(None) & lives_there, received & ~_is_cancelled(person))
        )
        if since is not None:
            wanted = wanted.where(or_(Notice.send_at >= since, Notice.start >= since, Notice.end >= since))
        if until is not None:
            wanted = wanted.where(or_(Notice.send_at < until, Notice.start < until))
        if kinds:
            wanted = wanted.where(Notice.kind.in_(kinds))
        return self._session.scalars(wanted.order_by(Notice.send_at.desc(), Notice.id.desc()).limit(limit)).all()

    def unacknowledged(self, person: Person) -> Sequence[Recipient]:
        """The notices that ask `person` for a confirmation and have none, the newest first."""
        wanted = (
            select(Recipient)
            .join(Notice, Notice.id == Recipient.notice_id)
            .join(OutboxMessage, OutboxMessage.id == Recipient.outbox_id)
            .where(
                Recipient.person_id == person.id,
                Notice.needs_ack,
                Notice.state != NoticeState.CANCELLED,
                Recipient.acknowledged_at.is_(None),
                # Whoever confirms it has it, though nobody noted yet, or can tell, that it came.
                OutboxMessage.state.in_((OutboxState.SENT, OutboxState.SENDING, OutboxState.UNKNOWN)),
            )
            .order_by(Notice.send_at.desc(), Notice.id.desc())
        )
        return self._session.scalars(wanted).all()

    def managed(self, person: Person, roles: Collection[Role], limit: int = 30) -> Sequence[Notice]:
        """The notices of the areas at which `person` holds one of `roles`, or below, the newest first.

        Those that they wrote to several such areas are among them, though the area that holds all is not theirs.

        Copies of one that repeats stand for themselves, and so does it.
        """
        seats = [grant.area for grant in person.grants if grant.role in roles]
        if not seats:
            return []
        theirs = or_(*(Area.path.startswith(seat.path) for seat in seats))
        reached = select(AREAS.c.area_id).join(Area, Area.id == AREAS.c.area_id)
        reached = reached.where(AREAS.c.notice_id == Notice.id).correlate(Notice)
        all_theirs = exists(reached.where(theirs)) & ~exists(reached.where(not_(theirs)))
        within = exists(select(Area.id).where(Area.id == Notice.area_id, theirs).correlate(Notice))
        wanted = select(Notice).where(or_(within, (Notice.author_id == person.id) & all_theirs))
        return self._session.scalars(wanted.order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit)).all()

    def reaching(self, person: Person, roles: Collection[Role], limit: int = 30) -> Sequence[Notice]:
        """The notices that ask for a confirmation and reach the areas at which `person` holds one of `roles`."""
        over = {area_id for grant in person.grants if grant.role in roles for area_id in grant.area.ancestor_ids}
        there = exists().where(AREAS.c.notice_id == Notice.id, AREAS.c.area_id.in_(over))
        wanted = select(Notice).where(Notice.state.in_(_PUBLIC), Notice.needs_ack, there)
        return self._session.scalars(wanted.order_by(Notice.send_at.desc(), Notice.id.desc()).limit(limit)).all()

    def _locked(self, *conditions: Any) -> Sequence[Notice]:
        wanted = select(Notice).where(*conditions).order_by(Notice.send_at, Notice.id)
        return self._session.scalars(wanted.with_for_update(skip_locked=True, of=Notice)).all()


def _is_cancelled(person: Person) -> Any:
    return exists().where(
        Recipient.notice_id == Notice.id,
        Recipient.person_id == person.id,
        Recipient.skipped == Skipped.CANCELLED,
    )
