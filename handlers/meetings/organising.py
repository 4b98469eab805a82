"""What staff want to know of a meeting: who comes, and that those who have not answered are asked again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers import forms
from handlers.errors import Refusal
from handlers.forms import Form, Values
from handlers.meetings import changing, naming, organising_replies, replies, telling
from handlers.meetings.topics import CALLERS
from nlu import meeting_words as words
from nlu.understanding import Intent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn
    from storage.meetings import Meeting

NUDGE = "nudge"
NUDGED_AGAIN_AFTER = timedelta(hours=12)


def hear(turn: Turn) -> Reply | None:
    """Who comes to a meeting, or asking again those who are silent; None for all else."""
    if turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return None
    if words.nudges(turn.text):
        return _nudge(turn)
    return _who_comes(turn) if words.asks_who_comes(turn.text) else None


def _who_comes(turn: Turn) -> Reply | None:
    coming = turn.work.meetings.coming(turn.person, turn.now)
    meant = _of_meetings(turn, coming)
    if not meant:
        return None
    if len(meant) > 1:
        return organising_replies.which(meant, turn.text)
    naming.note(turn, meant[0])
    may = turn.person.holds(CALLERS, meant[0].area) and not turn.message.in_group
    return organising_replies.who_comes(meant[0]) if may else organising_replies.how_many_come(meant[0])


def _nudge(turn: Turn) -> Reply | None:
    meant = _of_meetings(turn, changing.managed(turn)) if turn.person.roles & CALLERS else []
    if not meant:
        return None
    if turn.message.in_group:
        return organising_replies.in_private()
    if len(meant) > 1:
        return organising_replies.which(meant, turn.text)
    naming.note(turn, meant[0])
    _check(turn, meant[0])
    return forms.begin(turn, NUDGING, {"meeting": meant[0].id, "title": meant[0].title})


def _of_meetings(turn: Turn, meetings: Sequence[Meeting]) -> list[Meeting]:
    """The meetings that words may mean; none where they may as well be of something else."""
    named = words.speaks_of_meeting(turn.text) or any(meeting.title in turn.text for meeting in meetings)
    return naming.meant(turn, meetings) if named else naming.spoken_of(turn, meetings)


def _check(turn: Turn, meeting: Meeting) -> None:
    if not _silent(meeting):
        raise Refusal(organising_replies.everybody_answered(meeting), final=True)
    last = turn.work.meetings.reminded_at(meeting, NUDGE)
    if last is not None and turn.now - last < NUDGED_AGAIN_AFTER:
        raise Refusal(organising_replies.nudged_lately(int(NUDGED_AGAIN_AFTER.total_seconds() // 3600)), final=True)


def _silent(meeting: Meeting) -> list[int]:
    return [each.person_id for each in meeting.answered(None) if telling.hears(each)]


def _find(turn: Turn, values: Values) -> Meeting:
    found = next((each for each in changing.managed(turn) if each.id == values["meeting"]), None)
    if found is None:
        raise Refusal(organising_replies.not_there_any_more(), final=True)
    return found


def _context(turn: Turn, values: Values) -> None:
    values["people"] = len(_silent(_find(turn, values)))


def _ask_again(turn: Turn, values: Values) -> Reply:
    meeting = turn.work.meetings.lock(_find(turn, values))
    _check(turn, meeting)
    turn.work.meetings.note_reminder(meeting, NUDGE, turn.now)
    people = [each.person for each in meeting.answered(None) if telling.hears(each)]
    step = f"{NUDGE}:{turn.now.isoformat()}"
    return organising_replies.nudged(telling.tell(turn, meeting, step, people, replies.reminder(meeting, NUDGE)))


NUDGING = Form(
    "nudge_invited",
    Intent.SCHEDULE_MEETING,
    (),
    organising_replies.confirm_nudge,
    _ask_again,
    context=_context,
    about=organising_replies.about_nudge,
)
FORMS = (NUDGING,)
