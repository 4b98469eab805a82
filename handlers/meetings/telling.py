"""Telling those invited: each step of a meeting once, so that what was not sent yet is taken back when it changes."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from storage.meetings import Answer
from storage.messages import Priority

if TYPE_CHECKING:
    from collections.abc import Iterable

    from handlers.turn import Desk, Reply
    from storage.meetings import Invitation, Meeting
    from storage.people import Person


def tell(desk: Desk, meeting: Meeting, step: str, people: Iterable[Person | None], reply: Reply) -> int:
    """Tell people of a step of a meeting, under keys by which what is not sent yet can be taken back; how many."""
    key = f"{_begins(meeting)}{meeting.sequence}:{step}"
    return replace(desk, key=key, numbers=count(1)).tell_all(people, reply, Priority.NOTICE)


def take_back(desk: Desk, meeting: Meeting) -> None:
    """Send nothing that waits to be sent of a meeting: its call and its reminders hold no more."""
    desk.work.session.flush()
    desk.work.messages.cancel(_begins(meeting))
    desk.work.meetings.forget_reminders(meeting)


def invited(meeting: Meeting) -> list[Person]:
    """Those who hear of a meeting: whoever wants notices, and whoever said that they come."""
    return [invitation.person for invitation in meeting.invitations if hears(invitation)]


def hears(invitation: Invitation) -> bool:
    """Whether somebody invited is written to."""
    return invitation.person.subscribed or invitation.answer in (Answer.YES, Answer.WAITING)


def _begins(meeting: Meeting) -> str:
    return f"meeting:{meeting.id}:"
