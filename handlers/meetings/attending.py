"""Answering a call: who comes, who does not, and with whom; places are given out under a lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.errors import Refusal
from handlers.meetings import naming, replies
from nlu import meeting_words as words
from nlu.understanding import Intent
from storage.meetings import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Desk, Reply, Turn
    from storage.meetings import Meeting

MOST_GUESTS = 20
_NOT_OF_MEETINGS = frozenset(
    {
        Intent.REPORT_EMERGENCY,
        Intent.JOIN_ACTIVITY,
        Intent.OFFER_MUTUAL_AID,
        Intent.REQUEST_MUTUAL_AID,
        Intent.REPORT_DISPUTE,
        Intent.REPORT_INCIDENT,
        Intent.CREATE_ACTIVITY,
    }
)


def answer(turn: Turn, given: Answer) -> Reply:
    """Record what the speaker answers to the call of the meeting that is meant."""
    coming = turn.work.meetings.coming(turn.person, turn.now)
    if words.number_in(turn.text) is not None and coming and not naming.meant(turn, coming):
        raise Refusal(replies.no_such_meeting())
    meant = naming.meant(turn, coming)
    if not meant:
        return replies.none_coming(turn.work.meetings.called_off(turn.person, turn.now))
    if len(meant) > 1:
        return replies.which(meant, turn.understanding.intent, turn.text)
    return _record(turn, meant[0], given)


def hear(turn: Turn) -> Reply | None:
    """Take 「带两个人」 for a further word on the meeting that was answered a moment ago; None for all else."""
    if turn.understanding.intent in _NOT_OF_MEETINGS or not words.only_brings(turn.text):
        return None
    coming = turn.work.meetings.coming(turn.person, turn.now)
    spoken = naming.spoken_of(turn, coming)
    return _record(turn, spoken[0], Answer.YES) if spoken else None


def promote(desk: Desk, meeting: Meeting) -> int:
    """Give the free places of a locked meeting to those who wait, who are told at once; how many that were."""
    promoted = desk.work.meetings.promote(meeting)
    for invitation in promoted:
        desk.tell(invitation.person, replies.got_a_place(invitation))
    return len(promoted)


def _record(turn: Turn, meeting: Meeting, given: Answer) -> Reply:
    naming.note(turn, meeting)
    meeting = turn.work.meetings.lock(meeting)
    if given is Answer.NO:
        turn.work.meetings.answer(meeting, turn.person, Answer.NO, turn.now)
        _refresh(turn, meeting)
        promote(turn, meeting)
        return replies.answered(meeting, Answer.NO)
    return _come(turn, meeting)


def _come(turn: Turn, meeting: Meeting) -> Reply:
    own = turn.work.meetings.invitation(meeting, turn.person)
    said = words.guests_in(turn.text)
    guests = said if said is not None else (own.guests if own is not None and own.answer is not Answer.NO else 0)
    if guests > MOST_GUESTS:
        raise Refusal(replies.too_many_guests(MOST_GUESTS))
    has_place = own is not None and own.answer is Answer.YES
    wanted = 1 + guests - (own.heads if own is not None and has_place else 0)
    # Whoever waits keeps their place in the queue, so that nobody who asks again comes before them.
    is_queued = own is not None and own.answer is Answer.WAITING
    if wanted > 0 and (not meeting.has_room(wanted) or (is_queued and own in meeting.waiting[1:])):
        if has_place:
            raise Refusal(replies.no_room_for_guests(meeting))
        turn.work.meetings.answer(meeting, turn.person, Answer.WAITING, turn.now, guests)
        _refresh(turn, meeting)
        return replies.waits(meeting, _place_in_queue(meeting, turn))
    turn.work.meetings.answer(meeting, turn.person, Answer.YES, turn.now, guests)
    _refresh(turn, meeting)
    promote(turn, meeting)
    return replies.answered(meeting, Answer.YES, guests)


def _refresh(turn: Turn, meeting: Meeting) -> None:
    """Let a meeting know of an answer of somebody who was not invited."""
    turn.work.session.expire(meeting, ["invitations"])


def _place_in_queue(meeting: Meeting, turn: Turn) -> int:
    ids: Sequence[int] = [invitation.person_id for invitation in meeting.waiting]
    return ids.index(turn.person.id) + 1
