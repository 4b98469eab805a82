"""Acting: what one wish does in its talk. The open form comes first, then doubt, the group, the role, the action."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import DBAPIError

from bot import doubts
from bot.hearing import LONGEST_TEXT, WRONG
from handlers import forms, household_cards, loose
from handlers.errors import Refusal
from handlers.routes import InGroup
from handlers.talk import replies
from handlers.turn import AttachmentKind, Choice, Reply
from nlu import answers
from nlu.personal_data import mask
from nlu.understanding import Intent, Understanding
from storage.messages import Priority, TalkKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.hearing import Heard
    from handlers.forms import Form, Forms
    from handlers.routes import Route, Routes
    from handlers.turn import Turn
    from storage.talks import Talk
    from storage.unsure import UnsureMessage

PHOTOS_TOGETHER = timedelta(minutes=2)
"""How long after one photo another one belongs to it."""

WAITS_FOR = timedelta(days=1)
"""How long what was said in a group waits for its speaker to write to the bot alone."""

log = structlog.get_logger(__name__)


class Actor:
    """Lets wishes act, each in a savepoint of the transaction that is open around it."""

    def __init__(self, routes: Routes, open_forms: Forms) -> None:
        self._routes = routes
        self._forms = open_forms

    def answer(self, turn: Turn, heard: Heard) -> Reply | None:
        """Let the message act in its talk; a refusal or a bug of ours undoes what it wrote."""
        if heard.voice is not None and heard.voice.is_right is False:
            turn.talk.remember(voice=None)
            return replies.say_it_again()
        turn.meant = self._is_meant(turn)
        form = self._forms.open_in(turn)
        turn.goes_on = _is_another_photo(turn)
        to_read_back = form is None and _is_to_be_read_back(turn, heard)
        if turn.understanding.intent is not Intent.REPORT_EMERGENCY:
            turn.talk.remember(voice={"message": heard.row_id} if to_read_back else None)
        if to_read_back:
            return replies.heard_voice(heard.message.text, WRONG)
        unsure = doubts.note(turn, heard)
        reply = self._attempt(turn, heard, lambda: self._act(turn, heard, form, unsure))
        return None if turn.goes_on else reply

    def answer_beside(self, turn: Turn, heard: Heard) -> Reply | None:
        """Let a further wish of the message act, past the open form."""
        return self._attempt(turn, heard, lambda: self._run(turn, heard))

    def and_what_waits(self, turn: Turn, heard: Heard, reply: Reply | None, *, is_first: bool) -> Reply | None:
        """`reply`, and then what was said in a group before the bot could write to its speaker alone; for a day.

        `is_first` says whether this is the first message that the person writes to the bot alone.
        """
        if turn.message.in_group:
            return reply
        if is_first:
            turn.talk.remember(waits=_said_in_groups(turn))
        waits = turn.talk.topic.get("waits")
        if waits is None:
            return reply
        intent = Intent(waits["intent"])
        told_again = turn.understanding.intent is intent
        if turn.talk.form is not None and not told_again:
            return reply
        turn.talk.remember(waits=None)
        route = self._routes.get(intent)
        if route is None or told_again or turn.now - datetime.fromisoformat(waits["at"]) > WAITS_FOR:
            return reply
        meant = Understanding(waits["text"], intent, 1.0)
        message = replace(turn.message, text=waits["text"], attachments=())
        private = replace(turn, understanding=meant, message=message, meant=True, due=())
        more = self._in_private(private, heard, route)
        brought = replies.from_group().followed_by(more) if more is not None else None
        return brought if reply is None else reply.followed_by(brought)

    def say(self, turn: Turn, reply: Reply) -> None:
        """Queue `reply` for the chat of the turn; in a group with everything personal masked."""
        if turn.message.in_group:
            reply = replace(reply, text=mask(reply.text))
        emergency = turn.understanding.intent is Intent.REPORT_EMERGENCY
        turn.write(turn.talk.key, reply, turn.person, Priority.EMERGENCY if emergency else Priority.REPLY)

    def _is_meant(self, turn: Turn) -> bool:
        """Whether words may answer an open question loosely: not if overheard in a group, nor what must go private."""
        route = self._routes.get(turn.understanding.intent)
        private = route is not None and route.in_group in (InGroup.MOVE, InGroup.ASK)
        return not turn.message.in_group or (turn.message.addressed and not private)

    def _attempt(self, turn: Turn, heard: Heard, act: Callable[[], Reply | None]) -> Reply | None:
        before = (turn.talk.form, turn.talk.choices, turn.talk.topic)
        try:
            with turn.work.attempt():
                return act()
        except DBAPIError:
            # A deadlock or a row that another process made first: the whole message is worked again.
            raise
        except Refusal as refusal:
            reply = Reply(str(refusal), refusal.choices)
        except Exception:
            log.exception("action failed", row=heard.row_id, intent=str(turn.understanding.intent))
            reply = replies.our_fault()
        turn.talk.form, turn.talk.choices, turn.talk.topic = before
        turn.due = ()
        return reply

    def _act(self, turn: Turn, heard: Heard, form: Form | None, unsure: UnsureMessage | None = None) -> Reply | None:
        unreadable = _unreadable(turn)
        if unreadable is not None:
            return None if turn.is_overheard else unreadable
        reply = self._act_first(turn, heard, form, unsure)
        if reply is not None:
            return reply
        depth = _depth(turn.talk)
        reply = self._run(turn, heard)
        waits = form is not None and reply is not None and _depth(turn.talk) == depth
        return reply.followed_by(self._forms.reminder(turn)) if waits and reply is not None else reply

    def _act_first(self, turn: Turn, heard: Heard, form: Form | None, unsure: UnsureMessage | None) -> Reply | None:
        """What comes before the action of the intent: the open form, the one that was stopped, or a question back."""
        if form is not None and heard.chosen is None and (beside := self._routes.interrupt(turn)) is not None:
            return beside.followed_by(self._forms.reminder(turn))
        if form is not None:
            if heard.chosen is None and (heard.aside or household_cards.is_said(turn) or _leaves(turn, form)):
                return self._routes.listen(turn)
            return None if heard.aside or _breaks_out(heard) else self._carry_on(turn, form)
        if (heard.chosen is None or heard.chosen.intent is None) and answers.is_resume(turn.text):
            return self._forms.bring_back(turn)
        if (heard.chosen is None or heard.chosen.intent is None) and (
            heard_on := self._routes.listen(turn)
        ) is not None:
            return heard_on
        return doubts.ask(turn, heard, unsure, self._may) if unsure is not None else None

    def _carry_on(self, turn: Turn, form: Form) -> Reply | None:
        depth = _depth(turn.talk)
        reply = forms.carry_on(turn, form)
        if reply is None:
            return None
        _note_subject(turn, form.intent)
        came_back = 0 < _depth(turn.talk) < depth
        return reply.followed_by(self._forms.reminder(turn)) if came_back else reply

    def _may(self, turn: Turn, intent: Intent) -> bool:
        route = self._routes.get(intent)
        return route is not None and (not route.roles or bool(turn.person.roles & route.roles))

    def _run(self, turn: Turn, heard: Heard) -> Reply | None:
        if not turn.text.strip():
            return None if turn.is_overheard else self._without_words(turn)
        route = self._routes.get(turn.understanding.intent)
        if route is None:
            raise LookupError(f"nothing answers {turn.understanding.intent}")
        if turn.message.in_group:
            if route.in_group is InGroup.IGNORE and not turn.message.addressed:
                return None
            if route.in_group in (InGroup.MOVE, InGroup.ASK):
                self._go_on_in_private(turn, heard, route)
                return replies.in_private()
        if not self._may(turn, route.intent):
            raise Refusal(replies.not_allowed())
        _note_subject(turn, route.intent)
        return route.action(turn)

    def _without_words(self, turn: Turn) -> Reply | None:
        """A photo or a location alone: for the activity that is on, else for the case last spoken of."""
        located = any(a.kind is AttachmentKind.LOCATION for a in turn.message.attachments)
        wanted = Intent.CHECK_IN if located and turn.work.volunteers.open_to_check_in(turn.person, turn.now) else None
        if wanted is None and turn.talk.topic.get("case"):
            wanted = Intent.ADD_TO_CASE
        route = self._routes.get(wanted) if wanted else None
        if route is None:
            loose.keep(turn)
        return route.action(turn) if route else replies.nothing_to_attach()

    def _go_on_in_private(self, turn: Turn, heard: Heard, route: Route) -> None:
        """Do in the speaker's private talk what a group must not read, or offer it there where it writes at once."""
        identity = heard.identity
        if identity is None or identity.private_chat is None:
            waits = {"intent": str(route.intent), "text": turn.text, "at": turn.now.isoformat()}
            turn.talk.remember(waits=waits)
            return
        key = TalkKey(identity.channel, identity.account, identity.private_chat, identity.sender)
        talk = turn.work.talks.find(key, turn.person, turn.now, in_group=False)
        message = replace(turn.message, chat=identity.private_chat, in_group=False, addressed=True)
        private = replace(turn, key=f"{turn.key}:private", message=message, talk=talk, meant=True, due=())
        reply = self._in_private(private, heard, route)
        if reply is not None:
            self.say(private, reply)

    def _in_private(self, private: Turn, heard: Heard, route: Route) -> Reply | None:
        if route.in_group is InGroup.ASK and self._may(private, route.intent):
            choice = Choice(replies.DO_IT_HERE, route.intent, private.text)
            return replies.said_in_group(private.text, choice)
        meant = replace(heard, understanding=private.understanding, chosen=Choice(private.text, route.intent))
        form = self._forms.open_in(private)
        return self._attempt(private, meant, lambda: self._act(private, meant, form))


