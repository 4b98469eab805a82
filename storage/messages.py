"""Messages: the inbox, in which a message stands before anyone is told that it arrived, and the outbox as its writers
use it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

MAX_ATTEMPTS = 5
FORGOTTEN = "-"
"""What stands for the account and the private talk of whoever is erased."""

LAST_MESSAGES = 20


class InboxState(StrEnum):
    """A stored message is worked until it is done; one that cannot be worked is kept as failed."""

    STORED = "stored"
    DONE = "done"
    FAILED = "failed"


class OutboxState(StrEnum):
    """What became of an outgoing message; `due` may lie in the future.

    `sending` was handed over, and its outcome is not known yet. Of `unknown` nobody can tell whether the platform took
    it, and it is not sent again, because it might come twice.
    """

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Priority(StrEnum):
    """Who goes first in a lane; the values sort in that order.

    A `notice` waits for the morning where it is quiet, and leaves a part of a day's quota to all others.
    """

    EMERGENCY = "0_emergency"
    REPLY = "1_reply"
    URGENT_NOTICE = "1_urgent_notice"
    NOTICE = "2_notice"


URGENT = frozenset({Priority.EMERGENCY, Priority.URGENT_NOTICE})
"""What had better come twice than not at all."""


class TalkKey(NamedTuple):
    """One person's talk in one chat: the unit of order."""

    channel: str
    account: str
    chat: str
    sender: str


class InboxMessage(Base):
    """One message that arrived; unique by the id that its platform gave it."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "account", "message_id"),
        Index("ix_inbox_talk", "channel", "account", "chat", "sender", "state"),
        Index("ix_inbox_state_received_at", "state", "received_at"),
        Index("ix_inbox_chat_received_at", "channel", "account", "chat", "received_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    account: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[str] = mapped_column(String(128))
    chat: Mapped[str] = mapped_column(String(128))
    sender: Mapped[str] = mapped_column(String(128))
    text: Mapped[str] = mapped_column(Text)
    attachments: Mapped[list[Any]]
    payload: Mapped[str | None] = mapped_column(Text)
    private_chat: Mapped[str | None] = mapped_column(String(128))
    in_group: Mapped[bool]
    addressed: Mapped[bool]
    edited: Mapped[bool] = mapped_column(default=False)
    reply_to: Mapped[str | None] = mapped_column(String(160))
    device: Mapped[str | None] = mapped_column(String(32))
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]
    state: Mapped[InboxState] = mapped_column(default=InboxState.STORED)
    attempts: Mapped[int] = mapped_column(default=0)

    @property
    def talk(self) -> TalkKey:
        """The talk that this message belongs to."""
        return TalkKey(self.channel, self.account, self.chat, self.sender)


class OutboxMessage(Base):
    """One message to send; `key` is its idempotency key, and a second row with the same key cannot exist.

    `photos` are those of a case that come with it, each as `{"case": id, "name": name}`.
    `about` is the id of the case that it is about, and `platform_id` what the platform calls it, where that tells.
    One that is `revoked` was cancelled while it was on its way: where it does not arrive it is not sent again.
    The words of a `fleeting` one are those of somebody who was erased: they go when it has been sent.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_platform_id", "channel", "account", "platform_id"),
        Index("ix_outbox_lane", "channel", "account", "state", "priority", "due_at", "id"),
        Index("ix_outbox_chat", "channel", "account", "chat", "id"),
        Index("ix_outbox_chat_sent_at", "channel", "account", "chat", "sent_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    account: Mapped[str] = mapped_column(String(64))
    chat: Mapped[str] = mapped_column(String(128))
    text: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[Any]]
    photos: Mapped[list[Any] | None]
    priority: Mapped[Priority]
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id"))
    cause_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("inbox.id"))
    about: Mapped[int | None] = mapped_column(BigId, ForeignKey("cases.id"))
    platform_id: Mapped[str | None] = mapped_column(String(160))
    due_at: Mapped[datetime]
    state: Mapped[OutboxState] = mapped_column(default=OutboxState.DUE)
    attempts: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))
    sent_at: Mapped[datetime | None]
    fleeting: Mapped[bool | None]
    revoked: Mapped[bool | None]


# Every message asks these: to put such a statement together costs more than to run it.
_NEXT_STORED = (
    select(InboxMessage)
    .where(
        *(getattr(InboxMessage, name) == bindparam(name) for name in TalkKey._fields),
        InboxMessage.state == InboxState.STORED,
        InboxMessage.id > bindparam("after"),
    )
    .order_by(InboxMessage.id)
    .limit(1)
)
_LAST_TO = (
    select(OutboxMessage)
    .where(
        *(getattr(OutboxMessage, name) == bindparam(name) for name in ("channel", "account", "chat", "person_id")),
    )
    .order_by(OutboxMessage.id.desc())
    .limit(1)
)


