"""What a message is to the open question of a form. Decides and changes nothing; `dialogue` does what follows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from handlers.forms.filling import is_answered, put_right, with_found, with_parts, with_value
from handlers.forms.form import SMALL_TALK, UNKNOWN
from nlu import answers
from nlu.understanding import Intent

if TYPE_CHECKING:
    from handlers.forms.form import Form, Said, Slot, Values
    from handlers.turn import Reply, Turn
    from nlu.answers import YesNo

SURE = 0.55
"""From this confidence on, a message that is no answer to the open question is taken for something else."""

PLAIN = 0.95
WHOLE_SENTENCE = 10
SHORTEST_TALE = 4
"""Characters; fewer that answer nothing tell nothing either (要得不, 等一下)."""

SHORTEST_REST = 3
"""Characters beside the value of an answer that tell something (昨天晚上【还打我】)."""

_PAUSE = re.compile(r"[，,。；;！!？?\s]+")
_BUT = ("但", "不过", "只是")


class Means(Enum):
    """What a message may be to the open question; where it may be several, the first of them."""

    CORRECTION = auto()
    """It puts right what is known."""
    YES = auto()
    """What was read back holds."""
    NO = auto()
    """What was read back is not wanted."""
    WRONG = auto()
    """What was read back does not hold, and nothing is said of what does."""
    ANOTHER_WISH = auto()
    """It is about something else, or not meant for the bot: the form waits."""
    ATTACHMENT = auto()
    """A photo or a place without words."""
    ANSWER = auto()
    """It fills a slot: that of the question, or another."""
    STORY = auto()
    """It answers nothing, and tells more of what the form is about."""
    NOTHING = auto()
    """It could not be read."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message is, the form's values with what it gives to them, and the words of it that belong to the story."""

    means: Means
    values: Values
    tells: str = ""


def at_question(turn: Turn, form: Form, slot: Slot, said: Said, values: Values) -> Meaning:
    """What a message is to the question of a slot."""
    corrected = put_right(form, values, said)
    if corrected is not None:
        return Meaning(Means.CORRECTION, corrected)
    completed = with_parts(form, values, said, besides=slot)
    if completed != values:
        return Meaning(Means.CORRECTION, completed)
    value = slot.read(said)
    if is_about_something_else(form, said) and (value is None or _is_plain(said)):
        return Meaning(Means.ANOTHER_WISH, values)
    if value is None and not said.meant:
        return Meaning(Means.ANOTHER_WISH, values)
    if value is None and not said.text.strip():
        return Meaning(Means.ATTACHMENT, values)
    is_tale, tells = _is_tale(form, said), _tells_more(form, said)
    if value is None and (slot.name in form.words or not is_tale):
        # Whoever tells more of the story has not answered, whatever the question may accept.
        value = slot.accept(said)
    if value is not None:
        more = tells or len(slot.beside(said)) >= SHORTEST_REST or (value == UNKNOWN and _may_tell(form, said))
        told = more and slot.name not in form.words and value != said.text.strip()
        filled = with_found(form, with_value(values, slot, value), said, besides=slot)
        return Meaning(Means.ANSWER, filled, said.text if told else "")
    found = with_found(form, values, said)
    if found != values or _fits(turn, form, slot, values):
        return Meaning(Means.ANSWER, found, said.text if tells else "")
    if tells or form.takes_all or _may_tell(form, said):
        return Meaning(Means.STORY, values, said.text)
    return Meaning(Means.NOTHING, values)


