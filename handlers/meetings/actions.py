"""What admins and residents do about meetings, one function per intent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers import areas, forms, moments
from handlers.addresses import bare
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from handlers.meetings import replies, rules
from handlers.routes import Duty, InGroup, Routes
from nlu import answers
from nlu.understanding import EntityKind, Intent
from storage.meetings import Answer, Meeting, MeetingState
from storage.messages import Priority
from storage.people import ADMINS, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Desk, Reply, Turn

routes = Routes()
LONGEST = 200
"""Characters of a title or a place."""

CALLERS = ADMINS | {Role.GRID_MEMBER}


@routes.on(Intent.SCHEDULE_MEETING, roles=CALLERS, in_group=InGroup.MOVE)
def schedule_meeting(turn: Turn) -> Reply:
    """Call a meeting out of one sentence, asking for what is missing."""
    return forms.begin(turn, MEETING, {"kind": "议事会"} if _part_of("kind")(_said(turn)) is None else None)


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
    text = _any_text(said)
    return bare(text) if text else None


def _any_topics(said: Said) -> list[str] | None:
    text = _any_text(said)
    return [text] if text else None


def _when(said: Said) -> moments.When | None:
    return moments.read_when(said.text, said.now)


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
            invitations=[],
        )
    )
    people = turn.work.people.living_in(area)
    turn.work.meetings.invite(meeting, people)
    others = (person for person in people if person.subscribed and person.id != turn.person.id)
    return replies.called(meeting, turn.tell_all(others, replies.call(meeting), Priority.NOTICE))


MEETING = Form(
    name="schedule_meeting",
    intent=Intent.SCHEDULE_MEETING,
    slots=(
        Slot("kind", replies.ask_topics, find=_part_of("kind"), needed=lambda _values: False),
        Slot(
            "when",
            replies.ask_time,
            read=_when,
            find=_when,
            merge=moments.join,
            complete=moments.has_hour,
            called=("时间", "日期", "日子"),
        ),
        Slot("place", replies.ask_place, accept=_any_place, find=_part_of("place"), called=("地点", "地方", "位置")),
        Slot(
            "topics",
            replies.ask_topics,
            read=_part_of("topics"),
            accept=_any_topics,
            find=_part_of("topics"),
            called=("议题", "内容"),
        ),
        Slot("grid", replies.ask_place, find=_part_of("grid"), needed=lambda _values: False),
    ),
    read_back=replies.read_back,
    about=replies.about_meeting,
    finish=_call,
    owns=frozenset({Intent.BROADCAST_NOTICE, Intent.PROPOSE_TOPIC, Intent.CREATE_ACTIVITY}),
    words=("topics",),
    context=_context,
)


@routes.on(Intent.LIST_MEETINGS, in_group=InGroup.ACT)
def list_meetings(turn: Turn) -> Reply:
    """List the meetings that are called and concern this person."""
    meetings = turn.work.meetings.coming(turn.person, turn.now)
    return replies.coming(meetings) if meetings else replies.none_coming()


@routes.on(Intent.ATTEND_MEETING, in_group=InGroup.ACT)
def attend_meeting(turn: Turn) -> Reply:
    """Record that the person comes."""
    return _answer(turn, Answer.YES)


@routes.on(Intent.DECLINE_MEETING, in_group=InGroup.ACT)
def decline_meeting(turn: Turn) -> Reply:
    """Record that the person does not come."""
    return _answer(turn, Answer.NO)


def _answer(turn: Turn, answer: Answer) -> Reply:
    meetings = _meant(turn, turn.work.meetings.coming(turn.person, turn.now))
    if not meetings:
        return replies.none_coming()
    if len(meetings) > 1:
        return replies.which(meetings, turn.understanding.intent)
    turn.work.meetings.answer(meetings[0], turn.person, answer, turn.now)
    return replies.answered(meetings[0], answer)


def _meant(turn: Turn, meetings: Sequence[Meeting]) -> list[Meeting]:
    titled = [meeting for meeting in meetings if meeting.title in turn.text]
    if titled:
        return titled[:1]
    span = turn.value(EntityKind.TIME)
    if span is not None and span.start is not None:
        day = span.start.date()
        same_day = [meeting for meeting in meetings if meeting.start.astimezone(span.start.tzinfo).date() == day]
        meetings = same_day or meetings
    shared = [rules.shared_words(turn.text, [m.title, m.kind, m.place, *m.topics]) for m in meetings]
    best = max(shared, default=0)
    return [meeting for meeting, count in zip(meetings, shared, strict=True) if count == best]


def remind(desk: Desk) -> None:
    """Remind of meetings: a day before those who have not answered, an hour before those who have not declined."""
    for which, before in rules.REMIND_BEFORE.items():
        for meeting in desk.work.meetings.starting_before(desk.now + before, desk.now):
            if not desk.work.meetings.begin_reminder(meeting, which, desk.now):
                continue
            late = meeting.created_at > meeting.start - before or desk.now > meeting.start - rules.REMIND_BEFORE["hour"]
            if late and (which == "day" or meeting.created_at > meeting.start - before):
                continue
            told = (i.person for i in meeting.invitations if rules.is_reminded(which, i.answer) and i.person.subscribed)
            desk.tell_all(told, replies.reminder(meeting, which), Priority.NOTICE)


FORMS = (MEETING,)
DUTIES = (Duty("meetings.remind", 10, remind),)
