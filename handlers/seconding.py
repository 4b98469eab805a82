"""Asking a second person of another household to agree to points that one approver may not give alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers import seconding_replies as replies
from handlers.approving import deciders, terms
from storage.aid import AidMatch

if TYPE_CHECKING:
    from handlers.turn import Turn
    from storage.credits import CreditRequest
    from storage.people import Person
    from storage.volunteers import Participation

MOST_TOLD = 5
"""How many are asked, the nearest first; any of them may answer."""

MONTH = timedelta(days=30)


def ask_second(
    turn: Turn, person: Person, amount: int, reason: str, behind: Participation | AidMatch | None = None
) -> CreditRequest | None:
    """Ask for what the speaker wants to give; None, with nothing asked, where nobody is left who may agree.

    `behind` is what `person` has done for it; without that it is typed in by hand.
    """
    able = deciders(turn.work, person, turn.now, [turn.person, *helped(behind)])
    if not able:
        return None
    until = turn.now + timedelta(days=terms().second_days)
    request = turn.work.credits.ask(person, amount, reason, turn.by, until, behind)
    refused = turn.work.credits.refused(person, turn.now - MONTH)
    turn.tell_all(able[:MOST_TOLD], replies.please_second(request, refused))
    return request


def helped(behind: Participation | AidMatch | None) -> list[Person]:
    """Who was helped, where the points are for help among neighbours: nobody near to them decides about those."""
    requester = behind.request.requester if isinstance(behind, AidMatch) else None
    return [requester] if requester is not None else []
