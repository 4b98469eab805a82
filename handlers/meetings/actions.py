"""What admins and residents do about meetings, one function per intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.meetings import answering, calling, replies, results, rules, topics
from handlers.routes import Duty, InGroup, Routes
from nlu import topics as words
from nlu.understanding import EntityKind, Intent
from storage.meetings import Answer, Meeting
from storage.messages import Priority

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Desk, Reply, Turn

routes = Routes(calling.routes)


@routes.on(Intent.PROPOSE_TOPIC, in_group=InGroup.ACT)
def propose_topic(turn: Turn) -> Reply:
    """Propose a topic for consultation, second or withdraw one; staff answer one."""
    if words.asks_what_became(turn.text) and words.about_in(turn.text) is None:
        return results.known(turn)
    return answering.answer(turn) or topics.propose(turn)


@routes.on(Intent.ASK_MEETING_RESULT, in_group=InGroup.ACT)
def ask_meeting_result(turn: Turn) -> Reply:
    """Say what is known of a topic or a meeting, however far it has come."""
    return results.known(turn)


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


FORMS = (calling.MEETING, topics.PROPOSAL, answering.DECLINE)
LISTENERS = (answering.hear,)
DUTIES = (
    Duty("meetings.remind", 10, remind),
    Duty("meetings.topics_unanswered", 3600, topics.remind_of_unanswered),
)
