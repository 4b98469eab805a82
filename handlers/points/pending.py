"""What points wait for: those that the speaker may decide about, and those that they themselves are to get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.approving import APPROVERS, bar, is_independent
from handlers.points import by_hand
from handlers.points import pending_replies as replies
from nlu import points_words
from storage.volunteers import ParticipationState

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.aid import AidMatch
    from storage.volunteers import Participation


def hear(turn: Turn) -> Reply | None:
    """Hear the question which points are not decided; None for anything else."""
    if turn.message.in_group or not points_words.asks_for_requests(turn.text):
        return None
    own = replies.Own(
        turn.work.volunteers.parts_of(turn.person, ParticipationState.CHECKED_OUT),
        turn.work.credits.of_person(turn.person),
        turn.work.aid.points_of(turn.person),
    )
    if not turn.person.roles & APPROVERS:
        return replies.own(own, turn.work.points.balance(turn.person))
    return replies.of_staff(
        by_hand.open_to(turn), turn.work.credits.asked_by(turn.person), _check_ins(turn), _help(turn), own
    )


def _check_ins(turn: Turn) -> list[Participation]:
    """The check-ins that the speaker may approve and for which nobody asked a second person."""
    waiting = turn.work.volunteers.to_approve(turn.person, APPROVERS)
    asked = {request.participation_id for part in waiting for request in turn.work.credits.of_person(part.person)}
    return [
        part for part in waiting if part.id not in asked and bar(turn.work, turn.person, part.person, turn.now) is None
    ]


def _help(turn: Turn) -> list[AidMatch]:
    found = turn.work.aid.points_to_decide(turn.person, APPROVERS)
    return [match for match in found if _may_decide(turn, match)]


def _may_decide(turn: Turn, match: AidMatch) -> bool:
    if match.helper is None or bar(turn.work, turn.person, match.helper, turn.now) is not None:
        return False
    requester = match.request.requester
    return requester is None or is_independent(turn.work, turn.person, [requester])
