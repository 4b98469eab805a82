"""Doubts: what the bot was unsure of is kept for an admin to look at, and asked about, never twice in a row."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from handlers.talk import replies, rules
from handlers.turn import Choice
from nlu import answers
from nlu.nameless import nameless
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.hearing import Heard
    from handlers.turn import Reply, Turn
    from storage.unsure import UnsureMessage

LONGEST_KEPT = 300
"""Characters of an unsure message that are kept; what was meant shows in fewer."""

RANKED = 3


def note(turn: Turn, heard: Heard) -> UnsureMessage | None:
    """Keep what the bot is unsure of, and what is chosen after it asked; the message that it may ask about now.

    Nothing is kept of what answers a form, nor of what people say to each other in a group.
    """
    asked_before = turn.talk.topic.get("asked") is not None
    turn.talk.remember(asked=None)
    if heard.doubt is not None and (answered := turn.work.unsure.get(heard.doubt)) is not None:
        answered.chosen = turn.understanding.intent
    is_answer = heard.chosen is not None or turn.talk.form is not None
    if is_answer or heard.further or turn.is_overheard or not rules.is_unsure(turn.understanding):
        return None
    likeliest = turn.understanding.ranking[:RANKED]
    masked = nameless(turn.understanding.text, turn.understanding.entities)
    unsure = turn.work.unsure.add(masked[:LONGEST_KEPT], likeliest, turn.now)
    return None if asked_before else unsure


def ask(turn: Turn, heard: Heard, unsure: UnsureMessage, may: Callable[[Turn, Intent], bool]) -> Reply | None:
    """Offer what may have been meant; None where asking helps nobody, and what is left to do is done."""
    if answers.read_yes_no(turn.text) == answers.YesNo(True):
        # A bare yes to nothing names nothing that could be offered.
        turn.understanding = replace(turn.understanding, intent=Intent.AFFIRM)
        return None
    doubt = rules.doubt(turn.understanding, partial(may, turn))
    if doubt.only is not None:
        turn.understanding = replace(turn.understanding, intent=doubt.only)
    if not doubt.offered:
        return None
    turn.talk.remember(asked={"message": heard.row_id, "unsure": unsure.id})
    # Others read along in a group: there the bot names the kind of thing alone.
    said = None if turn.message.in_group else turn.understanding
    offered = [Choice(replies.label_of(intent, said), intent, turn.text) for intent in doubt.offered]
    return replies.did_you_mean(offered, turn.text)
