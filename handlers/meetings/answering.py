"""Answering topics: staff of the area call a meeting about one, or say why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import forms
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.meetings import calling, results, topic_replies, topics
from handlers.meetings.topics import CALLERS
from nlu import answers
from nlu import topics as words
from nlu.understanding import Intent
from storage.topics import TopicState

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.topics import Topic

_OF_STAFF = (words.Said.TAKE_UP, words.Said.DECLINE)
LONGEST_WHY = 300


def hear(turn: Turn) -> Reply | None:
    """Hear what is said of topics that there are, whatever a model makes of it; None for anything else."""
    if turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return None
    about = words.about_in(turn.text)
    if words.number_in(turn.text) is not None and (about is not None or words.asks_what_became(turn.text)):
        return _of_numbered(turn)
    if about is None:
        return results.hear(turn)
    if about.said in _OF_STAFF:
        found = turn.work.topics.to_answer(turn.person, CALLERS) if turn.person.roles & CALLERS else ()
        return answer(turn) if topics.named(turn.text, found) else None
    if about.said is words.Said.LIST:
        return topics.propose(turn)
    means_topic = about.said is words.Said.SECOND and not words.is_about_document(turn.text)
    return topics.propose(turn) if means_topic and topics.named(turn.text, topics.waiting(turn)) else None


def _of_numbered(turn: Turn) -> Reply | None:
    if words.about_in(turn.text) is None:
        return results.known(turn)
    return answer(turn) or topics.propose(turn)


def answer(turn: Turn) -> Reply | None:
    """Do what a member of staff says of a topic that waits for an answer; None where they say nothing of one."""
    about = words.about_in(turn.text)
    if about is None or about.said not in _OF_STAFF or not turn.person.roles & CALLERS:
        return None
    if turn.message.in_group:
        turn.tell(turn.person, topic_replies.answer_here(turn.text))
        return topic_replies.in_private()
    found = turn.work.topics.to_answer(turn.person, CALLERS)
    if about.number is not None:
        meant = topics.numbered(found, about.number)
    else:
        meant = topics.named(turn.text, found) or (list(found) if about.said is words.Said.DECLINE else [])
    if not meant and about.number is None:
        return None
    if not meant:
        raise Refusal(topic_replies.nothing_to_answer())
    if len(meant) > 1:
        return topic_replies.which_to_answer(meant[: topics.settings().most_shown])
    topics.note(turn, meant[0])
    if about.said is words.Said.TAKE_UP:
        return calling.begin(turn, meant[0])
    return forms.begin(turn, DECLINE, {**topics.as_values(meant[0]), **({"why": about.why} if about.why else {})})


def _any_text(said: Said) -> str | None:
    text = said.text.strip()
    return text[:LONGEST_WHY] if text and answers.read_yes_no(text) is None else None


def _decline(turn: Turn, values: Values) -> Reply:
    topic = _still_waiting(turn, values["topic"])
    topic.state, topic.answer = TopicState.DECLINED, values["why"]
    topic.answered_by_id, topic.answered_at = turn.person.id, turn.now
    return topic_replies.answered(topic, topics.tell_followers(turn, topic, topic_replies.declined(topic)))


def _still_waiting(turn: Turn, number: int) -> Topic:
    meant = topics.numbered(turn.work.topics.to_answer(turn.person, CALLERS), number)
    if not meant:
        raise Refusal(topic_replies.nothing_to_answer(), final=True)
    return turn.work.topics.lock(meant[0])


DECLINE = Form(
    name="decline_topic",
    intent=Intent.PROPOSE_TOPIC,
    slots=(Slot("why", topic_replies.ask_why, accept=_any_text, called=("原因", "理由")),),
    read_back=topic_replies.read_answer_back,
    about=topic_replies.about_answer,
    finish=_decline,
    owns=frozenset(Intent) - {Intent.REPORT_EMERGENCY, Intent.TALK_TO_HUMAN, Intent.HELP, Intent.MY_TASKS},
    words=("why",),
)
