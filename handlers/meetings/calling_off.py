"""Calling a vote off while it is open: its votes are forgotten, and those who might vote are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import forms
from handlers.errors import Refusal
from handlers.forms import Form, Values
from handlers.meetings import ballots, vote_replies
from nlu import votes as words
from nlu.understanding import Intent
from storage.people import ADMINS

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.votes import Ballot


def take_back(turn: Turn) -> Reply | None:
    """Call a vote off, or say that it cannot be changed; None for anything else, and for whoever answers for none."""
    wants = words.calls_off(turn.text) or words.changes(turn.text)
    if not wants or turn.message.in_group or turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return None
    managed = turn.work.votes.managed(turn.person, ADMINS)
    if not managed:
        return None
    if not words.calls_off(turn.text):
        raise Refusal(vote_replies.cannot_change())
    number = words.number_in(turn.text)
    meant = [each for each in managed if number is None or each.id == number]
    if len(meant) != 1:
        raise Refusal(vote_replies.nothing_to_call_off())
    return forms.begin(turn, CALLING_OFF, {"ballot": meant[0].id, "question": meant[0].question})


def _note_votes(turn: Turn, values: Values) -> None:
    values["votes"] = turn.work.votes.turnout(_still_open(turn, values))


def _still_open(turn: Turn, values: Values) -> Ballot:
    managed = turn.work.votes.managed(turn.person, ADMINS)
    found = next((each for each in managed if each.id == values["ballot"]), None)
    locked = turn.work.votes.lock(found) if found is not None else None
    if locked is None or locked.closed_at is not None:
        raise Refusal(vote_replies.nothing_to_call_off(), final=True)
    return locked


def _call_off(turn: Turn, values: Values) -> Reply:
    ballot = _still_open(turn, values)
    was_open = ballot.opened_at is not None
    turn.work.messages.cancel(f"ballot:{ballot.id}:")
    turn.work.votes.call_off(ballot, turn.now)
    people = ballots.audience(turn, ballot) if was_open else []
    others = [person for person in people if person.id != turn.person.id]
    return vote_replies.called_off(ballots.tell(turn, ballot, "called_off", others, vote_replies.is_called_off(ballot)))


CALLING_OFF = Form(
    "call_vote_off",
    Intent.VOTE,
    (),
    vote_replies.confirm_calling_off,
    _call_off,
    context=_note_votes,
    about=vote_replies.about_calling_off,
)
FORMS = (CALLING_OFF,)
