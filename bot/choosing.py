"""Choosing: what was pressed, or meant by a number, a label or a bare yes or no, of what was last offered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.turn import Choice
from nlu import answers
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handlers.turn import Inbound
    from storage.messages import OutboxMessage

LONGEST_ASSENT = 4
"""Characters that may follow a yes or no to what was offered (「要得，我参加」); more than that says something new."""


def chosen_by(message: Inbound, of_form: Sequence[str] | None, last: OutboxMessage | None) -> Choice | None:
    """The choice that `message` makes: of those of the open form, or else of those of the bot's last message."""
    if message.payload is not None:
        return Choice.from_payload(message.payload)
    if of_form is not None:
        return _by_number(_choices(of_form), message.text)
    if last is None:
        return None
    offered = _choices(choice["payload"] for choice in last.choices)
    labels = [choice["label"] for choice in last.choices]
    asked = _choices(choice["payload"] for choice in last.choices if not choice.get("beside"))
    return (
        _by_number(offered, message.text)
        or _by_label(offered, labels, message.text)
        or _by_yes_or_no(asked, message.text)
    )


def _choices(payloads: Iterable[str]) -> list[Choice]:
    return [choice for choice in map(Choice.from_payload, payloads) if choice is not None]


def _by_number(offered: Sequence[Choice], text: str) -> Choice | None:
    number = answers.read_number(text)
    return offered[number - 1] if number is not None and 1 <= number <= len(offered) else None


def _by_label(offered: Sequence[Choice], labels: Sequence[str], text: str) -> Choice | None:
    for label, choice in zip(labels, offered, strict=False):
        name, bracket, _ = label.partition("（")
        if bracket and text.strip(" 。.") == name:
            # 「刘志刚」 chooses 「刘志刚（3网格网格员）」, where no other is called so.
            alike = [other for other in labels if other.startswith(f"{name}（")]
            return choice if len(alike) == 1 else None
        said, rest = text[: len(label)], text[len(label) :]
        if said == label and not rest[:1].isalnum():
            return _with(choice, rest)
    return None


def _by_yes_or_no(offered: Sequence[Choice], text: str) -> Choice | None:
    """The choice that stands for a yes or a no; what is offered alone is what a yes means."""
    answer = answers.read_yes_no(text)
    if answer is None or len(answer.rest) > LONGEST_ASSENT:
        return None
    if answer.yes and len(offered) == 1:
        return _with(offered[0], answer.rest)
    meant = next((choice for choice in offered if choice.is_yes is answer.yes), None)
    return _with(meant, answer.rest) if meant else None


def _with(choice: Choice, rest: str) -> Choice | None:
    """The choice with what was said beside it (「没解决，今天又打」); 「都不是，我想……」 says something new instead."""
    rest = rest.strip(" ，,。；;！!")
    if rest and choice.intent is Intent.OUT_OF_SCOPE:
        return None
    return replace(choice, says=f"{choice.says or choice.label}，{rest}") if rest else choice