class MessageStore:
    """The inbox and the outbox."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def receive(self, values: dict[str, Any]) -> int | None:
        """Store an arriving message; its row id, or None when the same message is here already."""
        on = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        insert = on.insert(InboxMessage).values(**values).on_conflict_do_nothing().returning(InboxMessage.id)
        return self._session.scalars(insert).first()

    def get(self, inbox_id: int) -> InboxMessage:
        """The stored message with this id; raises NoResultFound if there is none."""
        return self._session.get_one(InboxMessage, inbox_id)

    def forget_location(self, inbox_id: int) -> None:
        """Forget the location that came with a message, where the message is still there."""
        row = self._session.get(InboxMessage, inbox_id)
        if row is not None:
            row.attachments = [each for each in row.attachments if each["kind"] != "location"]

    def next_stored(self, talk: TalkKey, after: int = 0) -> InboxMessage | None:
        """The oldest message of `talk` that nobody has worked yet, or the oldest after the one with the id `after`."""
        return self._session.scalars(_NEXT_STORED, {**talk._asdict(), "after": after}).first()

    def waiting_talks(self, before: datetime) -> list[TalkKey]:
        """The talks in which a message has been waiting since `before`."""
        wanted = (
            select(InboxMessage.channel, InboxMessage.account, InboxMessage.chat, InboxMessage.sender)
            .where(InboxMessage.state == InboxState.STORED, InboxMessage.received_at <= before)
            .distinct()
        )
        return [TalkKey(*row) for row in self._session.execute(wanted)]

    def queue(self, message: OutboxMessage) -> OutboxMessage:
        """Put a message into the outbox; it is written with all that the transaction writes."""
        self._session.add(message)
        return message

    def cancel(self, key_prefix: str) -> None:
        """Cancel what has not been sent yet among the messages whose keys begin with `key_prefix`.

        What is on its way may arrive all the same; it is not sent a second time.
        """
        named = OutboxMessage.key.startswith(key_prefix, autoescape=True)
        for state, values in (
            (OutboxState.DUE, {"state": OutboxState.CANCELLED}),
            (OutboxState.SENDING, {"revoked": True}),
        ):
            self._session.execute(update(OutboxMessage).where(named, OutboxMessage.state == state).values(**values))

    def hush(self, talk: TalkKey, row_id: int, words: Sequence[str], since: datetime, instead: str) -> list[str]:
        """Forget what somebody said in a talk since then that holds one of `words`, and the message `row_id`.

        `instead` stands in its place. What was written back and repeats it goes too. Gives the forgotten texts.
        """
        own = select(InboxMessage).where(
            InboxMessage.channel == talk.channel,
            InboxMessage.account == talk.account,
            InboxMessage.chat == talk.chat,
            InboxMessage.sender == talk.sender,
            InboxMessage.received_at >= since,
            # What came later waits to be worked.
            InboxMessage.id <= row_id,
        )
        found = self._session.scalars(own).all()
        rows = [row for row in found if row.id == row_id or any(word in row.text for word in words)]
        said = [row.text for row in rows]
        for row in rows:
            row.text, row.payload, row.attachments = instead, None, []
        back = select(OutboxMessage).where(OutboxMessage.cause_id.in_([row.id for row in rows]))
        for message in self._session.scalars(back):
            if any(word in message.text for word in said if word):
                # What repeats the words (「您是说……」) repeats the choice.
                message.text, message.choices = instead, []
        self._session.flush()
        return said

    def rewrite(self, inbox_ids: Sequence[int], hidden: Callable[[str], str]) -> None:
        """Keep of the texts of messages, and of what was written back to them, what `hidden` gives."""
        asked = self._session.scalars(select(InboxMessage).where(InboxMessage.id.in_(inbox_ids)))
        back = self._session.scalars(select(OutboxMessage).where(OutboxMessage.cause_id.in_(inbox_ids)))
        for row in (*asked, *back):
            row.text = hidden(row.text)

    def last_to(self, talk: TalkKey, person_id: int) -> OutboxMessage | None:
        """The last message that was written to this person in this chat."""
        return self._session.scalars(_LAST_TO, {**talk._asdict(), "person_id": person_id}).first()

    def cases_spoken_of(self, talk: TalkKey, person_id: int, since: datetime | None = None) -> list[int]:
        """The ids of the cases about which the last messages to this person in this chat were, the last one first."""
        wanted = select(OutboxMessage.about).where(
            OutboxMessage.channel == talk.channel,
            OutboxMessage.account == talk.account,
            OutboxMessage.chat == talk.chat,
            OutboxMessage.person_id == person_id,
            OutboxMessage.about.is_not(None),
            *([OutboxMessage.due_at >= since] if since is not None else []),
        )
        found = self._session.scalars(wanted.order_by(OutboxMessage.id.desc()).limit(LAST_MESSAGES))
        return list(dict.fromkeys(about for about in found if about is not None))

    def answered(self, talk: TalkKey, reply_to: str) -> OutboxMessage | None:
        """The message of ours in that chat which `reply_to` names: by its key, or as its platform calls it."""
        wanted = select(OutboxMessage).where(
            OutboxMessage.channel == talk.channel,
            OutboxMessage.account == talk.account,
            OutboxMessage.chat == talk.chat,
            or_(OutboxMessage.key == reply_to, OutboxMessage.platform_id == reply_to),
        )
        return self._session.scalars(wanted.order_by(OutboxMessage.id.desc()).limit(1)).first()
