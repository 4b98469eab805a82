"""The talk around a form: its questions in order across messages, interruption, stopping, and being done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers.errors import Refusal
from handlers.forms import replies
from handlers.forms.filling import (
    correct,
    fits,
    is_filled,
    keep_attachments,
    save,
    set_value,
    state_of,
    take,
    tell_story,
)
from handlers.forms.form import SMALL_TALK, Said, said_in
from handlers.turn import Choice, Reply
from nlu import answers
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.forms.form import Form, Slot, Values
    from handlers.turn import Turn
    from nlu.answers import YesNo
    from nlu.understanding import Understanding
    from storage.talks import Talk

KEPT_FOR = timedelta(days=1)
BROUGHT_BACK_WITHIN = timedelta(minutes=30)
"""How long what was filled in is kept after its form was stopped."""

CONFIRM = "confirm"
PLAIN = 0.95
WHOLE_SENTENCE = 10
SURE = 0.55
"""From this confidence on, a message that is no answer to the open question is taken for something else."""

SURE_TO_STOP = 0.8
"""From this confidence on, a short message that tells no story stops the form, whatever its words."""

LONGEST_STOP = 20
"""Characters of such a message."""

_BUT = ("但", "不过", "只是")


class Forms:
    """All forms by name."""

    def __init__(self, forms: Iterable[Form] = ()) -> None:
        self._forms = {form.name: form for form in forms}

    def under_way(self, talk: Talk, now: datetime) -> Form | None:
        """The form under way in `talk`, or None; one that was left for longer than a day is not."""
        if talk.form is None or now - datetime.fromisoformat(talk.form["at"]) > KEPT_FOR:
            return None
        return self._forms.get(talk.form["name"])

    def open_in(self, talk: Talk, now: datetime) -> Form | None:
        """The form under way in `talk`; what is none any more is dropped."""
        form = self.under_way(talk, now)
        if form is None and talk.form is not None:
            talk.form, talk.choices = None, []
        return form

    def bring_back(self, turn: Turn) -> Reply | None:
        """The form that was stopped a while ago, with everything that it held; None when there is none."""
        left = turn.talk.topic.get("left")
        turn.talk.remember(left=None)
        if left is None or turn.now - datetime.fromisoformat(left["at"]) > BROUGHT_BACK_WITHIN:
            return None
        form = self._forms.get(left["name"])
        if form is None:
            return None
        turn.talk.form = left
        return go_on(turn, form)

    def reminder(self, talk: Talk, now: datetime) -> Reply | None:
        """The open question again, after something else was answered in between."""
        form = self.open_in(talk, now)
        if form is None or talk.form is None:
            return None
        question = _question(form, talk)
        return Reply(replies.back_to(question.text), question.choices)


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
    turn.talk.remember(left=None)
    said = said_in(turn)
    keep_attachments(turn, form, said)
    take(turn, form, said)
    return go_on(turn, form)


def carry_on(turn: Turn, form: Form) -> Reply | None:
    """Let the open form take the message; None when the message is about something else and the form waits."""
    said = said_in(turn)
    if answers.is_cancel(said.text) or _gives_up(said):
        return _stop(turn, form)
    keep_attachments(turn, form, said)
    asking = state_of(turn)["asking"]
    if asking == CONFIRM:
        return _at_confirmation(turn, form, said)
    return _at_question(turn, form, next(slot for slot in form.slots if slot.name == asking), said)


def put_off(turn: Turn, label: str, wish: Understanding) -> None:
    """Keep a wish until the form under way is done (`Turn.due`); to whoever stops the form it is offered."""
    put = {"label": label, "intent": wish.intent, "text": wish.text, "at": turn.message.sent_at.isoformat()}
    save(turn, then=[*state_of(turn).get("then", []), put])


def _gives_up(said: Said) -> bool:
    """Whether a message stops the form in words of its own (「这个太麻烦了我不想弄了」)."""
    sure = said.understanding.intent is Intent.CANCEL and said.understanding.confidence >= SURE_TO_STOP
    return sure and said.meant and len(said.text) <= LONGEST_STOP and not answers.speaks_of_others(said.text)


def _stop(turn: Turn, form: Form) -> Reply:
    """Leave the form unfinished; what it holds is kept for a while, what was put off is offered."""
    state = state_of(turn)
    _leave(turn)
    turn.talk.remember(left={**state, "at": turn.now.isoformat(), "under": None, "then": []})
    put_off = [Choice(put["label"], Intent(put["intent"]), put["text"]) for put in state.get("then", [])]
    return replies.stopped(form.left(), put_off)


def _at_question(turn: Turn, form: Form, slot: Slot, said: Said) -> Reply | None:
    if correct(turn, form, said):
        return replies.put_right().followed_by(go_on(turn, form))
    value = slot.read(said)
    if _is_about_something_else(form, said) and (value is None or _is_plain(said)):
        return None
    if value is None and not said.meant:
        return None
    value = slot.accept(said) if value is None else value
    if value is None and said.attachments and not said.text.strip():
        return replies.attached().followed_by(go_on(turn, form))
    if value is None:
        answered = take(turn, form, said) or fits(turn, form, slot)
        return go_on(turn, form) if answered else _ask_again(turn, form)
    set_value(turn, slot, value)
    take(turn, form, said, besides=slot)
    if slot.name not in form.words:
        _tell_more(turn, form, said)
    return go_on(turn, form)


def _at_confirmation(turn: Turn, form: Form, said: Said) -> Reply | None:
    if correct(turn, form, said):
        return go_on(turn, form)
    if form.story and said.meant and answers.is_done(said.text):
        return _finish(turn, form)
    answer = _answer(turn, form, said)
    if answer and answer.yes:
        return _agree(turn, form, Said(answer.rest, said.understanding, (), said.now))
    if answer and not answer.rest and form.slots:
        return replies.what_is_wrong()
    if (answer and not answer.rest) or (form.story is None and _is_sure(said, Intent.CANCEL)):
        _leave(turn)
        return replies.not_done()
    if answer is None and (_is_about_something_else(form, said) or not said.meant):
        return None
    if said.attachments and not said.text.strip():
        return go_on(turn, form)
    if take(turn, form, said, again=True):
        _tell_more(turn, form, said)
        return go_on(turn, form)
    if form.story and not said.text.strip().isdigit() and not answers.is_skip(said.text):
        tell_story(turn, form, Said(said.text, said.understanding, (), said.now))
        return go_on(turn, form)
    if answers.read_correction(said.text):
        return replies.what_is_wrong()
    return _ask_again(turn, form)


def _answer(turn: Turn, form: Form, said: Said) -> YesNo | None:
    """The yes or no to what was read back, in the words of a button or in others."""
    offered = {choice.label: choice.intent for choice in _question(form, turn.talk).choices}
    intent = offered.get(said.text.strip(" 。！!"))
    if intent in (Intent.AFFIRM, Intent.DENY):
        return answers.YesNo(intent is Intent.AFFIRM)
    return answers.read_yes_no(said.text)


def _agree(turn: Turn, form: Form, rest: Said) -> Reply:
    """Do what was read back, unless the yes goes on with 「不过是6栋」: that is read back anew."""
    if rest.text.startswith(_BUT) and take(turn, form, rest, again=True):
        return go_on(turn, form)
    if rest.text:
        tell_story(turn, form, replace(rest, text=answers.without_conjunction(rest.text)))
    return _finish(turn, form)


def go_on(turn: Turn, form: Form) -> Reply:
    """Ask for the first thing that is missing, or read everything back."""
    values = dict(state_of(turn)["values"])
    form.context(turn, values)
    missing = next((slot for slot in form.slots if slot.needed(values) and not is_filled(slot, values)), None)
    save(turn, values=values, asking=missing.name if missing else CONFIRM, tries=0)
    if missing is None and form.read_back is None:
        return _finish(turn, form)
    question = _question(form, turn.talk)
    turn.talk.choices = [choice.payload for choice in question.choices]
    return question


def _ask_again(turn: Turn, form: Form) -> Reply:
    save(turn, tries=state_of(turn)["tries"] + 1)
    question = _question(form, turn.talk)
    return Reply(replies.not_understood(question.text, often=state_of(turn)["tries"] > 1), question.choices)


def _question(form: Form, talk: Talk) -> Reply:
    state = talk.form or {}
    if state["asking"] == CONFIRM and form.read_back is not None:
        return form.read_back(state["values"])
    slot = next(slot for slot in form.slots if slot.name == state["asking"])
    return slot.ask(state["values"])


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


def _tell_more(turn: Turn, form: Form, said: Said) -> None:
    """Keep the words of an answer that tell more than what was asked: they would be a report by themselves."""
    intent, confidence = said.understanding.alone or (said.understanding.intent, said.understanding.confidence)
    if intent in form.tells and confidence >= SURE:
        tell_story(turn, form, replace(said, attachments=()))


def _is_about_something_else(form: Form, said: Said) -> bool:
    understood = said.understanding
    return understood.intent not in form.mine | SMALL_TALK and understood.confidence >= SURE


def _is_plain(said: Said) -> bool:
    """Whether a whole sentence says so surely what it wants that it is no answer, whatever could be read out of it."""
    return len(said.text) >= WHOLE_SENTENCE and said.understanding.confidence >= PLAIN


def _is_sure(said: Said, intent: Intent) -> bool:
    return said.understanding.intent is intent and said.understanding.confidence >= SURE
