"""Hearing: what a stored message means in its talk, before any lock is taken and with no transaction held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from bot.choosing import chosen_by
from bot.inbox import as_inbound
from handlers.forms import CONFIRM
from handlers.turn import Choice
from nlu import answers
from nlu.understanding import NO_CONTEXT, Context, Intent, Judgement, Understanding
from nlu.wishes import OpenForm, beside_danger, wishes_in
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.clock import Clock
    from handlers.forms import Form, Forms
    from handlers.turn import Inbound
    from storage.database import Database
    from storage.messages import OutboxMessage
    from storage.people import Identity
    from storage.talks import Talk

WRONG = "不对，我重说"
"""What is offered to whoever was misheard."""

LONGEST_TEXT = 5_000
"""Characters of one message that are read for meaning; a longer one is kept and its sender asked to be brief."""

LEANS_WITHIN = timedelta(minutes=30)
"""Short words may lean on what the person spoke of within this time."""


class Parser(Protocol):
    """What gives a text its meaning."""

    def parse(self, text: str, now: datetime, context: Context = NO_CONTEXT) -> Understanding:
        """Understand one text that was sent at `now` in a talk that is about `context`."""

    def judge(self, text: str) -> Judgement:
        """What `text` means by itself, without a look at what it names."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A stored message with what was pressed or meant by it.

    `understanding` is its first wish and `further` those beside it; `put_off` are wishes of earlier messages that wait
    until the open form is done. `doubt` names the unsure message about which the bot had asked and which is now chosen.
    `about` is the case of the message of ours that it answers, `aside` whether that is not the last one: then it is no
    answer to what is asked now.
    """

    row_id: int
    message: Inbound
    understanding: Understanding
    chosen: Choice | None = None
    further: tuple[Understanding, ...] = ()
    put_off: tuple[Understanding, ...] = ()
    doubt: int | None = None
    identity: Identity | None = None
    voice: VoiceAnswer | None = None
    about: int | None = None
    aside: bool = False


@dataclass(frozen=True, slots=True)
class VoiceAnswer:
    """What a message is to the voice message before it, whose transcript was read back.

    `is_right` says yes or no to it; None for whoever goes on talking, so that `spoken`, with the meaning `meant`, was
    right and comes first.
    """

    is_right: bool | None
    spoken: Inbound
    meant: Understanding


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the meaning of a message leans on, read out of its talk in one transaction."""

    message: Inbound
    chosen: Choice | None = None
    doubt: int | None = None
    context: Context = NO_CONTEXT
    form: OpenForm | None = None
    put_off: tuple[dict[str, Any], ...] = ()
    spoken: Inbound | None = None
    about: int | None = None
    aside: bool = False


