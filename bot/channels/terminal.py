"""The terminal: one person talks, and everything written to them is printed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from bot.channels.channel import Channel, Outgoing, with_menu
from handlers.turn import Inbound

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

MENTIONS = ("@小助手", "@gridbot")


class Terminal(Channel):
    """One person at a terminal, who may stand in the private talk or in the group.

    What a crash left is printed again: the one reader saw the crash too.
    """

    name = "terminal"
    account = "terminal"
    knows_keys = True

    def __init__(self, show: Callable[[str, str], None]) -> None:
        """`show` is called with the chat and the text of every message."""
        self._show = show

    def show_with(self, show: Callable[[str, str], None]) -> None:
        """Show what comes from now on differently."""
        self._show = show

    async def send(self, message: Outgoing) -> None:
        """Print it; a menu takes the place of buttons."""
        self._show(message.chat, with_menu(message.text, message.buttons))


def as_inbound(sender: str, text: str, now: datetime, *, in_group: bool) -> Inbound:
    """What somebody typed."""
    addressed = not in_group or any(mention in text for mention in MENTIONS)
    # Bytes that are no UTF-8 arrive as half characters, which no database takes.
    text = text.encode(errors="replace").decode()
    for mention in MENTIONS:
        text = text.replace(mention, "")
    return Inbound(
        channel=Terminal.name,
        account=Terminal.account,
        message_id=uuid.uuid4().hex,
        chat="group" if in_group else f"p:{sender}",
        sender=sender,
        text=text.strip(),
        sent_at=now,
        in_group=in_group,
        addressed=addressed,
        private_chat=f"p:{sender}",
    )
