"""What becomes known when a lane stops: those who answer for the whole hear of it, through another lane if they can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.sending import replies
from storage.messages import Priority, TalkKey
from storage.people import ADMINS

if TYPE_CHECKING:
    from datetime import datetime

    from handlers.turn import Desk
    from storage.lanes import LaneKey
    from storage.people import Identity, Person


def lane_stopped(desk: Desk, lane: LaneKey, until: datetime) -> None:
    """Tell the admins of the whole county, where there are any, that `lane` sends nothing before `until`."""
    for root in desk.work.areas.roots():
        for person in desk.work.people.holding(ADMINS, root):
            _tell(desk, person, lane, until)


def _tell(desk: Desk, person: Person, lane: LaneKey, until: datetime) -> None:
    addresses = desk.work.people.addresses(person)
    other = [each for each in addresses if (each.channel, each.account) != lane]
    found: Identity | None = next(iter([*other, *addresses]), None)
    if found is None or found.private_chat is None:
        return
    to = TalkKey(found.channel, found.account, found.private_chat, found.sender)
    desk.write(to, replies.lane_stopped(lane, until), person, Priority.REPLY)