class Ear:
    """Understands stored messages, each in the context of its talk."""

    def __init__(self, database: Database, parser: Parser, forms: Forms, clock: Clock) -> None:
        self._database = database
        self._parser = parser
        self._forms = forms
        self._clock = clock

    def hear(self, row_id: int) -> Heard:
        """What the stored message with this id means."""
        with UnitOfWork(self._database, read_only=True) as work:
            setting = self._setting(work, row_id)
        voice = self._answer_to_voice(setting) if setting.spoken is not None else None
        if voice is not None and voice.is_right is False:
            return Heard(row_id, setting.message, voice.meant, voice=voice)
        if voice is not None and voice.is_right:
            first, *further = self._wishes(replace(setting, message=voice.spoken))
            return Heard(row_id, voice.spoken, first, further=tuple(further), voice=voice)
        chosen = setting.chosen
        first, *further = self._wishes(setting) if chosen is None else (self._meant_by(chosen, setting),)
        put_off = tuple(self._put_off(wish) for wish in setting.put_off)
        return Heard(
            row_id,
            setting.message,
            first,
            chosen,
            tuple(further),
            put_off,
            setting.doubt,
            voice=voice,
            about=setting.about,
            aside=setting.aside,
        )

    def _answer_to_voice(self, setting: _Setting) -> VoiceAnswer | None:
        """What the message says to the transcript that was read back."""
        spoken, said = setting.spoken, setting.message.text
        if spoken is None:
            return None
        is_right, words = _to_read_back(said, spoken.text)
        spoken = replace(spoken, text=words)
        meant = self._understand(words, spoken.sent_at, setting.context)
        return VoiceAnswer(is_right, spoken, meant)

    def _setting(self, work: UnitOfWork, row_id: int) -> _Setting:
        message = as_inbound(work.messages.get(row_id))
        identity = work.people.identity(message.channel, message.account, message.sender)
        last = work.messages.last_to(message.talk, identity.person_id) if identity else None
        setting = self._in_talk(work, message, last)
        answered = work.messages.answered(message.talk, message.reply_to) if message.reply_to else None
        if answered is None:
            return setting
        if last is not None and answered.id != last.id:
            # What is asked now stays open, and the words mean what they meant below the older message.
            context = Context(offered=_offered(answered), last=setting.context.last)
            setting = _Setting(message, chosen_by(message, None, answered), context=context, aside=True)
        return replace(setting, about=answered.about)

    def _in_talk(self, work: UnitOfWork, message: Inbound, last: OutboxMessage | None) -> _Setting:
        talk = work.talks.peek(message.talk)
        if talk is None:
            return _Setting(message, chosen_by(message, None, last), context=Context(offered=_offered(last)))
        form = self._forms.under_way(talk, self._clock())
        chosen = chosen_by(message, talk.choices if form else None, last)
        message, doubt = _resolved(work, message, chosen, talk)
        spoken = _read_back(work, talk) if form is None else None
        context = self._context(talk, form, last)
        if form is None or talk.form is None:
            return _Setting(message, chosen, doubt, context, spoken=spoken)
        open_form = OpenForm(form.mine, talk.form["values"].get("category"))
        return _Setting(message, chosen, doubt, context, open_form, tuple(talk.form.get("then", ())))

    def _context(self, talk: Talk, form: Form | None, last: OutboxMessage | None) -> Context:
        return Context(
            form=form.intent if form else None,
            confirming=form is not None and talk.form is not None and talk.form["asking"] == CONFIRM,
            offered=_offered(last),
            last=_spoken_of(talk, self._clock()),
        )

    def _wishes(self, setting: _Setting) -> tuple[Understanding, ...]:
        text, now, context = setting.message.text, setting.message.sent_at, setting.context
        whole = self._understand(text, now, context)
        if answers.read_number(text) is not None and setting.form is None:
            # A number is a rating where one was asked for; else it answers nothing, whatever a model makes of it.
            intent = Intent.RATE_CASE if Intent.RATE_CASE in context.offered else Intent.OUT_OF_SCOPE
            return (replace(whole, intent=intent, confidence=1.0),)
        if not is_readable(text):
            return (whole,)
        if whole.intent is Intent.REPORT_EMERGENCY:
            besides = beside_danger(whole, self._parser.judge)
            return (whole, *(self._understand(wish, now, NO_CONTEXT) for wish in besides))
        first, *further = wishes_in(whole, self._parser.judge, setting.form)
        if first == text:
            return (whole,)
        return (self._understand(first, now, context), *(self._understand(wish, now, NO_CONTEXT) for wish in further))

    def _meant_by(self, chosen: Choice, setting: _Setting) -> Understanding:
        understood = self._understand(chosen.says or chosen.label, setting.message.sent_at, setting.context)
        return replace(understood, intent=chosen.intent, confidence=1.0) if chosen.intent else understood

    def _put_off(self, wish: dict[str, Any]) -> Understanding:
        understood = self._understand(wish["text"], datetime.fromisoformat(wish["at"]), NO_CONTEXT)
        return replace(understood, intent=Intent(wish["intent"]), confidence=1.0)

    def _understand(self, text: str, now: datetime, context: Context) -> Understanding:
        if not is_readable(text):
            return Understanding(text, Intent.OUT_OF_SCOPE, 0.0)
        return self._parser.parse(text, now, context)


def _read_back(work: UnitOfWork, talk: Talk) -> Inbound | None:
    """The voice message whose transcript was read back last and not yet answered."""
    voice = talk.topic.get("voice")
    return as_inbound(work.messages.get(voice["message"])) if voice is not None else None


def _to_read_back(said: str, transcript: str) -> tuple[bool | None, str]:
    """Whether `said` takes a transcript for right, and the words that hold then: 「不是路灯是井盖」 puts them right."""
    correction = answers.read_correction(said)
    if correction is not None and correction.wrong and correction.wrong in transcript:
        return True, transcript.replace(correction.wrong, correction.right)
    answer = answers.read_yes_no(said)
    if said.strip() == WRONG or (answer is not None and not answer.yes and not answer.rest):
        return False, transcript
    number = answers.read_number(said)
    if number in (1, 2):
        return number == 1, transcript
    if answer is None or not answer.yes:
        return None, transcript
    more = answers.without_conjunction(answer.rest)
    return True, "，".join(filter(None, (transcript, more)))


def is_readable(text: str) -> bool:
    """Whether a text has anything to understand, and not too much."""
    return len(text) <= LONGEST_TEXT and any(char.isalnum() for char in text)


def _offered(last: OutboxMessage | None) -> frozenset[Intent]:
    """What the last message asked about; what it only offers beside an answer tells nothing of what comes next."""
    asked = [choice for choice in last.choices if not choice.get("beside")] if last else []
    choices = (Choice.from_payload(choice["payload"]) for choice in asked)
    return frozenset(choice.intent for choice in choices if choice is not None and choice.intent is not None)


def _spoken_of(talk: Talk, now: datetime) -> Intent | None:
    about = talk.topic.get("about")
    if about is None or now - datetime.fromisoformat(about["at"]) > LEANS_WITHIN:
        return None
    return Intent(about["intent"])


def _resolved(work: UnitOfWork, message: Inbound, chosen: Choice | None, talk: Talk) -> tuple[Inbound, int | None]:
    """A choice among what may have been meant says the original message: with what came with it, and when it came."""
    asked = talk.topic.get("asked")
    if asked is None or chosen is None:
        return message, None
    original = as_inbound(work.messages.get(asked["message"]))
    if not chosen.says.startswith(original.text):
        return message, None
    attachments = (*original.attachments, *message.attachments)
    return replace(message, attachments=attachments, sent_at=original.sent_at), asked["unsure"]
