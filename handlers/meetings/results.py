"""What is known of a topic or a meeting, at any step from the proposal until what was decided is done."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from handlers.meetings import rules, topic_replies, topics, vote_replies
from handlers.meetings.minutes_replies import Known
from nlu import meeting_words
from nlu import topics as words
from nlu.understanding import EntityKind, Intent
from storage.topics import TopicState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn
    from storage.meetings import Meeting
    from storage.topics import Topic

BACK = timedelta(days=365)
"""How far back meetings are looked for."""

MOST_SHOWN = 3


def known(turn: Turn) -> Reply:
    """All that is known of what the question means: a topic by its number or words, a meeting, or the last one."""
    asked = _topics(turn)
    if asked:
        topics.note(turn, asked[0])
        return topic_replies.known_of_topics(asked[:MOST_SHOWN], partial(_told, turn))
    meetings = _meetings(turn)
    if meetings:
        return topic_replies.known_of_meetings(meetings[:MOST_SHOWN], partial(_told, turn))
    return topic_replies.nothing_known()


def hear(turn: Turn) -> Reply | None:
    """Hear a question about a meeting that was held, or a topic that whoever asks follows; None for all else."""
    if not words.asks_what_became(turn.text):
        return None
    held = _held(turn) if meeting_words.speaks_of_meeting(turn.text) else []
    if held:
        return topic_replies.known_of_meetings(held[:MOST_SHOWN], partial(_told, turn))
    asks = turn.understanding.intent is Intent.CHECK_CASE
    if not asks or turn.work.cases.reported_by(turn.person):
        return None
    meant = topics.named(turn.text, turn.work.topics.followed_by(turn.person))
    return topic_replies.known_of_topics(meant[:MOST_SHOWN], partial(_told, turn)) if meant else None


def _held(turn: Turn) -> list[Meeting]:
    """The meetings that were held and of whose topics or number the words speak."""
    if turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return []
    begun = turn.work.meetings.begun(turn.person, turn.now, turn.now - BACK)
    number = meeting_words.number_in(turn.text)
    if number is not None:
        return [each for each in begun if each.id == number]
    told = [rules.shared_words(turn.text, each.topics) for each in begun]
    best = max(told, default=0)
    return [each for each, count in zip(begun, told, strict=True) if best and count == best]


def _told(turn: Turn, meeting: Meeting) -> str:
    """How far a meeting has come, with what its votes and minutes have made known."""
    work = turn.work
    found = Known(
        attended=work.minutes.attended(meeting),
        minutes=work.minutes.of(meeting),
        decisions=work.minutes.decisions(meeting),
        ballots=[vote_replies.known(ballot) for ballot in work.votes.of_meeting(meeting)],
    )
    return topic_replies.state_of_meeting(meeting, turn.now, found)


def _topics(turn: Turn) -> Sequence[Topic]:
    community = turn.work.areas.community_of(turn.person.area)
    everything = turn.work.topics.of_community(community, *TopicState)
    number = words.number_in(turn.text)
    if number is not None:
        return topics.numbered(everything, number)
    own = turn.work.topics.followed_by(turn.person) if words.asks_for_own(turn.text) else ()
    return topics.named(turn.text, own) or list(own) or topics.named(turn.text, everything)


def _meetings(turn: Turn) -> Sequence[Meeting]:
    """The meetings that the words or the day fit best; without either the last one that was held."""
    begun = turn.work.meetings.begun(turn.person, turn.now, turn.now - BACK)
    every = [*begun, *turn.work.meetings.coming(turn.person, turn.now)]
    number = meeting_words.number_in(turn.text)
    if number is not None and any(each.id == number for each in every):
        return [each for each in every if each.id == number]
    span = turn.value(EntityKind.TIME)
    if span is not None and span.start is not None:
        day = span.start.date()
        same = [each for each in every if each.start.astimezone(span.start.tzinfo).date() == day]
        if same:
            return same
    shared = [rules.shared_words(turn.text, [each.place, *each.topics, each.title]) for each in every]
    told = [rules.shared_words(turn.text, each.topics) for each in every]
    if any(told):
        return [each for each, count in zip(every, told, strict=True) if count == max(told)]
    best = max(shared, default=0)
    fitting = [each for each, count in zip(every, shared, strict=True) if count == best]
    return [each for each in begun if each in fitting][:1] or fitting[:1]
