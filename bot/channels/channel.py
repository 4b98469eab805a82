"""What every channel can do, and how sending fails."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
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


class Failure(Enum):
    """What a failed call means for what comes after it."""

    PERSON = auto()
    """This person cannot be reached here any more: they blocked the bot, left, or never were there."""
    MESSAGE = auto()
    """The platform will never take this message: it is too long, or of a kind that it does not know."""
    LANE = auto()
    """The account may send nothing for now: its token is refused, its quota used up."""
    AGAIN = auto()
    """The platform did not take it this time."""
    UNKNOWN = auto()
    """Nobody can tell whether the platform took it."""


class ChannelError(Exception):
    """Sending failed, and what that means; `after` is how many seconds the platform asks to wait."""

    def __init__(self, reason: str, failure: Failure, *, after: float | None = None) -> None:
        super().__init__(reason)
        self.failure = failure
        self.after = after


class Channel(Protocol):
    """One account on one platform.

    `knows_keys` says that a message may be sent again under its key without anybody getting it twice.
    """

    name: str
    account: str
    knows_keys: bool = False

    async def send(self, message: Outgoing) -> str | None:
        """Send one message; returns when the platform has taken it, raises ChannelError when it has not.

        What it returns is what the platform calls the message, where that tells: whoever answers it names it so. Any
        other exception, and no answer in time, leave open whether the platform took it.
        """

    def is_group(self, chat: str) -> bool:  # noqa: ARG002
        """Whether several people read along in a chat: platforms let a bot speak less often there."""
        return False


def with_menu(text: str, buttons: tuple[Button, ...]) -> str:
    """The text with its buttons as a numbered menu, for channels and people without buttons."""
    if not buttons:
        return text
    menu = "\n".join(f"{number}. {button.label}" for number, button in enumerate(buttons, start=1))
    return f"{text}\n{menu}"
