"""Answering: every wish of a message acts in turn, and one reply answers them all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING

from handlers import forms
from handlers.talk import replies
from handlers.turn import Choice, Reply
from nlu.understanding import Intent
from nlu.wishes import intents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.acting import Actor
    from bot.hearing import Heard
    from handlers.turn import Turn
    from nlu.understanding import Understanding


def answer_all(actor: Actor, turn: Turn, heard: Heard) -> Reply | None:
    """The answer to all wishes of a message, and to those that waited for a form which it has completed.

    While a form is open, what only asks for something is answered at once, and the rest is put off until it is done.
    A message that was taken as a whole holds no further wishes. Beside an alarm nothing else is answered: it is offered
    after it, for when there is time.
    """
    first = _answer_spoken(actor, turn, heard)
    answered = _Answered(turn, goes_on=turn.talk.form is not None)
    reply = actor.answer(turn, heard)
    if (turn.talk.topic.get("voice") or {}).get("message") == heard.row_id:
        # Nothing of it counts until its transcript is confirmed as a whole.
        return reply if first is None or reply is None else first.followed_by(reply)
    answered.take(reply)
    if turn.whole:
        return answered.reply(heard)
    if heard.understanding.intent is Intent.REPORT_EMERGENCY:
        return _then_offered(turn, answered.reply(heard), heard.further)
    for wish in (*(heard.put_off if turn.due else ()), *heard.further):
        if turn.talk.form is not None and wish.intent not in intents("questions"):
            answered.put_off(wish)
        else:
            beside = replace(turn, understanding=wish, message=replace(turn.message, attachments=()), due=())
            answered.take(actor.answer_beside(beside, replace(heard, understanding=wish)))
    reply = answered.reply(heard)
    # What goes on with a form that the voice message began answers its question already.
    return reply if first is None or (reply is not None and answered.goes_on) else first.followed_by(reply)


def _answer_spoken(actor: Actor, turn: Turn, heard: Heard) -> Reply | None:
    """Let the voice message act whose transcript was read back, where its speaker simply goes on talking."""
    voice = heard.voice
    if voice is None or voice.is_right is not None or heard.understanding.intent is Intent.REPORT_EMERGENCY:
        return None
    confirmed = replace(heard, chosen=None, further=(), put_off=(), doubt=None, voice=replace(voice, is_right=True))
    before = replace(turn, key=f"{turn.key}:voice", message=voice.spoken, understanding=voice.meant, due=())
    return actor.answer(before, confirmed)


def _then_offered(turn: Turn, reply: Reply | None, further: Sequence[Understanding]) -> Reply | None:
    """The alarm and its question, and behind them what else was wished for, to be pressed or named by its number."""
    if reply is None or not further:
        return reply
    offered = tuple(Choice(_label(turn, wish), wish.intent, wish.text, beside=True) for wish in further)
    if turn.talk.form is not None:
        turn.talk.choices = [*turn.talk.choices, *(choice.payload for choice in offered)]
    first = len(reply.choices) + 1
    said = Reply(replies.once_it_is_safe([choice.label for choice in offered], first), (*reply.choices, *offered))
    return reply.followed_by(said)


@dataclass(slots=True)
class _Answered:
    """What was said so far. The question of an open form is said last; `goes_on` if the form was open before."""

    turn: Turn
    goes_on: bool
    answers: list[Reply] = field(default_factory=list)
    question: Reply | None = None
    waiting: list[str] = field(default_factory=list)

    def take(self, reply: Reply | None) -> None:
        """Add the answer to one wish."""
        if reply is None:
            return
        if self.question is None and self.turn.talk.form is not None:
            self.question = reply
        else:
            self.answers.append(reply)

    def put_off(self, wish: Understanding) -> None:
        """Keep a wish until the open form is done."""
        label = _label(self.turn, wish)
        forms.put_off(self.turn, label, wish)
        self.waiting.append(label)

    def reply(self, heard: Heard) -> Reply | None:
        """Everything in one reply."""
        said = [*self.answers, *([self.question] if self.question else [])]
        if self.waiting:
            first = None if self.goes_on else _label(self.turn, heard.understanding)
            said.insert(len(self.answers), Reply(replies.one_by_one(first, self.waiting)))
        return reduce(Reply.followed_by, said) if said else None


def _label(turn: Turn, wish: Understanding) -> str:
    """What the bot calls a wish: in a group, where others read along, by its kind alone."""
    return replies.label_of(wish.intent, None if turn.message.in_group else wish)
