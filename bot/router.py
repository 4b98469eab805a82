"""The router: one message, from stored to committed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import structlog
from sqlalchemy.exc import DBAPIError

from bot.inbox import as_inbound
from handlers import forms
from handlers.errors import Refusal
from handlers.routes import InGroup
from handlers.talk import actions as talk_actions
from handlers.talk import replies
from handlers.turn import AttachmentKind, Choice, Inbound, Reply, Turn
from nlu import answers
from nlu.personal_data import mask
from nlu.understanding import NO_CONTEXT, Context, Intent, Understanding
from storage.messages import MAX_ATTEMPTS, InboxMessage, InboxState, Priority, TalkKey
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from datetime import datetime

    from bot.clock import Clock
    from handlers.forms import Form, Forms
    from handlers.routes import Route, Routes
    from nlu.policy.library import PolicyLibrary
    from storage.database import Database
    from storage.people import Identity, Person
    from storage.talks import Talk

LONGEST_TEXT = 5_000
"""Characters of one message that are read for meaning; a longer one is kept and its sender asked to be brief."""

LONGEST_ASSENT = 4
"""Characters that may follow a yes or no to what was offered (「要得，我参加」); more than that says something new."""

log = structlog.get_logger(__name__)


class Parser(Protocol):
    """What gives a text its meaning."""

    def parse(self, text: str, now: datetime, context: Context = NO_CONTEXT) -> Understanding:
        """Understand one text that was sent at `now` in a talk that is about `context`."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A stored message with what was pressed or meant by it, understood before any lock is taken."""

    row_id: int
    message: Inbound
    understanding: Understanding
    chosen: Choice | None
    identity: Identity | None = None


