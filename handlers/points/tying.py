"""Household ties: staff note that two people are of one household, so that neither decides about the other's points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import forms
from handlers.approving import APPROVERS, is_independent
from handlers.errors import Refusal
from handlers.forms import Form
from handlers.points import tying_replies as replies
from handlers.points.whom import person_called
from nlu import points_words
from nlu.understanding import Intent

if TYPE_CHECKING:
    from handlers.forms import Values
    from handlers.turn import Reply, Turn


def hear(turn: Turn) -> Reply | None:
    """Hear that two people are of one household, or are not; None for anything else."""
    said = points_words.tie(turn.text)
    if said is None or turn.message.in_group or not turn.person.roles & APPROVERS:
        return None
    name, other, is_one = said
    people = [turn.person if each == "我" else person_called(turn, each) for each in (name, other)]
    if None in people or people[0] is people[1]:
        return None
    first, second = (each for each in people if each is not None)
    values = {"first": first.id, "second": second.id, "names": [first.name, second.name], "is_one": is_one}
    if not is_one and not is_independent(turn.work, turn.person, [first, second]):
        # To end a tie opens a way to points: nobody does so for their own household.
        raise Refusal(replies.not_ones_own())
    return forms.begin(turn, TIE, values)


def _tie(turn: Turn, values: Values) -> Reply:
    first, second = (turn.work.people.get(values[key]) for key in ("first", "second"))
    change = turn.work.ties.tie if values["is_one"] else turn.work.ties.untie
    if not change(first, second, turn.by):
        raise Refusal(replies.nothing_to_change(values), final=True)
    turn.tell_all([each for each in (first, second) if each.id != turn.person.id], replies.you_were_tied(values))
    return replies.tied(values)


TIE = Form("household_tie", Intent.CHECK_POINTS, (), replies.confirm, _tie, about=replies.about)
FORMS = (TIE,)