def _said_in_groups(turn: Turn) -> dict[str, str] | None:
    """What the speaker said last in a group that had to wait for a private talk."""
    waiting: list[dict[str, str]] = []
    for talk in turn.work.talks.in_groups(turn.person):
        if (waits := talk.topic.get("waits")) is not None:
            waiting.append(waits)
            talk.remember(waits=None)
    return max(waiting, key=lambda waits: waits["at"], default=None)


def _is_to_be_read_back(turn: Turn, heard: Heard) -> bool:
    """Whether a voice message waits until its transcript was confirmed.

    Danger does not wait, a plain yes or no needs no reading back, and an open form reads everything back itself.
    """
    spoken = any(attachment.kind is AttachmentKind.VOICE for attachment in turn.message.attachments)
    confirmed = heard.voice is not None and heard.voice.is_right is True
    if not spoken or confirmed or turn.message.in_group or turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return False
    words = turn.text
    plain = answers.read_yes_no(words) or answers.read_number(words) or answers.is_cancel(words)
    small_talk = turn.understanding.intent in forms.SMALL_TALK - {Intent.OUT_OF_SCOPE}
    return bool(words.strip()) and not plain and not small_talk and len(words) <= LONGEST_TEXT


def _is_another_photo(turn: Turn) -> bool:
    """Whether a photo without words follows another one: several in a row are one thing, answered once."""
    kinds = {attachment.kind for attachment in turn.message.attachments}
    alone = kinds == {AttachmentKind.PHOTO} and not turn.text.strip()
    last = turn.talk.topic.get("photo_at")
    turn.talk.remember(photo_at=turn.now.isoformat() if alone else None)
    return alone and last is not None and turn.now - datetime.fromisoformat(last) <= PHOTOS_TOGETHER


