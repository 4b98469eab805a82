"""Which meeting is meant: by its number, its title, its day, its words, or because the talk was about it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers.meetings import rules
from nlu import meeting_words
from nlu.times import SHANGHAI, find_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Turn
    from storage.meetings import Meeting

SPOKEN_OF_WITHIN = timedelta(minutes=30)
"""How long words that name no meeting are about the one that was spoken of last."""

_LAST = "meeting"
_ANY_MEETING = re.compile("会议(?!室)")
"""Says that it is a meeting, and not which one."""


def note(turn: Turn, meeting: Meeting) -> None:
    """Remember a meeting as the one that the talk is about."""
    turn.talk.remember(**{_LAST: {"id": meeting.id, "at": turn.now.isoformat()}})


def spoken_of(turn: Turn, meetings: Sequence[Meeting]) -> list[Meeting]:
    """The meeting that this talk was about a moment ago, if it is one of these."""
    last = turn.talk.topic.get(_LAST)
    if last is None or turn.now - datetime.fromisoformat(last["at"]) > SPOKEN_OF_WITHIN:
        return []
    return [meeting for meeting in meetings if meeting.id == last["id"]]


def meant(turn: Turn, meetings: Sequence[Meeting], words: str | None = None) -> list[Meeting]:
    """Those of `meetings` that `words`, or else the message, may mean; all where nothing tells them apart."""
    text = turn.text if words is None else words
    number = meeting_words.number_in(turn.text)
    if number is not None:
        numbered = [meeting for meeting in meetings if meeting.id == number]
        return numbered or [meeting for meeting in meetings if meeting.start.astimezone(SHANGHAI).day == number]
    titled = [meeting for meeting in meetings if meeting.title in text]
    if titled:
        return _on_day(turn, text, titled) or titled[:1]
    meetings = _on_day(turn, text, meetings) or list(meetings)
    said = _ANY_MEETING.sub("，", text)
    shared = [rules.shared_words(said, [m.title, m.kind, m.place, *m.topics]) for m in meetings]
    best = max(shared, default=0)
    found = [meeting for meeting, count in zip(meetings, shared, strict=True) if count == best]
    return (spoken_of(turn, found) or found) if len(found) > 1 else found


def _on_day(turn: Turn, text: str, meetings: Sequence[Meeting]) -> list[Meeting]:
    """Those on the day that is said; none where the words say no day or there is none on it."""
    span = find_time(meeting_words.without_number(text), turn.message.sent_at)
    if span is None or span.start is None:
        return []
    return [meeting for meeting in meetings if meeting.start.astimezone(SHANGHAI).date() == span.start.date()]
