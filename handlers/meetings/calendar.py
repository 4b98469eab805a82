"""Meetings as calendar files (RFC 5545): one event with a UID that stays and a SEQUENCE that counts its moves."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

from handlers.meetings import naming, organising_replies
from handlers.meetings.settings import settings
from nlu import meeting_words as words
from storage.meetings import MeetingState

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.meetings import Meeting

LETTERS = 20
"""Of the name of a file: so many that nobody guesses it."""


def file_of(meeting: Meeting) -> bytes:
    """The meeting as it is now; a calendar that has an older version of it takes this one in its place."""
    event = Event()
    event.add("uid", f"meeting-{meeting.id}-{token(meeting)[:8]}@gridbot")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.announced_at.astimezone(UTC))
    event.add("dtstart", meeting.start.astimezone(UTC))
    event.add("dtend", (meeting.end or meeting.start + timedelta(minutes=settings().usual_length)).astimezone(UTC))
    event.add("summary", meeting.title)
    event.add("location", meeting.place)
    if meeting.topics:
        event.add("description", f"议题：{'、'.join(meeting.topics)}")
    is_off = meeting.state is MeetingState.CANCELLED
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//gridbot//meetings//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def token(meeting: Meeting) -> str:
    """What the name of the file holds, so that only those to whom the bot told it read it."""
    key = (meeting.secret or "").encode()
    return hmac.new(key, f"calendar {meeting.id}".encode(), hashlib.sha256).hexdigest()[:LETTERS]


def path_of(meeting: Meeting) -> str:
    """Where the web chat has the file."""
    return f"/meetings/{meeting.id}-{token(meeting)}.ics"


def hear(turn: Turn) -> Reply | None:
    """Hand out the calendar file of the meeting that is meant; None for all else."""
    if not words.wants_calendar(turn.text):
        return None
    meant = [each for each in naming.meant(turn, turn.work.meetings.coming(turn.person, turn.now)) if each.secret]
    if not meant:
        return None
    if len(meant) > 1:
        return organising_replies.which(meant, turn.text)
    naming.note(turn, meant[0])
    return organising_replies.calendar(meant[0], path_of(meant[0]))
