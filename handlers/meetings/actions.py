"""What admins and residents do about meetings, one function per intent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.meetings import (
    answering,
    attendance,
    attending,
    ballots,
    calendar,
    calling,
    changing,
    decisions,
    minutes,
    organising,
    replies,
    results,
    rules,
    telling,
    topics,
    voting,
)
from handlers.routes import Duty, InGroup, Routes
from nlu import topics as words
from nlu.understanding import Intent
from storage.meetings import Answer, Meeting, MeetingState
from storage.minutes import Decision
from storage.topics import Topic
from storage.votes import Ballot

if TYPE_CHECKING:
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
    return voting.known(turn) or results.known(turn)


@routes.on(Intent.VOTE, in_group=InGroup.MOVE)
def vote(turn: Turn) -> Reply:
    """Vote on what is open; in a group only the ballot paper is handed out, to the speaker alone."""
    return voting.vote(turn)


@routes.on(Intent.PUBLISH_MINUTES, roles=topics.CALLERS, in_group=InGroup.MOVE)
def publish_minutes(turn: Turn) -> Reply:
    """Publish the minutes of a meeting, with what was decided read back first."""
    return minutes.begin(turn)


@routes.on(Intent.LIST_MEETINGS, in_group=InGroup.ACT)
def list_meetings(turn: Turn) -> Reply:
    """List the meetings that are called and concern this person."""
    meetings = turn.work.meetings.coming(turn.person, turn.now)
    if meetings:
        return replies.coming(meetings)
    return replies.none_coming(turn.work.meetings.called_off(turn.person, turn.now))


@routes.on(Intent.ATTEND_MEETING, in_group=InGroup.ACT)
def attend_meeting(turn: Turn) -> Reply:
    """Record that the person comes, with whom they bring."""
    return attending.answer(turn, Answer.YES)


@routes.on(Intent.DECLINE_MEETING, in_group=InGroup.ACT)
def decline_meeting(turn: Turn) -> Reply:
    """Record that the person does not come."""
    return attending.answer(turn, Answer.NO)


def remind(desk: Desk) -> None:
    """Remind of meetings: a day before those who have not answered, an hour before those who come or may come."""
    for meeting in desk.work.meetings.over(desk.now):
        meeting.state = MeetingState.HELD
    for which, before in rules.REMIND_BEFORE.items():
        for meeting in desk.work.meetings.starting_before(desk.now + before, desk.now):
            if not desk.work.meetings.begin_reminder(meeting, which, desk.now):
                continue
            known = meeting.announced_at
            late = known > meeting.start - before or desk.now > meeting.start - rules.REMIND_BEFORE["hour"]
            if late and (which == "day" or known > meeting.start - before):
                continue
            told = (i.person for i in meeting.invitations if rules.is_reminded(which, i.answer) and telling.hears(i))
            telling.tell(desk, meeting, which, told, replies.reminder(meeting, which))


FORMS = (
    calling.MEETING,
    topics.PROPOSAL,
    answering.DECLINE,
    *changing.FORMS,
    *organising.FORMS,
    *voting.FORMS,
    *minutes.FORMS,
    *decisions.FORMS,
)
LISTENERS = (
    minutes.hear,
    *voting.LISTENERS,
    attendance.hear,
    decisions.hear,
    answering.hear,
    changing.manage,
    organising.hear,
    attending.hear,
    calendar.hear,
)
DUTIES = (
    Duty("meetings.remind", 10, remind, over=Meeting),
    Duty("meetings.votes", 30, ballots.attend_to, over=Ballot),
    Duty("meetings.decisions", 3600, decisions.remind, over=Decision),
    Duty("meetings.topics_unanswered", 3600, topics.remind_of_unanswered, over=Topic),
)
