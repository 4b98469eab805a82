"""Forms: questions asked in order across messages, with correction, interruption and cancelling."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from handlers import form_replies as replies
from handlers.errors import Refusal
from handlers.turn import Attachment, Reply, Turn
from nlu import answers
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nlu.answers import YesNo
    from nlu.understanding import Understanding
    from storage.talks import Talk

Values = dict[str, Any]
KEPT_FOR = timedelta(days=1)
CONFIRM = "confirm"
PLAIN = 0.95
WHOLE_SENTENCE = 10
SURE = 0.55
"""From this confidence on, a message that is no answer to the open question is taken for something else."""

_BUT = ("但", "不过", "只是")
_SHORTEST_WORDS = 2

SMALL_TALK = frozenset(
    {Intent.AFFIRM, Intent.DENY, Intent.CANCEL, Intent.OUT_OF_SCOPE, Intent.THANKS, Intent.GREET, Intent.GOODBYE}
)


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


def _is_there(value: Any) -> bool:
    return value is not None


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing that a form needs; every value is JSON.

    `ask` gives the question. `read` takes an answer to it that is sure to be one, `accept` one that may be anything,
    `find` what any message says about it unasked; each gives None for nothing. `merge` joins a corrected or further
    value to the old one, and `complete` says whether a value is all that is needed. `called` are the words by which
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
    called: tuple[str, ...] = ()
    greedy: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form of one intent; without `read_back` it is done as soon as nothing is missing.

    `owns` are the intents that it does not take for something else, `story` takes words that fit nowhere else and
    everything said with one of the intents `tells`, `words` are the values that hold the person's own words, in which a
    correction is carried through, and `context` adds to the values what the turn knows. `left` answers whoever stops.
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
    left: Callable[[], Reply] = replies.cancelled


class Forms:
    """All forms by name."""

    def __init__(self, forms: Iterable[Form] = ()) -> None:
        self._forms = {form.name: form for form in forms}

    def open_in(self, talk: Talk, now: datetime) -> Form | None:
        """The form under way in `talk`; one that was left for longer than a day is dropped."""
        if talk.form is None:
            return None
        if now - datetime.fromisoformat(talk.form["at"]) > KEPT_FOR or talk.form["name"] not in self._forms:
            talk.form, talk.choices = None, []
            return None
        return self._forms[talk.form["name"]]

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
    }
    said = _said(turn)
    _keep_attachments(turn, form, said)
    _take(turn, form, said)
    return go_on(turn, form)


def carry_on(turn: Turn, form: Form) -> Reply | None:
    """Let the open form take the message; None when the message is about something else and the form waits."""
    said = _said(turn)
    if answers.is_cancel(said.text):
        _leave(turn)
        return form.left()
    _keep_attachments(turn, form, said)
    asking = _state(turn)["asking"]
    if asking == CONFIRM:
        return _at_confirmation(turn, form, said)
    return _at_question(turn, form, next(slot for slot in form.slots if slot.name == asking), said)


def _at_question(turn: Turn, form: Form, slot: Slot, said: Said) -> Reply | None:
    if _correct(turn, form, said):
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
        answered = _take(turn, form, said) or _fits(turn, form, slot)
        return go_on(turn, form) if answered else _ask_again(turn, form)
    _set(turn, slot, value)
    _take(turn, form, said, besides=slot)
    if slot.name not in form.words:
        _tell_more(turn, form, said)
    return go_on(turn, form)


def _at_confirmation(turn: Turn, form: Form, said: Said) -> Reply | None:
    if _correct(turn, form, said):
        return go_on(turn, form)
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
    if _take(turn, form, said, again=True):
        _tell_more(turn, form, said)
        return go_on(turn, form)
    if form.story and not said.text.strip().isdigit() and not answers.is_skip(said.text):
        _tell_story(turn, form, Said(said.text, said.understanding, (), said.now))
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
    if rest.text.startswith(_BUT) and _take(turn, form, rest, again=True):
        return go_on(turn, form)
    if rest.text:
        _tell_story(turn, form, replace(rest, text=answers.without_conjunction(rest.text)))
    return _finish(turn, form)


def _take(turn: Turn, form: Form, said: Said, *, again: bool = False, besides: Slot | None = None) -> bool:
    """Fill slots from what the message says unasked; with `again` also those that are filled already."""
    values = dict(_state(turn)["values"])
    taken = False
    for slot in form.slots:
        known = values.get(slot.name)
        filled = known is not None and slot.complete(known)
        if slot is besides or (filled and (slot.greedy or not again)):
            continue
        found = slot.find(said)
        if found is not None and found != known:
            values[slot.name] = slot.merge(known, found) if known is not None else found
            taken = True
    _save(turn, values=values)
    return taken


def _correct(turn: Turn, form: Form, said: Said) -> bool:
    """Apply 「不是5栋是6栋」 to the one slot that it is about; False when it corrects nothing that is known."""
    correction = answers.read_correction(said.text)
    if correction is None:
        return False
    right = Said(correction.right.strip(" ：:"), said.understanding, (), said.now)
    values = dict(_state(turn)["values"])
    slot = _slot_meant(form, values, said.text.partition(correction.right)[0], right)
    found = _read(slot, right) if slot else None
    replaced = [(correction.wrong, correction.right)]
    if slot and found is not None:
        old, values[slot.name] = values[slot.name], slot.merge(values[slot.name], found)
        replaced.append((old, values[slot.name]))
    changed = found is not None
    names = form.words if changed else {*form.words, *(slot.name for slot in form.slots if slot.name in values)}
    for name in names:
        put_right = _put_right(values.get(name), replaced)
        changed = changed or put_right != values.get(name)
        values[name] = put_right
    _save(turn, values=values)
    return changed


def _slot_meant(form: Form, values: Values, before: str, right: Said) -> Slot | None:
    """The slot that is named before the right words, or else the first that finds something in them."""
    known = sorted((slot for slot in form.slots if slot.name in values), key=lambda slot: slot.greedy)
    named = [slot for slot in known if any(word in before for word in slot.called)]
    return next((slot for slot in named or known if named or slot.find(right) is not None), None)


def _read(slot: Slot, said: Said) -> Any:
    """What was said of a slot that is known to be meant."""
    readings = (read(said) for read in (slot.find, slot.read, slot.accept))
    return next((value for value in readings if value is not None), None)


def _put_right(value: Any, replaced: Iterable[tuple[Any, Any]]) -> Any:
    """`value` (words or a list of them) with what was wrong in it replaced."""
    if isinstance(value, list):
        return [_put_right(part, replaced) for part in value]
    for wrong, right in replaced:
        words = isinstance(value, str) and isinstance(wrong, str) and isinstance(right, str)
        if words and len(wrong) >= _SHORTEST_WORDS:
            value = value.replace(wrong, right)
    return value


def _keep_attachments(turn: Turn, form: Form, said: Said) -> None:
    if said.attachments:
        _tell_story(turn, form, Said("", said.understanding, said.attachments, said.now))


def _tell_story(turn: Turn, form: Form, said: Said) -> None:
    values = dict(_state(turn)["values"])
    if form.story:
        form.story(values, said)
    _save(turn, values=values)


def _fits(turn: Turn, form: Form, slot: Slot) -> bool:
    """Whether the turn itself knows what a bare answer means (「是的」 to 「是您家那里吗？」)."""
    values = dict(_state(turn)["values"])
    form.context(turn, values)
    return _is_filled(slot, values)


def _tell_more(turn: Turn, form: Form, said: Said) -> None:
    """Keep the words of an answer that tell more than what was asked."""
    if said.understanding.intent in form.tells and said.understanding.confidence >= SURE:
        _tell_story(turn, form, replace(said, attachments=()))


def _is_about_something_else(form: Form, said: Said) -> bool:
    understood = said.understanding
    mine = form.owns | {form.intent} | SMALL_TALK
    return understood.intent not in mine and understood.confidence >= SURE


def _is_plain(said: Said) -> bool:
    """Whether a whole sentence says so surely what it wants that it is no answer, whatever could be read out of it."""
    return len(said.text) >= WHOLE_SENTENCE and said.understanding.confidence >= PLAIN


def _is_sure(said: Said, intent: Intent) -> bool:
    return said.understanding.intent is intent and said.understanding.confidence >= SURE


def go_on(turn: Turn, form: Form) -> Reply:
    """Ask for the first thing that is missing, or read everything back."""
    values = dict(_state(turn)["values"])
    form.context(turn, values)
    missing = next((slot for slot in form.slots if slot.needed(values) and not _is_filled(slot, values)), None)
    _save(turn, values=values, asking=missing.name if missing else CONFIRM, tries=0)
    if missing is None and form.read_back is None:
        return _finish(turn, form)
    question = _question(form, turn.talk)
    turn.talk.choices = [choice.payload for choice in question.choices]
    return question


def _is_filled(slot: Slot, values: Values) -> bool:
    return values.get(slot.name) is not None and slot.complete(values[slot.name])


def _ask_again(turn: Turn, form: Form) -> Reply:
    _save(turn, tries=_state(turn)["tries"] + 1)
    question = _question(form, turn.talk)
    return Reply(replies.not_understood(question.text, often=_state(turn)["tries"] > 1), question.choices)


def _question(form: Form, talk: Talk) -> Reply:
    state = talk.form or {}
    if state["asking"] == CONFIRM and form.read_back is not None:
        return form.read_back(state["values"])
    slot = next(slot for slot in form.slots if slot.name == state["asking"])
    return slot.ask(state["values"])


def _finish(turn: Turn, form: Form) -> Reply:
    values = _state(turn)["values"]
    _leave(turn)
    try:
        with turn.work.attempt():
            return form.finish(turn, values)
    except Refusal as refusal:
        if not refusal.final:
            raise
        return Reply(str(refusal))


def _leave(turn: Turn) -> None:
    turn.talk.form = _state(turn)["under"]
    turn.talk.choices = []


def _set(turn: Turn, slot: Slot, value: Any) -> None:
    values = _state(turn)["values"]
    known = values.get(slot.name)
    _save(turn, values={**values, slot.name: value if known is None else slot.merge(known, value)})


def _save(turn: Turn, **changed: Any) -> None:
    turn.talk.form = {**_state(turn), "at": turn.now.isoformat(), **changed}


def _state(turn: Turn) -> dict[str, Any]:
    if turn.talk.form is None:
        raise RuntimeError("no form is open in this talk")
    return turn.talk.form


def _said(turn: Turn) -> Said:
    return Said(turn.text, turn.understanding, turn.message.attachments, turn.message.sent_at, turn.meant)
