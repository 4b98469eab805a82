"""Messages that the bot was not sure to understand: masked, without their speaker, for an admin to label or to drop."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base, BigId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class UnsureState(StrEnum):
    """What became of an unsure message: it waits for an admin, who labels or drops it."""

    WAITING = "waiting"
    LABELLED = "labelled"
    DROPPED = "dropped"


class UnsureMessage(Base):
    """One message; `ranking` holds the likeliest intents with their confidence, best first.

    `chosen` is what its speaker chose when asked, `label` what an admin says that it means. Nothing leads
    from it to a person; a talk remembers which one it was asked about until its person writes again.
    """

    __tablename__ = "unsure"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    ranking: Mapped[list[Any]]
    chosen: Mapped[str | None] = mapped_column(String(32))
    label: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[UnsureState] = mapped_column(default=UnsureState.WAITING, index=True)
    heard_at: Mapped[datetime] = mapped_column(index=True)


class UnsureStore:
    """Unsure messages by their state."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, masked: str, ranking: Sequence[tuple[str, float]], now: datetime) -> UnsureMessage:
        """Keep a message in which nobody is named and everything personal masked."""
        kept = [[str(intent), round(confidence, 4)] for intent, confidence in ranking]
        message = UnsureMessage(text=masked, ranking=kept, heard_at=now)
        self._session.add(message)
        self._session.flush()
        return message

    def get(self, message_id: int) -> UnsureMessage | None:
        """The message with this id, or None: it may have been forgotten since."""
        return self._session.get(UnsureMessage, message_id)

    def in_state(self, state: UnsureState) -> Sequence[UnsureMessage]:
        """The messages in `state`, the oldest first."""
        wanted = select(UnsureMessage).where(UnsureMessage.state == state)
        return self._session.scalars(wanted.order_by(UnsureMessage.id)).all()

    def label(self, message: UnsureMessage, intent: str) -> None:
        """Note what the message means; labelling it again replaces the label."""
        message.state, message.label = UnsureState.LABELLED, intent

    def drop(self, message: UnsureMessage) -> None:
        """Give up a message: what it said is forgotten, that it was unsure still counts."""
        message.state, message.label, message.text = UnsureState.DROPPED, None, ""

    def forget(self, texts: Sequence[str], now: datetime) -> None:
        """Forget the messages that say one of `texts`, and what was heard at this very moment."""
        wanted = select(UnsureMessage).where(UnsureMessage.text.in_(texts) | (UnsureMessage.heard_at == now))
        for message in self._session.scalars(wanted).all():
            self._session.delete(message)
        self._session.flush()
