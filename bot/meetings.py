"""Meetings at the command line: minutes out of a file, and votes counted again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import system_clock
from bot.schema import SetUpError, at_head
from handlers.meetings import minutes, vote_replies
from handlers.meetings.settings import settings as meeting_settings
from handlers.turn import Desk
from nlu.minutes import decisions_in
from nlu.personal_data import mask
from nlu.policy.clauses import DocumentError
from nlu.policy.files import read_file
from storage.meetings import Meeting, MeetingState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.clock import Clock
    from bot.settings import Settings
    from nlu.minutes import Decided

    Confirm = Callable[[str], bool]


def publish(
    settings: Settings,
    number: int,
    file: Path,
    say: Callable[[str], None],
    confirm: Confirm | None,
    clock: Clock = system_clock,
) -> str | None:
    """Read minutes out of a file, say what they decide, and publish them to those invited; None where that is refused.

    Raises SetUpError where there is no such meeting that has begun, or the file cannot be read.
    """
    try:
        text = mask(read_file(file).text.strip())
    except (DocumentError, OSError) as error:
        raise SetUpError(f"{file}: {error}") from error
    if not text or len(text) > meeting_settings().longest_minutes:
        raise SetUpError(f"{file}: minutes have 1 to {meeting_settings().longest_minutes} characters.")
    found = decisions_in(text, clock())
    for place, decided in enumerate(found, start=1):
        say(_line(place, decided))
    if not found:
        say("No decision was found.")
    if confirm is not None and not confirm("Publish these minutes to those invited?"):
        return None
    with at_head(settings.database) as work:
        meeting = work.session.get(Meeting, number)
        if meeting is None or meeting.state is MeetingState.CANCELLED or meeting.start > clock():
            raise SetUpError(f"There is no meeting {number} that has been held.")
        desk = Desk(work, clock(), f"command:minutes:{number}:{clock().isoformat()}")
        told, decisions = minutes.publish(desk, work.meetings.lock(meeting), text, found, None)
        work.commit()
    return f"Published: {told} people are told, {decisions} decisions."


def recount(settings: Settings, number: int) -> tuple[str, bool]:
    """Count the votes of a closed ballot again: what there are, and whether that is what was announced."""
    with at_head(settings.database) as work:
        ballot = work.votes.get(number)
        if ballot is None or ballot.tally is None:
            raise SetUpError(f"There is no ballot {number} that is closed.")
        counted = work.votes.recount(ballot)
        return vote_replies.recounted(ballot, counted).text, counted == ballot.tally


def _line(place: int, decided: Decided) -> str:
    who, due = decided.who or "nobody named", decided.due.isoformat() if decided.due else "no date"
    return f"{place}. {decided.what} ({who}, {due})"
