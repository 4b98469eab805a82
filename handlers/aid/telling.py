"""Telling those who may help, and those who answer for an area."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.aid import helper_replies, rules
from storage.aid import AidState
from storage.messages import Priority
from storage.people import ADMINS, Role

if TYPE_CHECKING:
    from handlers.turn import Desk, Reply
    from storage.aid import AidRequest
    from storage.people import Person

ANSWERABLE = ADMINS | {Role.GRID_MEMBER}


def tell_helpers(desk: Desk, request: AidRequest) -> None:
    """Tell those whose offers fit, the nearest first; at night that waits for the morning."""
    if not rules.is_waking(desk.now):
        return
    request.helpers_told_at = desk.now
    offers = [offer for offer in desk.work.aid.offers_near(request, desk.now) if rules.fits(request, offer)]
    people = {offer.person.id: offer.person for offer in offers}
    may = [person for person in people.values() if rules.may_come(request, person) and not is_barred(desk, person)]
    may.sort(key=lambda person: not request.area.contains(person.area))
    desk.tell_all(may[: rules.settings().most_told], helper_replies.somebody_needs(request), Priority.NOTICE)


def is_barred(desk: Desk, person: Person) -> bool:
    """Whether a complaint about this person stands."""
    since = desk.now - timedelta(days=rules.settings().complaint_days)
    return desk.work.aid.is_complained_of(person, since)


def tell_staff(desk: Desk, request: AidRequest, reply: Reply, *, but: tuple[Person | None, ...] = ()) -> Person | None:
    """Tell the nearest who answers for the area of a request and is none of `but`; who that was."""
    left_out = {person.id for person in but if person is not None}
    for person in desk.work.people.answerable(ANSWERABLE, request.area):
        if person.id not in left_out and desk.tell(person, reply, Priority.NOTICE) is not None:
            return person
    return None


def find_again(desk: Desk, request: AidRequest) -> None:
    """Let a request that has lost a helper wait for others, while there is time."""
    if request.state is AidState.TAKEN and request.expires_at > desk.now and len(request.agreed) < request.wanted:
        request.state, request.closed_at = AidState.OPEN, None
        tell_helpers(desk, request)
