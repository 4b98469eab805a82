"""What every channel can do, and how sending fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: `payload` comes back when it is pressed."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for a chat; `key` stays the same when it is sent again, for platforms that know such keys."""

    key: str
    chat: str
    text: str
    buttons: tuple[Button, ...] = ()


class ChannelError(Exception):
    """Sending failed; a permanent failure is not tried again. `after` is how many seconds the platform asks to wait."""

    def __init__(self, reason: str, *, permanent: bool, after: float | None = None) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.after = after


class Channel(Protocol):
    """One account on one platform."""

    name: str
    account: str

    async def send(self, message: Outgoing) -> str | None:
        """Send one message; returns when the platform has taken it, raises ChannelError when it has not.

        What it returns is what the platform calls the message, where that tells: whoever answers it names it so.
        """


def with_menu(text: str, buttons: tuple[Button, ...]) -> str:
    """The text with its buttons as a numbered menu, for channels and people without buttons."""
    if not buttons:
        return text
    menu = "\n".join(f"{number}. {button.label}" for number, button in enumerate(buttons, start=1))
    return f"{text}\n{menu}"
