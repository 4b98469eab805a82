"""Calling off an emergency: its reporter says that it is over, and confirms it; then all who were alarmed hear it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import forms
from handlers.cases import filing, finding, meant
from handlers.cases.replies import emergency as replies
from handlers.cases.replies import hidden
from handlers.forms import Form, Values
from nlu.emergencies import says_over
from nlu.understanding import Intent

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.cases import Case

ACTION = "call_off"
"""What the history of a case calls it."""

MOVED = "move"
"""What it calls a place that turns out to be in another area; the note is the name of the area before."""

NOT_BY_WORD_ALONE = frozenset({"self_harm", "violence"})
"""Who is threatened may be made to say that nothing is the matter, and who means to die says so to be left alone."""


def ask(turn: Turn, case: Case) -> Reply | None:
    """The question whether it is over, where the words say so; None where they do not."""
    if not says_over(turn.text):
        return None
    turn.meant = True
    return forms.begin(turn, CALL_OFF, {"case": case.id, "words": turn.text.strip()})


def drop(turn: Turn) -> None:
    """Leave the question open no longer: there is danger, whatever was said before."""
    form = turn.talk.form
    if form is not None and form["name"] == CALL_OFF.name:
        turn.talk.form, turn.talk.choices = form["under"], []


def is_called_off(case: Case) -> bool:
    """Whether its reporter has said that it is over."""
    return any(event.action == ACTION for event in case.history)


def silences(case: Case) -> bool:
    """Whether the alarm need not be repeated until a human takes it on.

    The reporter's word is enough where a thing was dangerous, and not where somebody was, to others or to themselves. A
    case that was called off stays open, with those words in its history, until whoever answers for it closes it.
    """
    return is_called_off(case) and case.category not in NOT_BY_WORD_ALONE


def _again(turn: Turn) -> Reply | None:
    """Whoever says once more that it is over has answered."""
    if not says_over(turn.text) or turn.talk.form is None:
        return None
    values = turn.talk.form["values"]
    drop(turn)
    return _call_off(turn, values)


def _call_off(turn: Turn, values: Values) -> Reply:
    case = finding.own_by_id(turn, values["case"])
    case.note(turn.by, ACTION, hidden.words(case, values["words"]))
    form = turn.talk.form
    if form is not None and form["values"].get("case") == case.id:
        # Its open questions are answered with that.
        turn.talk.form = form["under"]
    silent = silences(case)
    # Before the place was known, those who answer for the reporter's home were alarmed, or for where it was said to be.
    before = {event.note for event in case.history if event.action == MOVED}
    tree = turn.work.areas.below(turn.work.areas.community_of(case.area)) if before else ()
    elsewhere = [turn.person.area, *(area for area in tree if area.name in before)]
    filing.alarm(turn, case, replies.alert_over(case, values["words"], silent=silent), elsewhere)
    return replies.called_off(case, silent=silent)


def _is_left(turn: Turn) -> bool:
    """Whether the answer is about another case, so that this question waits."""
    form = turn.talk.form
    return form is not None and meant.of_another(turn, finding.own_by_id(turn, form["values"]["case"]))


def _read_back(_values: Values) -> Reply:
    return replies.confirm_over()


CALL_OFF = Form(
    "call_off",
    Intent.REPORT_EMERGENCY,
    (),
    _read_back,
    _call_off,
    ahead=_again,
    leaves=_is_left,
    left=replies.alarm_stands,
    refused=replies.alarm_goes_on,
)