def at_confirmation(form: Form, said: Said, values: Values, question: Reply) -> Meaning:
    """What a message is to what was read back."""
    corrected = put_right(form, values, said)
    if corrected is not None:
        return Meaning(Means.CORRECTION, corrected)
    completed = with_parts(form, values, said)
    if completed != values:
        return Meaning(Means.CORRECTION, completed)
    if form.story and said.meant and answers.is_done(said.text):
        return Meaning(Means.YES, values)
    answer = _yes_or_no(question, said)
    if answer and answer.yes:
        return _agreement(form, said, values, answer.rest)
    takes_no_more = not form.slots and form.story is None
    if answer and (not answer.rest or takes_no_more):
        return Meaning(Means.WRONG if form.slots else Means.NO, values)
    if form.story is None and said.understanding.intent is Intent.CANCEL and said.understanding.confidence >= SURE:
        return Meaning(Means.NO, values)
    if answer is None and (is_about_something_else(form, said) or not said.meant):
        return Meaning(Means.ANOTHER_WISH, values)
    if not said.text.strip():
        return Meaning(Means.ATTACHMENT, values)
    tells = _tells_more(form, said)
    # A day or a place in what tells more is that of what is told, and changes none that is known.
    found = with_found(form, values, said, again=not tells)
    if found != values:
        return Meaning(Means.ANSWER, found, said.text if tells else "")
    plain = said.text.strip().isdigit() or answers.is_skip(said.text) or answers.is_wait(said.text)
    if form.story and not plain:
        return Meaning(Means.STORY, values, said.text)
    return Meaning(Means.WRONG if answers.read_correction(said.text) else Means.NOTHING, values)


def is_about_something_else(form: Form, said: Said) -> bool:
    """Whether a message surely wants what the form does not take for its own."""
    understood = said.understanding
    elsewhere = understood.intent not in form.mine | SMALL_TALK and understood.confidence >= SURE
    # 「我也不晓得」 answers, whatever was spoken of before.
    return elsewhere and not answers.is_skip(said.text)


def _agreement(form: Form, said: Said, values: Values, rest: str) -> Meaning:
    """A yes, unless it goes on with 「不过是6栋」: that is read back anew."""
    if rest.startswith(_BUT):
        found = with_found(form, values, replace(said, text=rest, attachments=()), again=True)
        if found != values:
            return Meaning(Means.ANSWER, found)
    again = answers.read_yes_no(rest)
    more = "" if again is not None and again.yes and not again.rest else answers.without_conjunction(rest)
    return Meaning(Means.YES, values, more)


def _yes_or_no(question: Reply, said: Said) -> YesNo | None:
    """The yes or no to what was read back, in the words of a button or in others."""
    offered = {choice.label: choice.intent for choice in question.choices}
    intent = offered.get(said.text.strip(" 。！!了嘛"))
    if intent in (Intent.AFFIRM, Intent.DENY):
        return answers.YesNo(intent is Intent.AFFIRM)
    return answers.read_yes_no(said.text)


def _is_tale(form: Form, said: Said) -> bool:
    """Whether the words would be a report by themselves: they tell more than any answer."""
    intent, confidence = said.understanding.alone or (said.understanding.intent, said.understanding.confidence)
    return intent in form.tells and confidence >= SURE


def _tells_more(form: Form, said: Said) -> bool:
    """Whether there is more in a message than the value that it gives (「匿名，他儿子是混社会的」)."""
    beside = [clause for clause in _PAUSE.split(said.text)[1:] if len(clause) >= SHORTEST_TALE]
    return _is_tale(form, said) or (bool(form.tells) and any(map(answers.speaks_of_others, beside)))


def _may_tell(form: Form, said: Said) -> bool:
    """Whether words that hold no answer belong to the story, as far as they are understood in the form."""
    understood, says_nothing = said.understanding, answers.is_skip(said.text) or answers.is_done(said.text)
    tells = understood.intent in form.tells and understood.confidence >= SURE
    return tells and len(said.text) >= SHORTEST_TALE and not says_nothing


def _is_plain(said: Said) -> bool:
    """Whether a whole sentence says so surely what it wants that it is no answer, whatever could be read out of it."""
    return len(said.text) >= WHOLE_SENTENCE and said.understanding.confidence >= PLAIN


def _fits(turn: Turn, form: Form, slot: Slot, values: Values) -> bool:
    """Whether the turn itself knows what a bare answer means (「是的」 to 「是您家那里吗？」)."""
    known = dict(values)
    form.context(turn, known)
    return is_answered(slot, known)
