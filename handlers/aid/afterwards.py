"""After the help: thanks, which may become points once somebody else approves, and what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import earning
from handlers.aid import asker_replies, helper_replies, replies, rules, staff_replies, telling
from handlers.approving import APPROVERS, bar, deciders, is_independent, needs_second
from handlers.errors import Refusal
from handlers.households import are_one
from handlers.seconding import ask_second
from storage.aid import UNDECIDED, AidState, ComplaintState, MatchState, PointsState
from storage.people import STAFF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn
    from storage.aid import AidMatch, AidRequest
    from storage.people import Person


def thank(turn: Turn, request: AidRequest) -> Reply:
    """Note that it helped; who helped is thanked, and somebody is asked whether that is worth points."""
    matches = _settled(request)
    if request.state is AidState.OPEN and len(request.agreed) < request.wanted:
        for waiting in request.waiting:
            waiting.state, waiting.helper_phone = MatchState.DECLINED, None
            turn.tell(waiting.helper, helper_replies.not_this_time(waiting))
    asked = False
    for match in matches:
        match.state, match.thanked_at = MatchState.DONE, turn.now
        match.points = PointsState.ASKED if _ask_for_points(turn, match) else None
        asked = asked or match.points is not None
        turn.tell(match.helper, helper_replies.thanks(match, for_points=match.points is not None))
    request.state, request.closed_at = AidState.DONE, turn.now
    return asker_replies.thanked(request, for_points=asked)


def _settled(request: AidRequest) -> Sequence[AidMatch]:
    matches = [match for match in request.matches if match.state is MatchState.AGREED]
    if not matches:
        raise Refusal(asker_replies.not_settled(request))
    return matches


def _ask_for_points(turn: Turn, match: AidMatch) -> bool:
    """Whether somebody was asked to approve: not within a household, nor too often for the same two."""
    helper, requester = match.helper, match.request.requester
    if helper is None or requester is None or are_one(turn.work, helper, requester):
        return False
    since = rules.month_of(turn.now)
    if turn.work.aid.rewarded(helper, requester, since) >= rules.settings().rewarded_per_month:
        return False
    able = deciders(turn.work, helper, turn.now, [requester], match.request.area)
    return turn.tell_all(able, staff_replies.ask_for_points(match)) > 0


def decide_points(turn: Turn, request: AidRequest, *, approve: bool) -> Reply:
    """Let a member of staff turn thanks into points, or not; nobody decides for themselves or their household."""
    matches = [match for match in request.matches if match.points is PointsState.ASKED and _may_decide(turn, match)]
    if not matches:
        raise Refusal(staff_replies.no_points_to_decide(request))
    # What somebody was given before is read while nobody else can give them more.
    turn.work.points.lock(*(match.helper for match in matches if match.helper is not None))
    return staff_replies.decided([_approve(turn, match) if approve else _reject(turn, match) for match in matches])


def _reject(turn: Turn, match: AidMatch) -> tuple[AidMatch, int]:
    match.points, match.decided_by_id = PointsState.REJECTED, turn.person.id
    turn.tell(match.helper, helper_replies.points_refused(match))
    return match, 0


def _approve(turn: Turn, match: AidMatch) -> tuple[AidMatch, int]:
    """Give the points for one help, and how many; more than one may give alone waits for a second person."""
    amount, reason = rules.settings().points, staff_replies.points_reason(match.request)
    if match.helper is not None and needs_second(turn.work, turn.person, match.helper, amount, turn.now):
        if ask_second(turn, match.helper, amount, reason, match) is not None:
            match.points = PointsState.SECONDING
        return match, 0
    match.points, match.decided_by_id = PointsState.APPROVED, turn.person.id
    if match.helper is None:
        return match, 0
    given = earning.credit(turn, match.helper, amount, reason, f"aid:{match.id}")
    turn.tell(match.helper, helper_replies.points_given(match, given, turn.work.points.balance(match.helper)))
    return match, given


def _may_decide(turn: Turn, match: AidMatch) -> bool:
    """Whether the speaker answers for the area, and is near to neither of the two as far as they are still known."""
    if not turn.person.holds(APPROVERS, match.request.area):
        return False
    near = match.helper is not None and bar(turn.work, turn.person, match.helper, turn.now) is not None
    requester = match.request.requester
    return not near and (requester is None or is_independent(turn.work, turn.person, [requester]))


def not_helped(turn: Turn, request: AidRequest) -> Reply:
    """Note that nobody came, or that it did not help; while there is time somebody else is looked for."""
    for match in _settled(request):
        match.state = MatchState.FAILED
        turn.tell(match.helper, helper_replies.not_helped_after_all(match))
    telling.find_again(turn, request)
    if request.state is AidState.TAKEN:
        request.state, request.closed_at = AidState.EXPIRED, turn.now
    return asker_replies.not_helped(request)


def complain(turn: Turn, request: AidRequest, words: str) -> Reply:
    """Keep what one of the two says of the other, and let a grid member look into it."""
    by_helper = request.requester_id != turn.person.id
    known = [match for match in request.matches if match.agreed_at is not None]
    mine = [match for match in known if not by_helper or match.helper_id == turn.person.id]
    if not mine:
        raise Refusal(replies.no_other_side(request), choices=(replies.human(),))
    if not words:
        return replies.what_happened(request)
    match = mine[-1]
    match.complaint = f"{match.complaint}；{words}".strip("；")
    match.complaint_by_id, match.complaint_state = turn.person.id, ComplaintState.OPEN
    if match.points in UNDECIDED:
        match.points = PointsState.REJECTED
    about = match.helper if not by_helper else request.requester
    telling.tell_staff(turn, request, staff_replies.complaint_to_check(match, not by_helper), but=(about, turn.person))
    return replies.complained(request)


def decide_complaint(turn: Turn, request: AidRequest, *, upheld: bool) -> Reply:
    """Let a member of staff say whether a complaint holds; whoever had complained hears of it."""
    matches = [match for match in request.matches if _may_check(turn.person, match)]
    if not matches:
        raise Refusal(staff_replies.nothing_to_check(request))
    for match in matches:
        match.complaint_state = ComplaintState.UPHELD if upheld else ComplaintState.DISMISSED
        by = turn.work.people.get(match.complaint_by_id) if match.complaint_by_id else None
        turn.tell(by, replies.your_complaint(request, upheld=upheld))
    return staff_replies.complaint_decided(request, upheld=upheld)


def _may_check(staff: Person, match: AidMatch) -> bool:
    """Whether this person may look into a complaint: staff of the area, and neither of the two."""
    is_staff = staff.holds(STAFF, match.request.area)
    is_part = staff.id in (match.helper_id, match.request.requester_id)
    return match.complaint_state is ComplaintState.OPEN and is_staff and not is_part
