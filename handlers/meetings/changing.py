"""Moving and cancelling a meeting that is called: read back first, then told once to everybody invited."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from handlers import forms, moments
from handlers.errors import Refusal
from handlers.forms import Form, Said, Values
from handlers.meetings import attending, naming, organising_replies, telling
from handlers.meetings.topics import CALLERS
from handlers.phrases import span
from nlu import meeting_words as words
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.meetings import Answer, MeetingState
from storage.topics import TopicState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn
    from nlu.meeting_words import MeetingChange
    from storage.meetings import Meeting

SURE_OF_ANOTHER = 0.8
_ELSEWHERE = frozenset({Intent.BROADCAST_NOTICE, Intent.UPDATE_CASE, Intent.CREATE_ACTIVITY, Intent.REPORT_EMERGENCY})


def manage(turn: Turn) -> Reply | None:
    """What staff say of a meeting that is called: it moves, changes or is cancelled; None for everything else."""
    if not turn.person.roles & CALLERS or turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return None
    change = words.read_change(turn.text, turn.message.sent_at)
    if change is None:
        return None
    meetings = managed(turn)
    meant = _meant(turn, change, meetings)
    if meant is None:
        return None
    if turn.message.in_group:
        return organising_replies.in_private()
    if not meant:
        raise Refusal(organising_replies.none_such())
    if len(meant) > 1:
        return organising_replies.which(meant, turn.text)
    naming.note(turn, meant[0])
    if change.cancels and not change.changes:
        return _begin_cancelling(turn, meant[0])
    return _begin_change(turn, change, meant[0])


def managed(turn: Turn) -> Sequence[Meeting]:
    """The meetings to come that the speaker answers for."""
    return [
        meeting
        for meeting in turn.work.meetings.managed(turn.person, CALLERS, turn.now)
        if meeting.state is MeetingState.CALLED
    ]


def _meant(turn: Turn, change: MeetingChange, meetings: Sequence[Meeting]) -> list[Meeting] | None:
    """The meetings that may be meant; None where the words are of something else."""
    # Where it goes to names none.
    said = (change.before if change.to else turn.text).replace(change.place or "\n", "")
    named = change.names_meeting or any(meeting.title in said for meeting in meetings)
    if not named:
        return (naming.spoken_of(turn, meetings) or None) if words.says_only(turn.text, change) else None
    elsewhere = turn.understanding.intent in _ELSEWHERE and turn.understanding.confidence >= SURE_OF_ANOTHER
    if elsewhere and words.number_in(turn.text) is None and not meetings:
        return None
    return naming.meant(turn, meetings, said)


def _about(turn: Turn, meeting: Meeting) -> Values:
    return {
        "meeting": meeting.id,
        "title": meeting.title,
        "was": span(meeting.start, meeting.end),
        "reason": words.reason_in(turn.text, meeting.title, turn.message.sent_at),
        "people": len([person for person in telling.invited(meeting) if person.id != turn.person.id]),
    }


def _begin_cancelling(turn: Turn, meeting: Meeting) -> Reply:
    return forms.begin(turn, CANCELLING, _about(turn, meeting))


def _begin_change(turn: Turn, change: MeetingChange, meeting: Meeting) -> Reply:
    moves = bool(change.to) or change.by is not None
    return forms.begin(
        turn,
        MOVE if moves else CHANGE,
        {
            **_about(turn, meeting),
            **({"when": _moved(turn, change, meeting)} if moves else {}),
            "place": change.place[:200] or None,
            "capacity": change.capacity,
            "unlimited": change.unlimited,
            "tells": moves or bool(change.place),
        },
    )


def _moved(turn: Turn, change: MeetingChange, meeting: Meeting) -> moments.When | None:
    """When the meeting is to be: a new day keeps the hours, unless another part of the day is said with it."""
    old: moments.When = {
        "start": meeting.start.astimezone(SHANGHAI).isoformat(),
        "end": meeting.end.astimezone(SHANGHAI).isoformat() if meeting.end else None,
        "date_only": False,
        "part": None,
        "words": "",
        "at": turn.message.sent_at.isoformat(),
    }
    if change.by is not None:
        shifted = {
            key: (datetime.fromisoformat(old[key]) + change.by).isoformat() for key in ("start", "end") if old[key]
        }
        return {**old, **shifted}
    new = moments.read_when(change.to, turn.message.sent_at)
    return new if new is None or (new["date_only"] and new["part"]) else moments.join(old, new)


def _when(said: Said) -> moments.When | None:
    return moments.read_when(words.without_number(said.text), said.now)


def _context(turn: Turn, values: Values) -> None:
    when = values.get("when")
    if not when or when["date_only"]:
        return
    start = datetime.fromisoformat(when["start"])
    if start <= turn.now:
        raise Refusal(organising_replies.in_the_past(), final=True)
    meeting = next((each for each in managed(turn) if each.id == values["meeting"]), None)
    length = meeting.end - meeting.start if meeting is not None and meeting.end else None
    values["start"] = when["start"]
    values["end"] = when["end"] or ((start + length).isoformat() if length else None)


def _still_there(turn: Turn, values: Values) -> Meeting:
    """The meeting that was read back, locked; it must still be there to be changed by this person."""
    found = next((each for each in managed(turn) if each.id == values["meeting"]), None)
    locked = turn.work.meetings.lock(found) if found is not None else None
    if locked is None or locked.state is not MeetingState.CALLED:
        raise Refusal(organising_replies.not_there_any_more(), final=True)
    return locked


def _change(turn: Turn, values: Values) -> Reply:
    meeting = _still_there(turn, values)
    meeting.place = values["place"] or meeting.place
    meeting.capacity = None if values["unlimited"] else values["capacity"] or meeting.capacity
    told = 0
    if values["tells"]:
        telling.take_back(turn, meeting)
        meeting.sequence, meeting.changed_at = meeting.sequence + 1, turn.now
        if values.get("start"):
            _move(meeting, values)
        told = _tell(turn, meeting, values)
    turn.work.session.flush()
    return organising_replies.changed(meeting, told, attending.promote(turn, meeting))


def _move(meeting: Meeting, values: Values) -> None:
    """Move a meeting. Who could not come at the old time has not answered for the new one."""
    meeting.start = datetime.fromisoformat(values["start"])
    meeting.end = datetime.fromisoformat(values["end"]) if values.get("end") else None
    for invitation in meeting.answered(Answer.NO):
        invitation.answer = invitation.answered_at = None


def _tell(turn: Turn, meeting: Meeting, values: Values) -> int:
    invited = [each for each in meeting.invitations if telling.hears(each) and each.person_id != turn.person.id]
    told = 0
    for comes in (True, False):
        people = [each.person for each in invited if (each.answer is Answer.YES) is comes]
        reply = organising_replies.has_changed(meeting, values, comes=comes)
        told += telling.tell(turn, meeting, f"moved{int(comes)}", people, reply)
    return told


def _cancel(turn: Turn, values: Values) -> Reply:
    meeting = _still_there(turn, values)
    telling.take_back(turn, meeting)
    meeting.state, meeting.sequence, meeting.changed_at = MeetingState.CANCELLED, meeting.sequence + 1, turn.now
    people: dict[int, Any] = {person.id: person for person in telling.invited(meeting)}
    topics = turn.work.topics.of_meeting(meeting)
    for topic in topics:
        # What residents proposed is not lost with the meeting: it waits for an answer again.
        topic.state, topic.meeting, topic.meeting_id = TopicState.PROPOSED, None, None
        topic.asked_at, topic.answered_at, topic.answered_by_id = turn.now, None, None
        people |= {person.id: person for person in topic.followers if person is not None}
    people.pop(turn.person.id, None)
    told = telling.tell(
        turn, meeting, "cancelled", people.values(), organising_replies.is_cancelled(meeting, values["reason"])
    )
    return organising_replies.cancelled(meeting, told, len(topics))


CHANGE = Form(
    "change_meeting",
    Intent.SCHEDULE_MEETING,
    (),
    organising_replies.confirm_change,
    _change,
    context=_context,
    about=organising_replies.about_change,
)
MOVE = Form(
    "move_meeting",
    Intent.SCHEDULE_MEETING,
    (moments.slot(organising_replies.ask_hour, _when),),
    organising_replies.confirm_change,
    _change,
    owns=frozenset({Intent.BROADCAST_NOTICE, Intent.CREATE_ACTIVITY}),
    context=_context,
    about=organising_replies.about_change,
)
CANCELLING = Form(
    "cancel_meeting",
    Intent.SCHEDULE_MEETING,
    (),
    organising_replies.confirm_cancelling,
    _cancel,
    about=organising_replies.about_cancelling,
)
FORMS = (CHANGE, MOVE, CANCELLING)
