"""Topics: residents propose and second them, and hear of every step that they come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handlers import forms
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.meetings import rules, topic_replies
from handlers.meetings.settings import is_awake
from nlu import answers
from nlu import topics as words
from nlu.personal_data import mask
from nlu.persons import find_persons
from nlu.places import grid_of
from nlu.tables import read_yaml
from nlu.understanding import Intent
from storage.messages import Priority
from storage.people import ADMINS, Role
from storage.topics import Topic, TopicState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from handlers.turn import Desk, Reply, Turn
    from storage.areas import Area
    from storage.meetings import Meeting
    from storage.people import Person

CALLERS = ADMINS | {Role.GRID_MEMBER}
"""Who may call a meeting where they hold this role, and answers what is proposed there."""

LONGEST = 100
_FILE = Path(__file__).parent / "topics.yml"
_LAST = "topic"
"""What the talk keeps of the topic that was spoken of last."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The numbers of `topics.yml`."""

    told_at: Sequence[int]
    remind_days: int
    most_open: int
    most_shown: int
    alike: float


@cache
def settings() -> Settings:
    """What holds. Raises TypeError where a number is missing or not known."""
    return Settings(**read_yaml(_FILE))


def propose(turn: Turn) -> Reply:
    """Propose a topic, or do what the words say of one that there is."""
    about = words.about_in(turn.text)
    match about.said if about else None:
        case words.Said.LIST:
            return _list(turn)
        case words.Said.WITHDRAW:
            return _withdraw(turn, about.number if about else None)
        case words.Said.SECOND:
            return _second(turn, about.number if about else None) or _begin(turn)
        case words.Said.TAKE_UP if about is None or about.number is None:
            return _begin(turn)
        case words.Said.TAKE_UP | words.Said.DECLINE:
            raise Refusal(topic_replies.only_staff_answer())
        case _:
            return _begin(turn)


def waiting(turn: Turn) -> Sequence[Topic]:
    """The topics of the speaker's community that wait for an answer."""
    return turn.work.topics.of_community(turn.work.areas.community_of(turn.person.area), TopicState.PROPOSED)


def named(text: str, topics: Sequence[Topic]) -> list[Topic]:
    """Those of `topics` of which `text` says the most words; none where it says no word of any."""
    shared = [rules.shared_words(text, [topic.text]) for topic in topics]
    best = max(shared, default=0)
    return [topic for topic, count in zip(topics, shared, strict=True) if best and count == best]


def note(turn: Turn, topic: Topic) -> None:
    """Remember a topic as the one that the talk is about."""
    turn.talk.remember(**{_LAST: topic.id})


def _begin(turn: Turn) -> Reply:
    topic = words.topic_in(turn.text)
    alike = [] if topic is None or topic_replies.ANEW in turn.text else _alike(topic, waiting(turn))
    if topic is not None and alike:
        note(turn, alike[0])
        return topic_replies.proposed_already(alike[0], public(topic))
    mine = [each for each in waiting(turn) if each.proposer_id == turn.person.id]
    if len(mine) >= settings().most_open:
        raise Refusal(topic_replies.too_many(settings().most_open))
    return forms.begin(turn, PROPOSAL)


def _alike(topic: str, others: Sequence[Topic]) -> list[Topic]:
    return [each for each in others if rules.are_alike(public(topic), each.text, settings().alike)]


def public(topic: str) -> str:
    """A topic as everybody may read it: nobody is named in it, and no door."""
    for person in reversed(find_persons(topic)):
        topic = topic[: person.start] + "某人" + topic[person.end :]
    return mask(topic)[:LONGEST]


def _find_text(said: Said) -> str | None:
    topic = words.topic_in(said.text)
    return public(topic) if topic else None


def _accept_text(said: Said) -> str | None:
    text = said.text.strip()
    return public(words.topic_in(text) or text) if text and answers.read_yes_no(text) is None else None


def _context(turn: Turn, values: Values) -> None:
    # The grid is heard where the topic is first told; 「我们2网格」 need not be said again.
    values["grid"] = values.get("grid") or grid_of(turn.text)
    values["area"] = _area(turn, values).name


def _area(turn: Turn, values: Values) -> Area:
    community = turn.work.areas.community_of(turn.person.area)
    grid = turn.work.areas.grid(community, values["grid"]) if values.get("grid") else None
    return grid or community


def _propose(turn: Turn, values: Values) -> Reply:
    area = _area(turn, values)
    topic = turn.work.topics.add(
        Topic(
            community_id=turn.work.areas.community_of(area).id,
            area_id=area.id,
            area=area,
            proposer_id=turn.person.id,
            proposer=turn.person,
            text=values["text"],
            state=TopicState.PROPOSED,
            created_at=turn.now,
            asked_at=turn.now,
            told_count=0,
            answer="",
            seconds=[],
        )
    )
    note(turn, topic)
    _tell_staff(turn, topic, topic_replies.to_answer(topic), but=turn.person)
    return topic_replies.proposed(topic)


PROPOSAL = Form(
    name="propose_topic",
    intent=Intent.PROPOSE_TOPIC,
    slots=(
        Slot(
            "text", topic_replies.ask_text, accept=_accept_text, find=_find_text, greedy=True, called=("议题", "内容")
        ),
    ),
    read_back=topic_replies.read_back,
    about=topic_replies.about_proposal,
    finish=_propose,
    owns=frozenset({Intent.GIVE_OPINION, Intent.SCHEDULE_MEETING}),
    words=("text",),
    context=_context,
)