class Router:
    """Works stored messages, one of a talk at a time, each in one transaction with one commit."""

    def __init__(
        self,
        database: Database,
        parser: Parser,
        library: PolicyLibrary,
        clock: Clock,
        routes: Routes,
        open_forms: Forms,
    ) -> None:
        self._database = database
        self._parser = parser
        self._library = library
        self._clock = clock
        self._routes = routes
        self._forms = open_forms

    def work_off(self, talk: TalkKey) -> int:
        """Work every waiting message of a talk, in order; how many were worked.

        A message that fails outside its action stays stored, for the next try; after MAX_ATTEMPTS it is given up and
        its sender is told.
        """
        worked = 0
        while (row_id := self._next(talk)) is not None:
            try:
                worked += self._work(talk, row_id)
            except DBAPIError as error:
                # A deadlock, or a row that another process made first, is gone at the next try.
                log.warning("message is worked again", row=row_id, reason=type(error).__name__)
                self._note_failure(row_id)
            except Exception:
                log.exception("message failed", row=row_id)
                if not self._note_failure(row_id):
                    break
        return worked

    def _next(self, talk: TalkKey) -> int | None:
        with UnitOfWork(self._database, read_only=True) as work:
            row = work.messages.next_stored(talk)
            return row.id if row else None

    def _work(self, talk: TalkKey, row_id: int) -> bool:
        heard = self._hear(row_id)
        with UnitOfWork(self._database) as work:
            person, identity = self._person(work, heard.message)
            open_talk = work.talks.find(talk, person, self._clock(), in_group=heard.message.in_group)
            row = work.messages.next_stored(talk)
            if row is None or row.id != row_id:
                # Another process has worked it while this one was reading.
                return False
            heard = replace(heard, identity=identity)
            turn = self._turn(work, row, heard, person, open_talk)
            self._answer(turn, heard)
            open_talk.updated_at = turn.now
            row.state = InboxState.DONE
            work.commit()
        return True

    def _hear(self, row_id: int) -> _Heard:
        with UnitOfWork(self._database, read_only=True) as work:
            row = work.messages.get(row_id)
            message = as_inbound(row)
            chosen = _chosen(work, message)
        text = chosen.says or chosen.label if chosen else message.text
        understanding = self._understand(text, message.sent_at)
        if chosen is not None and chosen.intent is not None:
            understanding = replace(understanding, intent=chosen.intent, confidence=1.0)
        return _Heard(row_id, message, understanding, chosen)

    def _understand(self, text: str, now: datetime) -> Understanding:
        if len(text) > LONGEST_TEXT or not any(char.isalnum() for char in text):
            return Understanding(text, Intent.OUT_OF_SCOPE, 0.0)
        return self._parser.parse(text, now)

    def _person(self, work: UnitOfWork, message: Inbound) -> tuple[Person, Identity]:
        """Whoever speaks; somebody new is a resident of the first community until they say where they live."""
        now = self._clock()
        identity = work.people.identity(message.channel, message.account, message.sender)
        if identity is None:
            person = work.people.add(work.areas.communities()[0], now)
            identity = work.people.add_identity(person, message.channel, message.account, message.sender, now)
        identity.seen_at = now
        identity.private_chat = message.private_chat or (identity.private_chat if message.in_group else message.chat)
        return identity.person, identity

    def _turn(self, work: UnitOfWork, row: InboxMessage, heard: _Heard, person: Person, talk: Talk) -> Turn:
        return Turn(
            work,
            self._clock(),
            f"in:{row.id}",
            row.id,
            message=heard.message,
            person=person,
            talk=talk,
            understanding=heard.understanding,
            library=self._library,
            meant=self._is_meant(heard),
        )

    def _is_meant(self, heard: _Heard) -> bool:
        """Whether words may answer an open question loosely: not if overheard in a group, nor what must go private."""
        route = self._routes.get(heard.understanding.intent)
        private = route is not None and route.in_group in (InGroup.MOVE, InGroup.ASK)
        return not heard.message.in_group or (heard.message.addressed and not private)

    def _answer(self, turn: Turn, heard: _Heard) -> None:
        reply = self._attempt(turn, heard)
        if reply is not None:
            self._say(turn, reply)

    def _attempt(self, turn: Turn, heard: _Heard) -> Reply | None:
        """Let the message act, in a savepoint: a refusal or a bug of ours undoes what it wrote."""
        before = (turn.talk.form, turn.talk.choices, turn.talk.topic)
        try:
            with turn.work.attempt():
                return self._act(turn, heard)
        except Refusal as refusal:
            turn.talk.form, turn.talk.choices, turn.talk.topic = before
            return Reply(str(refusal))
        except DBAPIError:
            # A deadlock or a row that another process made first: the whole message is worked again.
            raise
        except Exception:
            log.exception("action failed", row=heard.row_id, intent=str(turn.understanding.intent))
            turn.talk.form, turn.talk.choices, turn.talk.topic = before
            return replies.our_fault()

    def _act(self, turn: Turn, heard: _Heard) -> Reply | None:
        unreadable = _unreadable(turn)
        if unreadable is not None:
            return None if _is_overheard(turn) else unreadable
        form = self._open_form(turn)
        if form is not None and not _breaks_out(heard):
            under = turn.talk.form["under"] if turn.talk.form else None
            reply = forms.carry_on(turn, form)
            if reply is not None:
                came_back = turn.talk.form is not None and turn.talk.form == under
                return reply.followed_by(self._reminder(turn)) if came_back else reply
        depth = _depth(turn.talk)
        reply = self._run(turn, heard)
        waits = form is not None and reply is not None and _depth(turn.talk) == depth
        return reply.followed_by(self._reminder(turn)) if waits and reply is not None else reply

    def _run(self, turn: Turn, heard: _Heard) -> Reply | None:
        if not turn.text.strip():
            return None if _is_overheard(turn) else self._without_words(turn)
        route = self._routes.get(turn.understanding.intent)
        if turn.message.in_group and route is not None:
            if route.in_group is InGroup.IGNORE and not turn.message.addressed:
                return None
            if route.in_group in (InGroup.MOVE, InGroup.ASK):
                self._go_on_in_private(turn, heard, route)
                return replies.in_private()
        if route is None:
            return None if _is_overheard(turn) else talk_actions.not_yet(turn)
        if route.roles and not turn.person.roles & route.roles:
            raise Refusal(replies.not_allowed())
        return route.action(turn)

    def _without_words(self, turn: Turn) -> Reply | None:
        """A photo or a location alone: for the activity that is on, else for the case last spoken of."""
        located = any(a.kind is AttachmentKind.LOCATION for a in turn.message.attachments)
        wanted = Intent.CHECK_IN if located and turn.work.volunteers.open_to_check_in(turn.person, turn.now) else None
        if wanted is None and turn.talk.topic.get("case"):
            wanted = Intent.ADD_TO_CASE
        route = self._routes.get(wanted) if wanted else None
        return route.action(turn) if route else replies.nothing_to_attach()

    def _go_on_in_private(self, turn: Turn, heard: _Heard, route: Route) -> None:
        """Do in the speaker's private talk what a group must not read, or offer it there where it writes at once."""
        identity = heard.identity
        if identity is None or identity.private_chat is None:
            return
        key = TalkKey(identity.channel, identity.account, identity.private_chat, identity.sender)
        talk = turn.work.talks.find(key, turn.person, turn.now, in_group=False)
        message = replace(turn.message, chat=identity.private_chat, in_group=False, addressed=True)
        private = replace(turn, key=f"{turn.key}:private", message=message, talk=talk, meant=True)
        if route.in_group is InGroup.ASK and (not route.roles or turn.person.roles & route.roles):
            choice = Choice(replies.DO_IT_HERE, route.intent, turn.text)
            self._say(private, replies.said_in_group(turn.text, choice))
            return
        reply = self._attempt(private, replace(heard, chosen=Choice(turn.text, route.intent)))
        if reply is not None:
            self._say(private, reply)

    def _say(self, turn: Turn, reply: Reply) -> None:
        if turn.message.in_group:
            reply = replace(reply, text=mask(reply.text))
        emergency = turn.understanding.intent is Intent.REPORT_EMERGENCY
        turn.write(turn.talk.key, reply, turn.person, Priority.EMERGENCY if emergency else Priority.REPLY)

    def _open_form(self, turn: Turn) -> Form | None:
        return self._forms.open_in(turn.talk, turn.now)

    def _reminder(self, turn: Turn) -> Reply | None:
        return self._forms.reminder(turn.talk, turn.now)

    def _note_failure(self, row_id: int) -> bool:
        """Count a failed try; True when the message was given up, so that the next one may be worked."""
        with UnitOfWork(self._database) as work:
            row = work.messages.get(row_id)
            row.attempts += 1
            given_up = row.attempts >= MAX_ATTEMPTS
            if given_up:
                row.state = InboxState.FAILED
                person, _ = self._person(work, as_inbound(row))
                talk = work.talks.find(row.talk, person, self._clock(), in_group=row.in_group)
                heard = _Heard(row.id, as_inbound(row), Understanding(row.text, Intent.OUT_OF_SCOPE, 0.0), None)
                self._say(self._turn(work, row, heard, person, talk), replies.our_fault())
            work.commit()
        return given_up