def _note_subject(turn: Turn, intent: Intent) -> None:
    """Remember what the talk is about, for short words that lean on it; small talk is about nothing."""
    if intent not in forms.SMALL_TALK:
        turn.talk.remember(about={"intent": str(intent), "at": turn.now.isoformat()})


def _unreadable(turn: Turn) -> Reply | None:
    if len(turn.text) > LONGEST_TEXT:
        return replies.too_long(LONGEST_TEXT)
    if not any(char.isalnum() for char in turn.text) and not turn.message.attachments:
        return replies.empty()
    return None


def _breaks_out(heard: Heard) -> bool:
    """Whether the message leaves an open form alone: an emergency, or a button that means something else."""
    intent = heard.understanding.intent
    pressed = heard.chosen is not None and heard.chosen.intent is not None and intent not in forms.SMALL_TALK
    return intent is Intent.REPORT_EMERGENCY or pressed


def _leaves(turn: Turn, form: Form) -> bool:
    """Whether the message surely is of something else than the open form; it then means what it means without it."""
    if not form.leaves(turn):
        return False
    alone = turn.understanding.alone
    if alone is not None:
        turn.understanding = replace(turn.understanding, intent=alone.intent, confidence=alone.confidence)
    return True


def _depth(talk: Talk) -> int:
    depth, form = 0, talk.form
    while form is not None:
        depth, form = depth + 1, form["under"]
    return depth