def _list(turn: Turn) -> Reply:
    found = waiting(turn)[: settings().most_shown]
    return topic_replies.listed(found) if found else topic_replies.none_waiting()


def _second(turn: Turn, number: int | None) -> Reply | None:
    """Second the topic that is meant; None where the words rather propose one that there is not."""
    found = waiting(turn)
    if number is not None:
        meant = [topic for topic in found if topic.id == number]
        if not meant:
            raise Refusal(topic_replies.not_waiting())
    else:
        meant = named(turn.text, found)
        if not meant and words.topic_in(turn.text) and "附议" not in turn.text:
            return None
        meant = meant or [topic for topic in found if topic.id == turn.talk.topic.get(_LAST)] or list(found)
    if len(meant) > 1:
        return topic_replies.which(meant[: settings().most_shown])
    if not meant:
        return topic_replies.none_waiting()
    topic = turn.work.topics.lock(meant[0])
    note(turn, topic)
    if topic.proposer_id == turn.person.id:
        raise Refusal(topic_replies.your_own(topic))
    if topic.state is not TopicState.PROPOSED:
        raise Refusal(topic_replies.not_waiting())
    if not turn.work.topics.second(topic, turn.person, turn.now):
        raise Refusal(topic_replies.seconded_already(topic))
    _tell_of_count(turn, topic)
    return topic_replies.seconded(topic)


def _tell_of_count(turn: Turn, topic: Topic) -> None:
    """Tell the proposer and staff when enough have seconded, once each time."""
    count = len(topic.seconds)
    if count not in settings().told_at or count <= topic.told_count:
        return
    topic.told_count = count
    turn.tell(topic.proposer, topic_replies.count_reached(topic), Priority.NOTICE)
    _tell_staff(turn, topic, topic_replies.to_answer(topic), but=topic.proposer)


def _withdraw(turn: Turn, number: int | None) -> Reply:
    mine = [topic for topic in turn.work.topics.followed_by(turn.person) if topic.state is TopicState.PROPOSED]
    if number is not None:
        mine = [topic for topic in mine if topic.id == number]
    if len(mine) > 1:
        mine = named(turn.text, mine) or mine
    if not mine:
        raise Refusal(topic_replies.nothing_to_withdraw())
    if len(mine) > 1:
        return topic_replies.which_to_withdraw(mine[: settings().most_shown])
    topic = turn.work.topics.lock(mine[0])
    if topic.proposer_id != turn.person.id:
        turn.work.topics.take_back(topic, turn.person)
        return topic_replies.second_withdrawn(topic)
    topic.state = TopicState.WITHDRAWN
    turn.tell_all((second.person for second in topic.seconds), topic_replies.was_withdrawn(topic), Priority.NOTICE)
    return topic_replies.withdrawn(topic)


def called(turn: Turn, meeting: Meeting, ids: Collection[int]) -> Reply | None:
    """Put on a meeting that is called the topics with these ids, and those that say the same as one of its own.

    Those who follow them hear of it; what whoever called it is told, or None where there are none.
    """
    community = turn.work.areas.community_of(meeting.area)
    taken = [
        topic
        for topic in turn.work.topics.of_community(community, TopicState.PROPOSED)
        if turn.person.holds(CALLERS, topic.area) and (topic.id in ids or _is_on(topic, meeting))
    ]
    for topic in taken:
        topic.state, topic.meeting_id, topic.meeting = TopicState.TAKEN_UP, meeting.id, meeting
        topic.answered_by_id, topic.answered_at = turn.person.id, turn.now
        tell_followers(turn, topic, topic_replies.taken_up(topic, meeting))
    return topic_replies.put_on(taken) if taken else None


def _is_on(topic: Topic, meeting: Meeting) -> bool:
    """Whether a meeting of the area of a topic speaks of the same."""
    said = any(topic.text in each or each in topic.text for each in meeting.topics)
    return said and meeting.area.contains(topic.area)


def tell_followers(desk: Desk, topic: Topic, reply: Reply) -> int:
    """Tell whoever proposed a topic, and those who seconded it, of a step; how many were told."""
    return desk.tell_all(topic.followers, reply, Priority.NOTICE)


def _tell_staff(desk: Desk, topic: Topic, reply: Reply, but: Person | None) -> None:
    """Tell the nearest of those who answer for the area of a topic."""
    for person in desk.work.people.answerable(CALLERS, topic.area):
        if (but is None or person.id != but.id) and desk.tell(person, reply, Priority.NOTICE) is not None:
            return


def remind_of_unanswered(desk: Desk) -> None:
    """Remind those who answer of what waits for long; at night that waits for the morning."""
    if not is_awake(desk.now):
        return
    for topic in desk.work.topics.unanswered(desk.now - timedelta(days=settings().remind_days)):
        topic.asked_at = desk.now
        _tell_staff(desk, topic, topic_replies.still_to_answer(topic, desk.now), but=None)


def numbered(topics: Sequence[Topic], number: int | None) -> list[Topic]:
    """Those of `topics` that bear this number."""
    return [topic for topic in topics if topic.id == number]


def as_values(topic: Topic) -> dict[str, Any]:
    """What a form keeps of a topic."""
    return {"topic": topic.id, "text": topic.text, "seconds": len(topic.seconds)}
