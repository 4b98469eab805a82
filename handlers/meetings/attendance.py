"""Who is at a meeting: by the code that is shown there, or by the list of whoever organises it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers import totp
from handlers.errors import Refusal
from handlers.meetings import minutes_replies, naming, organising_replies
from handlers.meetings.settings import is_on, settings
from handlers.meetings.topics import CALLERS
from nlu import meeting_words
from nlu import minutes as words
from nlu.understanding import Intent
from storage.meetings import MeetingState
from storage.minutes import AttendedBy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn
    from storage.meetings import Meeting

_CODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")
_LONGEST_WITH_CODE = 20


def hear(turn: Turn) -> Reply | None:
    """Hear of who is at a meeting; None for all else."""
    if turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return None
    names = words.attendees_in(turn.text)
    if names is not None and turn.person.roles & CALLERS:
        return _note(turn, names)
    if words.wants_code(turn.text) and turn.person.roles & CALLERS:
        return _show_code(turn)
    code = _CODE.search(turn.text)
    return _check_in(turn, code[0]) if code and len(turn.text) <= _LONGEST_WITH_CODE else None


def held(turn: Turn) -> Sequence[Meeting]:
    """The meetings that the speaker answers for and that are on or have been, the latest first."""
    soon = turn.now + timedelta(minutes=settings().check_in_opens_before)
    since = turn.now - timedelta(days=settings().minutes_within_days)
    found = turn.work.meetings.managed(turn.person, CALLERS, since)
    return [meeting for meeting in reversed(found) if meeting.start <= soon]


def _note(turn: Turn, names: list[str]) -> Reply:
    if turn.message.in_group:
        return organising_replies.in_private()
    meetings = held(turn)
    meant = naming.meant(turn, meetings, words=_before_names(turn.text))
    if not meant:
        raise Refusal(minutes_replies.none_held())
    # Whoever tells who was there speaks of the last meeting, unless they name another.
    meeting = turn.work.meetings.lock(meant[0])
    naming.note(turn, meeting)
    several = []
    for name in names:
        called = turn.work.people.called(name, meeting.area)
        person = called[0] if len(called) == 1 else None
        several += [name] if len(called) > 1 else []
        turn.work.minutes.attend(meeting, person, name, AttendedBy.LIST, turn.now)
    if meeting.state is MeetingState.CALLED and meeting.start <= turn.now:
        meeting.state = MeetingState.HELD
    return minutes_replies.noted_there(meeting, names, several, turn.work.minutes.attended(meeting))


def _before_names(text: str) -> str:
    return re.split("[：:]", text, maxsplit=1)[0]


def _show_code(turn: Turn) -> Reply | None:
    managed = turn.work.meetings.managed(turn.person, CALLERS, turn.now - timedelta(days=1))
    named = meeting_words.speaks_of_meeting(turn.text) or any(each.title in turn.text for each in managed)
    meant = naming.meant(turn, [each for each in managed if each.secret]) if named else []
    if not meant:
        return None
    if turn.message.in_group:
        return organising_replies.in_private()
    on = [each for each in meant if is_on(each, turn.now)] or meant
    meeting, secret = on[0], on[0].secret or ""
    if not is_on(meeting, turn.now):
        raise Refusal(
            minutes_replies.code_later(meeting, meeting.start - timedelta(minutes=settings().check_in_opens_before))
        )
    return minutes_replies.code(meeting, totp.shown(secret, turn.now, settings().code_seconds))


def _check_in(turn: Turn, digits: str) -> Reply | None:
    """Note whoever says the code of a meeting that is on; a code that is of none may be of something else."""
    soon = turn.now + timedelta(minutes=settings().check_in_opens_before)
    around = [
        *turn.work.meetings.begun(turn.person, turn.now, turn.now - timedelta(days=1)),
        *(each for each in turn.work.meetings.coming(turn.person, turn.now) if each.start <= soon),
    ]
    grace = timedelta(seconds=settings().code_grace_seconds)
    for meeting in around:
        is_there = meeting.secret and is_on(meeting, turn.now) and meeting.state is not MeetingState.CANCELLED
        if is_there and totp.is_right(meeting.secret or "", digits, turn.now, settings().code_seconds, grace):
            first = turn.work.minutes.attend(
                turn.work.meetings.lock(meeting), turn.person, "", AttendedBy.CODE, turn.now
            )
            return minutes_replies.you_are_there(meeting, first=first)
    return None
