"""Decisions: those responsible are reminded, whoever published them too, and all are told when one is done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers import forms
from handlers.errors import Refusal
from handlers.forms import Form, Values
from handlers.meetings import minutes, minutes_replies, naming, telling
from handlers.meetings.settings import is_awake, settings
from handlers.meetings.topics import CALLERS
from nlu import minutes as words
from nlu.personal_data import mask
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.messages import Priority

if TYPE_CHECKING:
    from handlers.turn import Desk, Reply, Turn
    from storage.meetings import Meeting
    from storage.minutes import Decision

BACK = timedelta(days=730)
"""How long after a meeting its decisions may be said to be done."""

LONGEST_NOTE = 200


def hear(turn: Turn) -> Reply | None:
    """Hear that a decision is done; None for all else."""
    found = words.done_in(turn.text)
    if found is None or turn.understanding.intent is Intent.REPORT_EMERGENCY or turn.message.in_group:
        return None
    number, note = found
    meetings = [each for each in _meetings(turn) if turn.work.minutes.decisions(each)]
    if not meetings:
        return None
    meant = naming.meant(turn, meetings)
    meetings = [each for each in meant if _theirs(turn, each, number)] or meant
    if len(meetings) > 1:
        return minutes_replies.which(meetings, turn.text)
    decision = _theirs(turn, meetings[0], number) if meetings else None
    if decision is None:
        raise Refusal(minutes_replies.no_such_decision(meetings[0] if meetings else None))
    if decision.done_at is not None:
        raise Refusal(minutes_replies.done_already(decision))
    naming.note(turn, meetings[0])
    return forms.begin(
        turn,
        DONE,
        {
            "meeting": meetings[0].id,
            "title": meetings[0].title,
            "number": number,
            "what": decision.what,
            "note": mask(note)[:LONGEST_NOTE],
        },
    )


def _meetings(turn: Turn) -> list[Meeting]:
    """Those that concern the speaker, and those of other places that gave them something to do."""
    begun = list(turn.work.meetings.begun(turn.person, turn.now, turn.now - BACK))
    given = turn.work.minutes.given_to(turn.person)
    return begun + [each for each in given if each not in begun and turn.now - BACK <= each.start <= turn.now]


def _theirs(turn: Turn, meeting: Meeting, number: int) -> Decision | None:
    """The decision of that number, if it is for the speaker to say that it is done."""
    found = next((each for each in turn.work.minutes.decisions(meeting) if each.number == number), None)
    may = found is not None and (found.person_id == turn.person.id or turn.person.holds(CALLERS, meeting.area))
    return found if may else None


def _find(turn: Turn, values: Values) -> Decision:
    meeting = next((each for each in _meetings(turn) if each.id == values["meeting"]), None)
    found = _theirs(turn, meeting, values["number"]) if meeting is not None else None
    if found is None or found.done_at is not None:
        raise Refusal(minutes_replies.no_such_decision(meeting), final=True)
    return found


def _context(turn: Turn, values: Values) -> None:
    values["people"] = len(minutes.audience(turn, _find(turn, values).meeting, turn.person))


def _done(turn: Turn, values: Values) -> Reply:
    decision = _find(turn, values)
    decision.done_at, decision.done_by_id, decision.note = turn.now, turn.person.id, values["note"]
    turn.work.session.flush()
    people = minutes.audience(turn, decision.meeting, turn.person)
    step = f"done{decision.number}:{turn.now.isoformat()}"
    return minutes_replies.done(telling.tell(turn, decision.meeting, step, people, minutes_replies.is_done(decision)))


def remind(desk: Desk) -> None:
    """Remind those responsible before a decision is due, and tell whoever published it on the day; each once."""
    if not is_awake(desk.now):
        return
    today = desk.now.astimezone(SHANGHAI).date()
    for decision in desk.work.minutes.to_remind(today + timedelta(days=settings().remind_days)):
        is_due = decision.due is not None and decision.due <= today
        if decision.reminded_at is None or (is_due and decision.due_told_at is None):
            decision.reminded_at = desk.now
            desk.tell(decision.person, minutes_replies.yours_is_due(decision, today), Priority.NOTICE)
        if is_due and decision.due_told_at is None:
            decision.due_told_at = desk.now
            published = desk.work.minutes.of(decision.meeting)
            if published is not None and published.by_id != decision.person_id:
                desk.tell(published.by, minutes_replies.is_due(decision), Priority.NOTICE)


DONE = Form(
    "decision_done",
    Intent.PUBLISH_MINUTES,
    (),
    minutes_replies.confirm_done,
    _done,
    context=_context,
    about=minutes_replies.about_done,
)
FORMS = (DONE,)
