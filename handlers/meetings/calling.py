"""Calling a meeting: out of one sentence, with the topics that residents have proposed, read back and confirmed."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers import areas, forms, moments, totp
from handlers.addresses import bare
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.forms.filling import save, state_of
from handlers.meetings import changing, naming, replies, rules, telling, topics
from handlers.meetings.topics import CALLERS
from handlers.routes import InGroup, Routes
from nlu import answers, meeting_words
from nlu import topics as words
from nlu.understanding import Intent
from storage.areas import AreaKind
from storage.meetings import Meeting, MeetingState

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.topics import Topic

routes = Routes()
_CALLED_PLACE = "^(?:地点|地方|会场|位置)(?:也|就)?(?:改成|改到|改为|改在|换成|定在|是|在|为)"
LONGEST = 200
"""Characters of a title or a place."""


@routes.on(Intent.SCHEDULE_MEETING, roles=CALLERS, in_group=InGroup.MOVE)
def schedule_meeting(turn: Turn) -> Reply:
    """Call a meeting out of one sentence, asking for what is missing; or change one that is called."""
    return changing.manage(turn) or begin(turn)


def begin(turn: Turn, topic: Topic | None = None) -> Reply:
    """Begin the call, about a topic that was proposed where one is given."""
    values: Values = {"kind": "议事会"} if _part_of("kind")(_said(turn)) is None else {}
    if topic is not None:
        values |= {"topics": [topic.text], "topic_ids": [topic.id]}
        if topic.area.kind is AreaKind.GRID:
            values["grid"] = topic.area.code
    return forms.begin(turn, MEETING, values)


def _said(turn: Turn) -> Said:
    return Said(turn.text, turn.understanding, (), turn.message.sent_at)


def _part_of(name: str) -> Any:
    def find(said: Said) -> Any:
        return rules.read_meeting(said.text).get(name)

    return find


def _any_text(said: Said) -> str | None:
    text = said.text.strip()
    return text[:100] if text and answers.read_yes_no(text) is None else None


def _any_place(said: Said) -> str | None:
    text = re.sub(_CALLED_PLACE, "", _any_text(said) or "")
    return bare(text) if text else None


def _any_topics(said: Said) -> list[str] | None:
    text = _any_text(said)
    return [text] if text else None


def _when(said: Said) -> moments.When | None:
    return moments.read_when(words.without_number(said.text), said.now)


def _room(said: Said) -> int | None:
    return meeting_words.room_in(said.text)


def _add_topics(turn: Turn) -> Reply | None:
    """Take 「再加一个议题」 for a further topic, and not for another one in place of those that there are."""
    added = rules.added_topics(turn.text)
    known = state_of(turn)["values"].get("topics")
    if not added or not known:
        return None
    save(turn, values={**state_of(turn)["values"], "topics": [*known, *(each for each in added if each not in known)]})
    return forms.go_on(turn, MEETING)


def _context(turn: Turn, values: Values) -> None:
    when = values.get("when") or {}
    values["start"], values["end"] = when.get("start"), when.get("end")
    area = areas.audience(turn, CALLERS, values.get("grid"), replies.not_your_area())
    values["audience"] = f"{area.name}的居民"
    values["people"] = len(turn.work.people.living_in(area))


def _call(turn: Turn, values: Values) -> Reply:
    start = datetime.fromisoformat(values["start"])
    if start <= turn.now:
        raise Refusal(replies.in_the_past())
    area = areas.audience(turn, CALLERS, values.get("grid"), replies.not_your_area())
    meeting = turn.work.meetings.add(
        Meeting(
            area_id=area.id,
            area=area,
            called_by_id=turn.person.id,
            kind=values["kind"],
            title=rules.title(values["kind"], values["topics"])[:LONGEST],
            start=start,
            end=datetime.fromisoformat(values["end"]) if values.get("end") else None,
            place=values["place"][:LONGEST],
            topics=values["topics"],
            state=MeetingState.CALLED,
            created_at=turn.now,
            capacity=values.get("capacity"),
            sequence=0,
            secret=totp.new_secret(),
            invitations=[],
        )
    )
    people = turn.work.people.living_in(area)
    turn.work.meetings.invite(meeting, people)
    others = (person for person in people if person.subscribed and person.id != turn.person.id)
    naming.note(turn, meeting)
    told = telling.tell(turn, meeting, "call", others, replies.call(meeting))
    return replies.called(meeting, told).followed_by(topics.called(turn, meeting, values.get("topic_ids") or ()))


MEETING = Form(
    name="schedule_meeting",
    intent=Intent.SCHEDULE_MEETING,
    slots=(
        Slot("kind", replies.ask_topics, find=_part_of("kind"), needed=lambda _values: False),
        moments.slot(replies.ask_time, _when),
        Slot("place", replies.ask_place, accept=_any_place, find=_part_of("place"), called=("地点", "地方", "位置")),
        Slot(
            "topics",
            replies.ask_topics,
            read=_part_of("topics"),
            accept=_any_topics,
            find=_part_of("topics"),
            called=("议题", "内容"),
        ),
        Slot("capacity", replies.ask_topics, find=_room, needed=lambda _values: False, called=("座位", "人数", "名额")),
        Slot("grid", replies.ask_place, find=_part_of("grid"), needed=lambda _values: False),
    ),
    read_back=replies.read_back,
    about=replies.about_meeting,
    finish=_call,
    owns=frozenset({Intent.BROADCAST_NOTICE, Intent.PROPOSE_TOPIC, Intent.CREATE_ACTIVITY}),
    words=("topics",),
    context=_context,
    ahead=_add_topics,
)
