"""The talk around a form: its questions in order across messages, stopping, and being done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.errors import Refusal
from handlers.forms import replies
from handlers.forms.filling import is_answered, keep_attachments, save, state_of, tell_story, with_found
from handlers.forms.form import said_in
from handlers.forms.meaning import SURE, Means, at_confirmation, at_question
from handlers.turn import Choice, Reply
from nlu import answers
from nlu.understanding import Intent

if TYPE_CHECKING:
    from handlers.forms.form import Form, Said, Values
    from handlers.forms.meaning import Meaning
    from handlers.turn import Turn
    from storage.talks import Talk

CONFIRM = "confirm"

SURE_TO_STOP = 0.8
"""From this confidence on, a short message that tells no story stops the form, whatever its words."""

_COURTESIES = frozenset({Intent.GREET, Intent.THANKS, Intent.GOODBYE})
"""What answers no question and needs no telling off."""

LONGEST_STOP = 20
"""Characters of such a message."""


def begin(turn: Turn, form: Form, values: Values | None = None) -> Reply:
    """Begin `form` with what is known, take from the message all that it holds, and ask for the rest.

    A form that was open waits underneath and comes back when this one is done.
    """
    turn.talk.form = {
        "name": form.name,
        "values": values or {},
        "asking": "",
        "tries": 0,
        "at": turn.now.isoformat(),
        "under": turn.talk.form,
        "then": [],
    }
    said = said_in(turn)
    keep_attachments(turn, form, said)
    save(turn, values=with_found(form, state_of(turn)["values"], said))
    return go_on(turn, form)


def carry_on(turn: Turn, form: Form) -> Reply | None:
    """Let the open form take the message; None when the message is about something else and the form waits."""
    ahead = form.ahead(turn)
    if ahead is not None:
        return ahead
    said = said_in(turn)
    if answers.is_wait(said.text) and said.meant and not form.takes_all:
        return replies.no_hurry()
    if answers.is_cancel(said.text) or (_gives_up(said) and not _is_offered(form, turn, said)):
        return _stop(turn, form)
    if turn.message.payload is not None and turn.message.payload not in turn.talk.choices:
        # A button of an earlier question, pressed late or twice, is no answer to this one.
        return back_to(form, turn.talk)
    keep_attachments(turn, form, said)
    asking, values = state_of(turn)["asking"], state_of(turn)["values"]
    if asking == CONFIRM:
        meaning = at_confirmation(form, said, values, question_of(form, turn.talk))
        return _follow_confirmation(turn, form, said, meaning)
    slot = next(slot for slot in form.slots if slot.name == asking)
    return _follow_question(turn, form, said, at_question(turn, form, slot, said, values))


def _follow_question(turn: Turn, form: Form, said: Said, meaning: Meaning) -> Reply | None:
    _keep(turn, form, said, meaning)
    match meaning.means:
        case Means.ANOTHER_WISH:
            return None
        case Means.CORRECTION:
            return replies.put_right().followed_by(go_on(turn, form))
        case Means.ATTACHMENT:
            return replies.attached().followed_by(go_on(turn, form))
        case Means.STORY:
            return replies.noted().followed_by(go_on(turn, form))
        case Means.NOTHING:
            return _ask_again(turn, form, said)
        case _:
            return go_on(turn, form)


def _follow_confirmation(turn: Turn, form: Form, said: Said, meaning: Meaning) -> Reply | None:
    _keep(turn, form, said, meaning)
    match meaning.means:
        case Means.ANOTHER_WISH:
            return None
        case Means.YES:
            return _finish(turn, form)
        case Means.NO:
            form.forget(turn, meaning.values)
            _leave(turn)
            return form.refused()
        case Means.WRONG:
            return replies.what_is_wrong()
        case Means.NOTHING:
            return _ask_again(turn, form, said)
        case _:
            # Whatever was changed or added is read back.
            return go_on(turn, form)


def _keep(turn: Turn, form: Form, said: Said, meaning: Meaning) -> None:
    """Keep what a message gives to the values and to the story; a message about something else gives nothing."""
    if meaning.means is Means.ANOTHER_WISH:
        return
    save(turn, values=meaning.values)
    if meaning.tells:
        tell_story(turn, form, replace(said, text=meaning.tells, attachments=()))


def _gives_up(said: Said) -> bool:
    """Whether a message stops the form in words of its own (「这个太麻烦了我不想弄了」)."""
    sure = said.understanding.intent is Intent.CANCEL and said.understanding.confidence >= SURE_TO_STOP
    return sure and said.meant and len(said.text) <= LONGEST_STOP and not answers.speaks_of_others(said.text)


def _is_offered(form: Form, turn: Turn, said: Said) -> bool:
    """Whether a message is the label of something that the open question offers (「不转这些」)."""
    return said.text.strip() in {choice.label for choice in question_of(form, turn.talk).choices}


def _stop(turn: Turn, form: Form) -> Reply:
    """Leave the form unfinished; what it holds is kept for a while, what was put off is offered."""
    state = state_of(turn)
    _leave(turn)
    kept = form.forget(turn, state["values"])
    turn.talk.remember(left={**state, "values": kept, "at": turn.now.isoformat(), "under": None})
    return replies.stopped(form.left(), [as_choice(put) for put in state.get("then", [])])


def as_choice(put_off: dict[str, str]) -> Choice:
    """A wish that was put off, to be pressed."""
    return Choice(put_off["label"], Intent(put_off["intent"]), put_off["text"])


def go_on(turn: Turn, form: Form) -> Reply:
    """Ask for the first thing that is missing, or read everything back."""
    values = dict(state_of(turn)["values"])
    form.context(turn, values)
    missing = next((slot for slot in form.slots if slot.needed(values) and not is_answered(slot, values)), None)
    save(turn, values=values, asking=missing.name if missing else CONFIRM, tries=0)
    if missing is None and form.read_back is None:
        return _finish(turn, form)
    question = question_of(form, turn.talk)
    turn.talk.choices = [choice.payload for choice in question.choices]
    return question


def back_to(form: Form, talk: Talk) -> Reply:
    """The open question again, after something else."""
    question = question_of(form, talk)
    talk.choices = [choice.payload for choice in question.choices]
    return Reply(replies.back_to(question.text), question.choices)


def question_of(form: Form, talk: Talk) -> Reply:
    """The open question, or what is read back."""
    state = talk.form or {}
    if state["asking"] == CONFIRM and form.read_back is not None:
        return form.read_back(state["values"])
    slot = next(slot for slot in form.slots if slot.name == state["asking"])
    return slot.ask(state["values"])


def _ask_again(turn: Turn, form: Form, said: Said) -> Reply:
    if said.understanding.intent in _COURTESIES and said.understanding.confidence >= SURE:
        return back_to(form, turn.talk)
    save(turn, tries=state_of(turn)["tries"] + 1)
    question = question_of(form, turn.talk)
    return Reply(replies.not_understood(question.text, often=state_of(turn)["tries"] > 1), question.choices)


def _finish(turn: Turn, form: Form) -> Reply:
    values, turn.due = state_of(turn)["values"], state_of(turn).get("then", [])
    _leave(turn)
    try:
        with turn.work.attempt():
            return form.finish(turn, values)
    except Refusal as refusal:
        if not refusal.final:
            raise
        return Reply(str(refusal))


def _leave(turn: Turn) -> None:
    turn.talk.form = state_of(turn)["under"]
    turn.talk.choices = []