def _chosen(work: UnitOfWork, message: Inbound) -> Choice | None:
    """What was pressed, or meant by a number, a label or a bare yes or no to what was last offered."""
    if message.payload is not None:
        return Choice.from_payload(message.payload)
    identity = work.people.identity(message.channel, message.account, message.sender)
    if identity is None:
        return None
    talk = work.talks.peek(message.talk)
    if talk is not None and talk.form is not None:
        return _pick([Choice.from_payload(payload) for payload in talk.choices], message.text, also_yes=False)
    last = work.messages.last_to(message.talk, identity.person_id)
    offered = [Choice.from_payload(choice["payload"]) for choice in last.choices] if last else []
    labels = [choice["label"] for choice in last.choices] if last else []
    return _pick(offered, message.text, also_yes=True, labels=labels)


def _pick(offered: list[Choice | None], text: str, *, also_yes: bool, labels: list[str] | None = None) -> Choice | None:
    known = [choice for choice in offered if choice is not None]
    number = answers.read_number(text)
    if number is not None and 1 <= number <= len(known):
        return known[number - 1]
    for label, choice in zip(labels or [], known, strict=False):
        said, rest = text[: len(label)], text[len(label) :]
        if said == label and not rest[:1].isalnum():
            return _with(choice, rest)
    answer = answers.read_yes_no(text) if also_yes and 0 < len(known) <= 2 else None
    place = 0 if answer is not None and answer.yes else 1
    if answer is None or place >= len(known) or len(answer.rest) > LONGEST_ASSENT:
        return None
    return _with(known[place], answer.rest)


def _with(choice: Choice, rest: str) -> Choice:
    """The choice with what was said beside it (「没解决，今天又打」)."""
    rest = rest.strip(" ，,。；;！!")
    return replace(choice, says=f"{choice.says or choice.label}，{rest}") if rest else choice


def _unreadable(turn: Turn) -> Reply | None:
    if len(turn.text) > LONGEST_TEXT:
        return replies.too_long(LONGEST_TEXT)
    if not any(char.isalnum() for char in turn.text) and not turn.message.attachments:
        return replies.empty()
    return None


def _is_overheard(turn: Turn) -> bool:
    return turn.message.in_group and not turn.message.addressed


def _breaks_out(heard: _Heard) -> bool:
    """Whether the message leaves an open form alone: an emergency, or a button that means something else."""
    intent = heard.understanding.intent
    pressed = heard.chosen is not None and heard.chosen.intent is not None and intent not in forms.SMALL_TALK
    return intent is Intent.REPORT_EMERGENCY or pressed


def _depth(talk: Talk) -> int:
    depth, form = 0, talk.form
    while form is not None:
        depth, form = depth + 1, form["under"]
    return depth
