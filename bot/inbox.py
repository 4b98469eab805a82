"""The inbox: a message is stored before anyone is told that it arrived, and what a crash left is taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.turn import Attachment, Inbound
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.clock import Clock
    from storage.database import Database
    from storage.messages import InboxMessage, TalkKey

LONGEST_STORED = 100_000
"""Characters of one message that are kept; what is longer is no message of a person."""


class Inbox:
    """Where messages arrive."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def receive(self, message: Inbound) -> bool:
        """Store and commit a message; False when the same message was stored before.

        When this returns, the platform may be told that the message arrived.
        """
        values = {
            "channel": message.channel,
            "account": message.account,
            "message_id": message.message_id,
            "chat": message.chat,
            "sender": message.sender,
            "text": message.text.replace("\x00", "")[:LONGEST_STORED],
            "attachments": [attachment.row for attachment in message.attachments],
            "payload": message.payload,
            "private_chat": message.private_chat,
            "in_group": message.in_group,
            "addressed": message.addressed,
            "edited": message.edited,
            "reply_to": message.reply_to,
            "device": message.device,
            "sent_at": message.sent_at,
            "received_at": self._clock(),
            "state": "stored",
            "attempts": 0,
        }
        with UnitOfWork(self._database) as work:
            stored = work.messages.receive(values)
            work.commit()
        return stored is not None

    def left_over(self, older_than: timedelta) -> list[TalkKey]:
        """The talks in which a message has waited for longer than this: those that a crash interrupted."""
        with UnitOfWork(self._database, read_only=True) as work:
            return work.messages.waiting_talks(self._clock() - older_than)


def as_inbound(row: InboxMessage) -> Inbound:
    """The message as it came in, from its row."""
    return Inbound(
        channel=row.channel,
        account=row.account,
        message_id=row.message_id,
        chat=row.chat,
        sender=row.sender,
        text=row.text,
        sent_at=row.sent_at,
        attachments=tuple(Attachment.from_row(value) for value in row.attachments),
        payload=row.payload,
        in_group=row.in_group,
        addressed=row.addressed,
        edited=row.edited,
        private_chat=row.private_chat,
        reply_to=row.reply_to,
        device=row.device,
    )
