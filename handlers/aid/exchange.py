"""Bringing two together: each is asked for a telephone, and learns of the other's once both have agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import consents, forms
from handlers.aid import asker_replies, helper_replies, replies, rules, staff_replies, telling
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from nlu import answers
from nlu.personal_data import find_personal_data, mask
from nlu.understanding import Intent
from storage.aid import AidMatch, AidState, MatchState
from storage.consents import Purpose

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.aid import AidRequest

_KNOWN = "known"
_NONE = "none"


def take(turn: Turn, request: AidRequest) -> Reply:
    """Ask a helper for the telephone that the other one is given."""
    _check_takeable(turn, request)
    if turn.message.in_group:
        said = replies.number(request) + "我来"
        turn.tell(turn.person, replies.say_here(turn.text, said, Intent.OFFER_MUTUAL_AID))
        return replies.in_private()
    return _ask(turn, TAKING, request.id, helper_replies.about_taking(request))


def agree(turn: Turn, match: AidMatch) -> Reply:
    """Ask whoever wanted help for the telephone that the helper is given."""
    return _ask(turn, AGREEING, match.id, asker_replies.about_agreeing(match))


def _ask(turn: Turn, form: Form, row_id: int, about: str) -> Reply:
    return forms.begin(turn, form, {"row": row_id, "about": about, "known": turn.person.phone})


def _check_takeable(turn: Turn, request: AidRequest) -> None:
    if request.requester_id == turn.person.id:
        raise Refusal(helper_replies.your_own(), final=True)
    if request.state is not AidState.OPEN or request.expires_at <= turn.now:
        raise Refusal(helper_replies.over(request), final=True)
    mine = _match_of(turn, request)
    if mine is not None and mine.state in (MatchState.OFFERED, MatchState.AGREED):
        raise Refusal(helper_replies.taken_already(request), final=True)
    if telling.is_barred(turn, turn.person):
        raise Refusal(helper_replies.barred(), final=True, choices=(replies.human(),))
    if not rules.may_come(request, turn.person):
        raise Refusal(helper_replies.only_confirmed(), final=True)


def _match_of(turn: Turn, request: AidRequest) -> AidMatch | None:
    return next((match for match in request.matches if match.helper_id == turn.person.id), None)


def _read_phone(said: Said) -> str | None:
    found = next((datum.text for datum in find_personal_data(said.text) if datum.kind == "phone"), None)
    if found is not None:
        return found
    words = said.text.strip(" 。！!")
    if words == replies.NOT_GIVEN:
        return _NONE
    answer = answers.read_yes_no(words)
    if words == replies.USE_KNOWN or (answer is not None and answer.yes):
        return _KNOWN
    return _NONE if answer is not None else None


def _phone(values: Values) -> str | None:
    """The telephone that was agreed to; None where somebody wants to give none."""
    if values["phone"] == _NONE:
        return None
    phone = values["known"] if values["phone"] == _KNOWN else values["phone"]
    if not phone:
        raise Refusal(replies.need_phone())
    return str(phone)


def _hide_typed(turn: Turn) -> None:
    """Mask the telephone in the message that gave it: it is kept with the match alone, which forgets it first."""
    if turn.cause_id is not None:
        row = turn.work.messages.get(turn.cause_id)
        row.text = mask(row.text)


def _take(turn: Turn, values: Values) -> Reply:
    _hide_typed(turn)
    phone = _phone(values)
    if phone is None:
        return replies.not_without_phone()
    request = turn.work.aid.called(turn.person, values["row"])
    if request is None:
        raise Refusal(replies.no_such(), final=True)
    turn.work.aid.lock(request)
    _check_takeable(turn, request)
    consents.record(turn, Purpose.AID, given=True)
    match = _match_of(turn, request)
    if match is None:
        match = AidMatch(request=request, helper_id=turn.person.id, helper=turn.person, complaint="")
    match.state, match.made_at, match.until, match.helper_phone = (
        MatchState.OFFERED,
        turn.now,
        request.expires_at,
        phone,
    )
    turn.work.aid.add(match)
    turn.tell(request.requester, asker_replies.somebody_comes(match, request.matches.index(match) + 1))
    return helper_replies.on_its_way(request)


def _agree(turn: Turn, values: Values) -> Reply:
    _hide_typed(turn)
    phone = _phone(values)
    if phone is None:
        return replies.not_without_phone()
    mine = turn.work.aid.asked_by(turn.person, AidState.OPEN)
    match = next((match for each in mine for match in each.matches if match.id == values["row"]), None)
    if match is None:
        raise Refusal(replies.no_such(), final=True)
    request = turn.work.aid.lock(match.request)
    if match.state is not MatchState.OFFERED or request.state is not AidState.OPEN or match.helper is None:
        raise Refusal(asker_replies.nobody_to_agree(request), final=True)
    consents.record(turn, Purpose.AID, given=True)
    match.state, match.agreed_at, match.requester_phone = MatchState.AGREED, turn.now, phone
    match.helper_told = turn.tell(match.helper, replies.contact(match, to_helper=True))
    match.requester_told = turn.tell(turn.person, replies.contact(match, to_helper=False))
    if request.kind in rules.settings().careful:
        telling.tell_staff(turn, request, staff_replies.careful_match(match), but=(match.helper, turn.person))
    if len(request.agreed) >= request.wanted:
        request.state = AidState.TAKEN
        for other in request.waiting:
            decline(turn, other)
    return replies.exchanged()


def decline(turn: Turn, match: AidMatch) -> None:
    """Tell a helper that they are not needed; their telephone goes nowhere."""
    match.state, match.helper_phone = MatchState.DECLINED, None
    turn.tell(match.helper, helper_replies.not_this_time(match))


TAKING = Form(
    "take_mutual_aid",
    Intent.OFFER_MUTUAL_AID,
    (Slot("phone", replies.ask_phone, _read_phone),),
    None,
    _take,
    about=replies.about_phone,
    left=replies.not_without_phone,
)
AGREEING = Form(
    "agree_to_mutual_aid",
    Intent.REQUEST_MUTUAL_AID,
    (Slot("phone", replies.ask_phone, _read_phone),),
    None,
    _agree,
    about=replies.about_phone,
    left=replies.not_without_phone,
)
