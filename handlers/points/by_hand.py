"""Points with no check-in behind them: typed in by one approver, and given only when a second one agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import earning, forms
from handlers.approving import APPROVERS, Bar, bar, deciders, is_independent, terms
from handlers.errors import Refusal
from handlers.forms import Form, Slot
from handlers.points import credit_replies as replies
from handlers.points.whom import person_called
from handlers.seconding import ask_second, helped
from nlu import points_words
from nlu.times import SHANGHAI
from nlu.understanding import Intent
from storage.aid import PointsState
from storage.credits import PointsEventKind, RequestState
from storage.volunteers import ParticipationState

if TYPE_CHECKING:
    from datetime import datetime

    from handlers.forms import Said, Values
    from handlers.turn import Desk, Reply, Turn
    from storage.credits import CreditRequest
    from storage.people import Person

SHORTEST_REASON = 4
"""Characters that say what somebody did."""


def hear(turn: Turn) -> Reply | None:
    """Hear points that an approver types in, or what a second one says to that; None for anything else."""
    if turn.message.in_group or not turn.person.roles & APPROVERS:
        return None
    verdict = points_words.second(turn.text)
    if verdict is not None:
        return _second(turn, verdict)
    award = points_words.by_hand(turn.text)
    return _type_in(turn, award) if award is not None else None


def _type_in(turn: Turn, award: points_words.Award) -> Reply | None:
    person = turn.person if award.name in ("我", "我自己", "自己") else person_called(turn, award.name)
    if person is None:
        if award.is_plain:
            raise Refusal(replies.nobody_called(award.name))
        return None
    if award.is_hours:
        raise Refusal(replies.no_hours_by_hand())
    if not award.amount:
        raise Refusal(replies.how_many())
    values = {"person": person.id, "name": person.name, "amount": award.amount}
    _check(turn, person, award.amount)
    reason = award.why if len(award.why) >= SHORTEST_REASON else None
    return forms.begin(turn, BY_HAND, {**values, **({"reason": reason} if reason else {})})


def _check(turn: Turn, person: Person, amount: int) -> None:
    why = bar(turn.work, turn.person, person, turn.now)
    if why is not None:
        raise Refusal(replies.barred(why), final=True)
    left = terms().by_hand_month - turn.work.credits.by_hand(person, _month_of(turn))
    if amount > left:
        raise Refusal(replies.too_much_by_hand(terms().by_hand_month, max(0, left)), final=True)
    if not deciders(turn.work, person, turn.now, [turn.person]):
        raise Refusal(replies.nobody_to_second(person), final=True)


def _month_of(turn: Turn) -> datetime:
    today = turn.now.astimezone(SHANGHAI)
    return today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _reason(said: Said) -> str | None:
    text = said.text.strip()
    return text[:150] if len(text) >= SHORTEST_REASON else None


def _ask(turn: Turn, values: Values) -> Reply:
    person = turn.work.people.get(values["person"])
    if person.is_gone:
        raise Refusal(replies.nobody_called(values["name"]), final=True)
    # What was typed in for somebody is read while nobody else types in more.
    turn.work.points.lock(person)
    _check(turn, person, values["amount"])
    request = ask_second(turn, person, values["amount"], replies.by_hand_reason(values["reason"]))
    if request is None:
        raise Refusal(replies.nobody_to_second(person), final=True)
    return replies.asked(request)


BY_HAND = Form(
    "points_by_hand",
    Intent.CHECK_POINTS,
    (Slot("reason", replies.ask_reason, _reason, called=("理由", "原因")),),
    replies.confirm_by_hand,
    _ask,
    about=replies.about_by_hand,
)


def open_to(turn: Turn) -> list[CreditRequest]:
    """What waits for a second person and is not for or from somebody near to the speaker."""
    waiting = turn.work.credits.waiting(turn.person, APPROVERS)
    return [each for each in waiting if each.expires_at > turn.now and _why_not(turn, each) is None]


def _why_not(turn: Turn, request: CreditRequest) -> Bar | None:
    why = bar(turn.work, turn.person, request.person, turn.now)
    if why is None and not is_independent(turn.work, turn.person, [request.asked_by, *helped(request.aid_match)]):
        return Bar.HOUSEHOLD
    return why


def _second(turn: Turn, verdict: points_words.Verdict) -> Reply:
    request = _meant(turn, verdict)
    if request.aid_match is not None:
        # A complaint takes the points for help away: it is either before all of this, or after it.
        turn.work.aid.lock(request.aid_match.request)
    why = _why_not(turn, request)
    if why is not None:
        raise Refusal(replies.barred_from_seconding(why))
    if not verdict.agrees:
        turn.work.credits.settle(request, RequestState.REFUSED, turn.by, verdict.why)
        turn.tell(request.asked_by, replies.was_refused(request, verdict.why))
        if request.aid_match is not None:
            _decide_aid(request, PointsState.REJECTED, turn.person)
            turn.tell(request.person, replies.you_were_given_nothing(request))
        return replies.refused(request)
    return _give(turn, request)


def _meant(turn: Turn, verdict: points_words.Verdict) -> CreditRequest:
    waiting = [each for each in turn.work.credits.waiting(turn.person, APPROVERS) if each.expires_at > turn.now]
    if verdict.number is not None:
        waiting = [each for each in waiting if each.id == verdict.number]
        if not waiting and any(each.id == verdict.number for each in turn.work.credits.asked_by(turn.person)):
            raise Refusal(replies.not_ones_own_request())
    if not waiting:
        own = verdict.number is None and turn.work.credits.asked_by(turn.person)
        raise Refusal(replies.not_ones_own_request() if own else replies.no_such_request())
    if len(waiting) > 1:
        raise Refusal(replies.which_request(waiting))
    return waiting[0]


def _give(turn: Turn, request: CreditRequest) -> Reply:
    part, match, person = request.participation, request.aid_match, request.person
    late = part is not None and part.state is not ParticipationState.CHECKED_OUT
    late = late or (match is not None and match.points is not PointsState.SECONDING)
    # Whoever asked may have become family of the person, or lost the role, since they asked.
    stale = bar(turn.work, request.asked_by, person, turn.now) is not None
    if late or stale or person.is_gone or not request.asked_by.holds(APPROVERS, request.area):
        turn.work.credits.settle(request, RequestState.EXPIRED, turn.by)
        _decide_aid(request, PointsState.ASKED)
        turn.tell(request.asked_by, replies.is_stale(request))
        return replies.is_stale(request)
    source = f"request:{request.id}" if part is None else f"participation:{part.id}"
    source = f"aid:{match.id}" if match is not None else source
    asked = turn.by._replace(person=request.asked_by)
    given = earning.credit(turn, person, request.amount, request.reason, source, by=asked, seconded_by=turn.person)
    if part is not None:
        part.state, part.approved_by_id, part.approved_at = ParticipationState.APPROVED, request.asked_by_id, turn.now
        turn.work.credits.note(PointsEventKind.APPROVED, person, given, source, asked)
    _decide_aid(request, PointsState.APPROVED, request.asked_by)
    turn.work.credits.settle(request, RequestState.CONFIRMED, turn.by)
    turn.tell(request.asked_by, replies.was_confirmed(request, given))
    turn.tell(person, replies.you_were_given(request, given, turn.work.points.balance(person)))
    return replies.confirmed(request, given)


def _decide_aid(request: CreditRequest, state: PointsState, by: Person | None = None) -> None:
    """Note at the help what became of its points, unless that was settled otherwise meanwhile."""
    match = request.aid_match
    if match is not None and match.points is PointsState.SECONDING:
        match.points, match.decided_by_id = state, by.id if by is not None else None


def expire(desk: Desk) -> None:
    """Tell whoever asked that no second person has said anything in time."""
    for request in desk.work.credits.expired(desk.now):
        if request.aid_match is not None:
            desk.work.aid.lock(request.aid_match.request)
        desk.work.credits.settle(request, RequestState.EXPIRED, desk.by)
        _decide_aid(request, PointsState.ASKED)
        desk.tell(request.asked_by, replies.has_expired(request))


FORMS = (BY_HAND,)
