"""A form as its feature writes it: what it needs, how each thing is asked for and read, and what is done with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from handlers.forms import replies
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from handlers.turn import Attachment, Desk, Reply, Turn
    from nlu.answers import Correction
    from nlu.understanding import Understanding

Values = dict[str, Any]

SMALL_TALK = frozenset(
    {Intent.AFFIRM, Intent.DENY, Intent.CANCEL, Intent.OUT_OF_SCOPE, Intent.THANKS, Intent.GREET, Intent.GOODBYE}
)
"""What means nothing but in its place; it never leads away from a form."""

UNKNOWN = ""
"""The value of a slot whose question was answered with 「说不清」 or with words that hold no value."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message as a slot reads it.

    `now` is when it was sent; `meant` is false for words in a group that were not addressed to the bot, which answer a
    question only where they are sure to.
    """

    text: str
    understanding: Understanding
    attachments: tuple[Attachment, ...]
    now: datetime
    meant: bool = True


def _nothing(_said: Said) -> Any:
    return None


def _replace(_old: Any, new: Any) -> Any:
    return new


def _keep_all(_desk: Desk, values: Values) -> Values:
    return values


def _is_there(value: Any) -> bool:
    return value is not None


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing that a form needs; every value is JSON.

    `ask` gives the question. `read` takes an answer to it that is sure to be one, `accept` one that may be anything,
    `find` what any message says about it unasked; each gives None for nothing. `merge` joins a corrected or further
    value to the old one, `part` takes what can only belong to the value, whatever was asked (4单元 to the place), and
    `complete` says whether a value is all that is needed. `beside` gives the words of an
    answer that are not its value and may belong to the story. `called` are the words by which
    people name it when they change it (「地点改成……」). `greedy` marks a `find` that takes whatever is left of the
    first message, and is not asked later.
    """

    name: str
    ask: Callable[[Values], Reply]
    read: Callable[[Said], Any] = _nothing
    accept: Callable[[Said], Any] = _nothing
    find: Callable[[Said], Any] = _nothing
    merge: Callable[[Any, Any], Any] = _replace
    needed: Callable[[Values], bool] = lambda _values: True
    complete: Callable[[Any], bool] = _is_there
    beside: Callable[[Said], str] = lambda _said: ""
    called: tuple[str, ...] = ()
    greedy: bool = False
    part: Callable[[Said], Any] = _nothing


@dataclass(frozen=True, slots=True)
class Form:
    """A form of one intent; without `read_back` it is done as soon as nothing is missing.

    `owns` are the intents that it does not take for something else, `story` takes words that fit nowhere else and
    everything said with one of the intents `tells`, `words` are the values that hold the person's own words, in which a
    correction is carried through, and `context` adds to the values what the turn knows. `ahead` answers a message
    before it is read as an answer, or gives None; `takes_all` says that what cannot be read tells more, `leaves` that a
    message surely is of something else, whatever could be read out of it. `left` answers whoever stops,
    `refused` whoever says no to what was read back, `about` is what the person calls it when the bot asks about it
    later (without it nobody is asked), `corrects` puts right what is no slot, and `forget` gives the values that may
    still be kept once the form was left or has lapsed.
    """

    name: str
    intent: Intent
    slots: tuple[Slot, ...]
    read_back: Callable[[Values], Reply] | None
    finish: Callable[[Turn, Values], Reply]
    owns: frozenset[Intent] = frozenset()
    story: Callable[[Values, Said], None] | None = None
    tells: frozenset[Intent] = frozenset()
    words: tuple[str, ...] = ()
    context: Callable[[Turn, Values], None] = field(default=lambda _turn, _values: None)
    ahead: Callable[[Turn], Reply | None] = field(default=lambda _turn: None)
    takes_all: bool = False
    leaves: Callable[[Turn], bool] = field(default=lambda _turn: False)
    left: Callable[[], Reply] = replies.cancelled
    refused: Callable[[], Reply] = replies.not_done
    about: Callable[[Values], str] | None = None
    corrects: Callable[[Values, Correction], Values | None] = field(default=lambda _values, _correction: None)
    forget: Callable[[Desk, Values], Values] = _keep_all

    @property
    def mine(self) -> frozenset[Intent]:
        """The intents that answer the form."""
        return self.owns | {self.intent}


def said_in(turn: Turn) -> Said:
    """The message of a turn as slots read it."""
    return Said(turn.text, turn.understanding, turn.message.attachments, turn.message.sent_at, turn.meant)
