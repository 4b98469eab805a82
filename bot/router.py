"""The router: one message, from stored to committed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import DBAPIError

from bot.acting import Actor
from bot.answering import answer_all
from bot.hearing import Ear, Heard
from bot.inbox import as_inbound
from handlers.talk import replies
from handlers.turn import Turn
from nlu.policy.consulting import Consultation
from nlu.understanding import Intent, Understanding
from storage.messages import MAX_ATTEMPTS, InboxState, TalkKey
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.hearing import Parser
    from handlers.forms import Forms
    from handlers.routes import Routes
    from handlers.turn import Inbound
    from nlu.policy.consulting import Consultant
    from nlu.policy.library import Library
    from storage.database import Database
    from storage.people import Identity, Person
    from storage.talks import Talk

ASKS_POLICY = frozenset({Intent.ASK_POLICY, Intent.ASK_DEPARTMENT})

log = structlog.get_logger(__name__)


class Router:
    """Works stored messages, one of a talk at a time, each in one transaction with one commit."""

    def __init__(
        self,
        database: Database,
        parser: Parser,
        library: Library,
        clock: Clock,
        routes: Routes,
        open_forms: Forms,
        consultant: Consultant | None = None,
    ) -> None:
        self._database = database
        self._library = library
        self._clock = clock
        self._forms = open_forms
        self._ear = Ear(database, parser, open_forms, clock)
        self._actor = Actor(routes, open_forms)
        self._consultant = consultant

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
        heard = self._ear.hear(row_id)
        library: Library = self._library
        if self._consultant is not None and _only_asks_policy(heard):
            library = self._consulted(self._consultant, talk, heard)
        with UnitOfWork(self._database) as work:
            if not self._act(work, talk, heard, library):
                return False
            work.commit()
        return True

    def _consulted(self, consultant: Consultant, talk: TalkKey, heard: Heard) -> Library:
        """The library with what the language model adds to the answers to this message.

        What a message will ask of the documents shows only when it acts: the turns before, the open form and the group
        all weigh on it. So it acts once on trial and nothing of that is committed; then the model is asked, with no
        transaction held; then the message acts for good. One answer goes out, not a second one after it: a summary
        belongs beside its quotes, a refusal must not be taken back, and a number that the person types is chosen from
        the last message. The price is that an answer waits for the model, for at most its timeout; none does that has
        another message waiting behind it.
        """
        trial = Consultation(self._library)
        with UnitOfWork(self._database) as work:
            before = work.talks.peek(talk)
            fills_form = before is not None and before.form is not None
            is_hurried = work.messages.next_stored(talk, after=heard.row_id) is not None
            if fills_form or is_hurried or not self._act(work, talk, heard, trial):
                return self._library
        return consultant.consult(trial)

    def _act(self, work: UnitOfWork, talk: TalkKey, heard: Heard, library: Library) -> bool:
        """Let a message act and write its reply; False where another process has worked it in the meantime."""
        person, identity, is_first = self._person(work, heard.message)
        open_talk = work.talks.find(talk, person, self._clock(), in_group=heard.message.in_group)
        row = work.messages.next_stored(talk)
        if row is None or row.id != heard.row_id:
            return False
        turn = self._turn(work, heard, person, open_talk, library)
        heard = replace(heard, identity=identity)
        reply = answer_all(self._actor, turn, heard)
        reply = self._actor.and_what_waits(turn, heard, reply, is_first=is_first)
        reply = self._forms.and_ask_about_lapsed(turn, reply)
        if reply is not None:
            self._actor.say(turn, reply)
        open_talk.updated_at = turn.now
        row.state = InboxState.DONE
        return True

    def _person(self, work: UnitOfWork, message: Inbound) -> tuple[Person, Identity, bool]:
        """Whoever speaks, on which account, and whether they could not be written to alone before.

        Somebody new is a resident of the first community until they say where they live.
        """
        now = self._clock()
        identity = work.people.identity(message.channel, message.account, message.sender)
        if identity is None:
            person = work.people.add(work.areas.communities()[0], now)
            identity = work.people.add_identity(person, message.channel, message.account, message.sender, now)
        is_first = identity.private_chat is None
        alone = message.private_chat or (identity.private_chat if message.in_group else message.chat)
        work.people.saw(identity, alone, now)
        return identity.person, identity, is_first

    def _turn(self, work: UnitOfWork, heard: Heard, person: Person, talk: Talk, library: Library) -> Turn:
        return Turn(
            work,
            self._clock(),
            f"in:{heard.row_id}",
            heard.row_id,
            message=heard.message,
            person=person,
            talk=talk,
            understanding=heard.understanding,
            library=library,
            about=heard.about,
        )

    def _note_failure(self, row_id: int) -> bool:
        """Count a failed try; True when the message was given up, so that the next one may be worked."""
        with UnitOfWork(self._database) as work:
            row = work.messages.get(row_id)
            row.attempts += 1
            given_up = row.attempts >= MAX_ATTEMPTS
            if given_up:
                row.state = InboxState.FAILED
                person, _, _ = self._person(work, as_inbound(row))
                talk = work.talks.find(row.talk, person, self._clock(), in_group=row.in_group)
                heard = Heard(row.id, as_inbound(row), Understanding(row.text, Intent.OUT_OF_SCOPE, 0.0))
                self._actor.say(self._turn(work, heard, person, talk, self._library), replies.our_fault())
            work.commit()
        return given_up


def _only_asks_policy(heard: Heard) -> bool:
    """Whether a message asks the bot about the policy and nothing else: no report and no alarm leaves the house."""
    wishes = (heard.understanding, *heard.further, *heard.put_off)
    to_bot = heard.message.addressed or not heard.message.in_group
    return to_bot and all(wish.intent in ASKS_POLICY for wish in wishes)
