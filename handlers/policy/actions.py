"""Questions about the policy: what it says and who is responsible."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers.policy import replies
from handlers.routes import Duty, InGroup, Routes
from nlu.entities import find_entities
from nlu.nameless import nameless
from nlu.policy.clauses import Status
from nlu.policy.library import Source
from nlu.understanding import Intent
from storage.people import ADMINS

if TYPE_CHECKING:
    from handlers.turn import Desk, Reply, Turn
    from nlu.policy.answer import PolicyAnswer

routes = Routes()

FOLLOWS_WITHIN = timedelta(minutes=15)
"""A question may lean on one that was asked within this time."""

REMEMBERED = 3

LONGEST_KEPT = 300
"""Characters of an unanswered question that are kept."""

FORGOTTEN_AFTER = timedelta(days=180)
"""How long it is kept."""


@routes.on(Intent.ASK_POLICY, in_group=InGroup.ACT)
def ask_policy(turn: Turn) -> Reply:
    """Answer with the clause, word for word, or say that the document does not say."""
    return _answer(turn)


@routes.on(Intent.ASK_DEPARTMENT, in_group=InGroup.ACT)
def ask_department(turn: Turn) -> Reply:
    """Answer with the responsible units as the annex names them."""
    return _answer(turn)


def _answer(turn: Turn) -> Reply:
    turns = [*_earlier(turn), turn.text]
    turn.talk.remember(questions=turns[-REMEMBERED:], questions_at=turn.now.isoformat())
    sources = [Source(each.id, each.text, Status(each.status)) for each in turn.work.policy.current()]
    if not sources:
        return replies.no_document()
    found = turn.library.answer(turns, sources)
    _note(turn, found)
    if found.answered:
        return replies.answer(found)
    offices = turn.work.people.answerable(ADMINS, turn.person.area)
    return replies.does_not_say(found.document, offices[0] if offices else None)


def _note(turn: Turn, found: PolicyAnswer) -> None:
    """Remember what is quoted, for 「这条」; keep what the documents do not say, without whoever asked."""
    quoted = list(dict.fromkeys(quote.clause_id for quote in found.quotes))[:REMEMBERED]
    kept = {"document": found.document.title, "clauses": quoted, "at": turn.now.isoformat()}
    turn.talk.remember(quoted=kept if quoted else None)
    if not found.answered:
        question = nameless(found.question, find_entities(found.question, turn.now))
        turn.work.questions.add(question[:LONGEST_KEPT], turn.now)


def _earlier(turn: Turn) -> list[str]:
    asked = turn.talk.topic.get("questions_at")
    if asked is None or turn.now - datetime.fromisoformat(asked) > FOLLOWS_WITHIN:
        return []
    return list(turn.talk.topic.get("questions", []))


def forget_unanswered_questions(desk: Desk) -> None:
    """Erase the questions that were asked half a year ago."""
    desk.work.questions.forget(desk.now - FORGOTTEN_AFTER)


DUTIES = (Duty("policy.forget_unanswered_questions", 3600, forget_unanswered_questions),)
