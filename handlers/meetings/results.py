"""What is known of a topic or a meeting, at any step from the proposal to the decision.

Whoever adds votes and minutes says in `topic_replies.state_of_meeting` what they have made known.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.meetings import rules, topic_replies, topics
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
        return topic_replies.known_of_topics(asked[:MOST_SHOWN], turn.now)
    meetings = _meetings(turn)
    if meetings:
        return topic_replies.known_of_meetings(meetings[:MOST_SHOWN], turn.now)
    return topic_replies.nothing_known()


def hear(turn: Turn) -> Reply | None:
    """Take 「路灯的事定了没」 for a question about a topic that they follow, of whoever has reported no case."""
    asks = turn.understanding.intent is Intent.CHECK_CASE and words.asks_what_became(turn.text)
    if not asks or turn.work.cases.reported_by(turn.person):
        return None
    meant = topics.named(turn.text, turn.work.topics.followed_by(turn.person))
    return topic_replies.known_of_topics(meant[:MOST_SHOWN], turn.now) if meant else None


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
