"""The built-in web chat as a channel: its chats, what a posted message means there, and waking whoever reads along."""

from __future__ import annotations

import asyncio
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.channels.channel import Channel, Outgoing
from handlers.turn import Attachment, AttachmentKind, Inbound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

NAME = "web"
GROUP = "group"
MENTION = "@小助手"

LOOK_AFTER = (0.03, 0.2, 0.8)
"""Seconds after `send` at which readers look: the outbox row is marked as sent only once `send` has returned."""

# A sign inside an address such as office@gridbot.cn names nobody here.
_MENTIONS = re.compile(
    r"[@＠](?:网格)?小助手|(?<![A-Za-z0-9._%+-])[@＠]gridbot(?![A-Za-z0-9_]|\.[A-Za-z])", re.IGNORECASE
)
_SPACES = " \t\u2005\u3000"


def private_chat_of(sender: str) -> str:
    """The chat in which `sender` is alone with the bot."""
    return f"p:{sender}"


def as_inbound(
    sender: str,
    *,
    in_group: bool,
    message_id: str,
    text: str,
    payload: str | None,
    now: datetime,
    photos: Sequence[str] = (),
    reply_to: str | None = None,
    device: str | None = None,
) -> Inbound:
    """A posted message; `message_id` is the page's own id of it, unique for this sender and chat, `photos` are names
    under which photos are kept.

    `reply_to` is the key of the message of ours that it answers, `device` a hash of the browser's own id.

    In the group a message speaks to the bot when it mentions it or presses a button; the mention is taken out.
    """
    said, mentioned = without_mention(text) if in_group else (text, False)
    private = private_chat_of(sender)
    return Inbound(
        channel=NAME,
        account=NAME,
        message_id=f"{sender}/{'g' if in_group else 'p'}/{message_id}",
        chat=GROUP if in_group else private,
        sender=sender,
        text=said,
        sent_at=now,
        attachments=tuple(Attachment(AttachmentKind.PHOTO, name) for name in photos),
        payload=payload,
        in_group=in_group,
        addressed=not in_group or mentioned or payload is not None or reply_to is not None,
        private_chat=private,
        reply_to=reply_to,
        device=device,
    )


def posted_id(message_id: str) -> str:
    """The page's own id of a message, from the id under which it was stored."""
    return message_id.rsplit("/", 1)[-1]


def without_mention(text: str) -> tuple[str, bool]:
    """The text without the names that speak to the bot, and whether there were any."""
    parts = _MENTIONS.split(text)
    if len(parts) == 1:
        return text, False
    first, *others = parts
    kept = [first.strip(_SPACES), *(part.strip(_SPACES).lstrip("，,：:") for part in others)]
    return " ".join(part for part in kept if part).strip(), True


class WebChat(Channel):
    """The channel of the web chat.

    Nothing is transmitted: the page reads from the database what was sent (bot/channels/transcript.py). All methods
    are to be called on the event loop.
    """

    name = NAME
    account = NAME
    knows_keys = True

    def __init__(self) -> None:
        self._readers: dict[str, set[asyncio.Event]] = {}
        self.closed = False

    @property
    def readers(self) -> int:
        """How many streams are open."""
        return len({id(reader) for readers in self._readers.values() for reader in readers})

    async def send(self, message: Outgoing) -> None:
        """Have the open streams of the chat look for the message; it never fails."""
        loop = asyncio.get_running_loop()
        for seconds in LOOK_AFTER:
            loop.call_later(seconds, self.wake, message.chat)

    def is_group(self, chat: str) -> bool:
        """There is one group."""
        return chat == GROUP

    def wake(self, chat: str) -> None:
        """Have the open streams of a chat look for what is new."""
        for reader in self._readers.get(chat, ()):
            reader.set()

    def close(self) -> None:
        """End all streams, so that a server that waits for its connections can stop."""
        self.closed = True
        for chat in self._readers:
            self.wake(chat)

    @contextmanager
    def reading(self, chats: Iterable[str]) -> Iterator[asyncio.Event]:
        """An event that is set whenever there may be something new in one of `chats`, while the block lasts."""
        reader = asyncio.Event()
        wanted = tuple(chats)
        for chat in wanted:
            self._readers.setdefault(chat, set()).add(reader)
        try:
            yield reader
        finally:
            for chat in wanted:
                self._readers[chat].discard(reader)
                if not self._readers[chat]:
                    del self._readers[chat]
