"""Questions about the policy: what it says and who is responsible."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from handlers.policy import replies, rules
from handlers.routes import InGroup, Routes
from nlu.entities import find_entities
from nlu.nameless import nameless
from nlu.policy.answer import AnswerKind
from nlu.policy.clauses import Status
from nlu.policy.library import Source
from nlu.policy.parts import answers
from nlu.policy.talk import acknowledges
from nlu.policy.terms import shipped_thesaurus
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.people import ADMINS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn
    from nlu.policy.answer import PolicyAnswer

routes = Routes()


@routes.on(Intent.ASK_POLICY, in_group=InGroup.ACT)
def ask_policy(turn: Turn) -> Reply | None:
    """Answer with the clause, word for word, or say that the document does not say."""
    return _answer(turn)


@routes.on(Intent.ASK_DEPARTMENT, in_group=InGroup.ACT)
def ask_department(turn: Turn) -> Reply | None:
    """Answer with the responsible units as the annex names them."""
    return _answer(turn)


def _answer(turn: Turn) -> Reply | None:
    earlier = _earlier(turn)
    if earlier and acknowledges(turn.text, shipped_thesaurus()):
        return None if turn.message.in_group else replies.glad_to_help()
    sources = [Source(each.id, each.text, Status(each.status)) for each in turn.work.policy.current()]
    if not sources:
        return replies.no_document()
    found = answers([*earlier, turn.text], lambda turns: turn.library.answer(turns, sources), shipped_thesaurus())
    setting = _setting(turn, several=len(sources) > 1)
    if len(found) == 1 and found[0].kind is AnswerKind.VAGUE:
        return _ask_back(turn, replies.answer(found, setting), setting)
    _note(turn, found)
    questions = rules.to_remember(earlier, turn.text, found)
    turn.talk.remember(questions=questions, questions_at=turn.now.isoformat(), asked_back=None)
    # The buttons of an answer in the middle of a form would take the numbers that answer the form.
    reply = replies.answer(found, setting)
    return reply if turn.talk.form is None else replace(reply, choices=())


def _ask_back(turn: Turn, question: Reply, setting: replies.Setting) -> Reply | None:
    """Ask what is meant, but not of what others say to each other in a group, nor twice in a row."""
    if turn.is_overheard:
        return None
    if turn.talk.form is not None or _is_recent(turn, "asked_back"):
        turn.talk.remember(asked_back=None)
        return replies.still_vague(setting)
    turn.talk.remember(asked_back=turn.now.isoformat())
    return question


def _setting(turn: Turn, *, several: bool) -> replies.Setting:
    community = turn.work.areas.community_of(turn.person.area)
    offices = turn.work.people.answerable(ADMINS, turn.person.area)
    name = offices[0].name if offices else None
    whom = f"{community.name}的{name}" if name else f"{community.name}办公室"
    return replies.Setting(turn.now.astimezone(SHANGHAI).date(), whom, several, turn.message.in_group)


def _earlier(turn: Turn) -> Sequence[str]:
    return list(turn.talk.topic.get("questions", [])) if _is_recent(turn, "questions_at") else []


def _is_recent(turn: Turn, topic: str) -> bool:
    said = turn.talk.topic.get(topic)
    return rules.is_recent(datetime.fromisoformat(said) if said else None, turn.now)


def _note(turn: Turn, found: Sequence[PolicyAnswer]) -> None:
    """Remember what is quoted, for 「这条」; keep what the documents do not say, without whoever asked."""
    answered = [each for each in found if each.answered]
    if answered:
        last = answered[-1]
        quoted = list(dict.fromkeys(quote.clause_id for quote in last.quotes))[: rules.REMEMBERED]
        kept = {"document": last.document.title, "clauses": quoted, "at": turn.now.isoformat()}
    turn.talk.remember(quoted=kept if answered else None)
    for each in found:
        if not each.answered:
            question = nameless(each.question, find_entities(each.question, turn.now))
            turn.work.questions.add(question[: rules.LONGEST_KEPT], turn.now)
