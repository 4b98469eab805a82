"""What falls due of mutual aid: telling staff, dropping what is over, asking whether it helped."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.aid import asker_replies, helper_replies, rules, staff_replies, telling
from handlers.routes import Duty
from storage.aid import AidRequest, AidState, MatchState
from storage.messages import Priority

if TYPE_CHECKING:
    from handlers.turn import Desk


def look_after(desk: Desk) -> None:
    """Do what is due; whoever waits is never left without a word."""
    for request in desk.work.aid.run_out(desk.now):
        _drop(desk, request.id)
    if not rules.is_waking(desk.now):
        return
    for request in desk.work.aid.untold(desk.now):
        telling.tell_helpers(desk, request)
    for request in desk.work.aid.alone(desk.now):
        if rules.staff_told_from(request) <= desk.now:
            request.staff_told_at = desk.now
            telling.tell_staff(desk, request, staff_replies.nobody_took(request), but=(request.requester,))
    for match in desk.work.aid.over(desk.now - timedelta(hours=rules.settings().asked_back_after_hours)):
        match.asked_back_at = desk.now
        desk.tell(match.request.requester, asker_replies.did_it_help(match), Priority.NOTICE)


def _drop(desk: Desk, request_id: int) -> None:
    """Close a request whose time is over; what was settled by then goes on."""
    request = desk.work.aid.lock(desk.work.aid.get(request_id))
    if request.state is not AidState.OPEN or request.expires_at > desk.now:
        return
    for match in request.waiting:
        match.state, match.helper_phone = MatchState.DECLINED, None
        desk.tell(match.helper, helper_replies.expired_for_helper(request), Priority.NOTICE)
    request.state = AidState.TAKEN if request.agreed else AidState.EXPIRED
    request.closed_at = None if request.agreed else desk.now
    told = asker_replies.settled_for_now(request) if request.agreed else asker_replies.expired(request)
    desk.tell(request.requester, told, Priority.NOTICE)


DUTIES = (Duty("aid.look_after", 60, look_after, over=AidRequest),)
