"""What is said about requests in so many words, with their number or about the only one that can be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import not_coming
from handlers.aid import afterwards, asker_replies, exchange, helper_replies, offering, replies, staff_replies, telling
from handlers.errors import Refusal
from nlu.mutual_aid import Act, Command, command_in, complains
from nlu.understanding import Intent
from storage.aid import STANDING, UNFINISHED, AidState, MatchState
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.aid import AidMatch, AidRequest

_OF_REQUESTER = {Act.AGREE, Act.DECLINE, Act.DONE, Act.FAILED, Act.WITHDRAW, Act.AGAIN}
_MOST_SHOWN = 5


def hear(turn: Turn) -> Reply | None:
    """Hear what is said about requests, whatever a model makes of it; None for anything else."""
    return None if turn.understanding.intent is Intent.REPORT_EMERGENCY else act(turn)


def act(turn: Turn) -> Reply | None:
    """Do what the message says about a request; None where it says nothing of that kind."""
    command = command_in(turn.text)
    if command is None:
        return _quit_alone(turn) or _complain_unasked(turn)
    if command.number is None:
        return _without_number(turn, command.act)
    request = turn.work.aid.called(turn.person, command.number)
    if request is None:
        raise Refusal(replies.no_such())
    if turn.message.in_group and command.act is not Act.TAKE:
        # Others read along: what the two have to say to each other they say to the bot alone.
        turn.tell(turn.person, replies.say_here(turn.text, turn.text, Intent.REQUEST_MUTUAL_AID))
        return replies.in_private()
    return _about(turn, command, request)


def _about(turn: Turn, command: Command, request: AidRequest) -> Reply:
    if command.act in _OF_REQUESTER and request.requester_id != turn.person.id:
        raise Refusal(replies.no_such())
    match command.act:
        case Act.TAKE:
            return exchange.take(turn, request)
        case Act.AGREE | Act.DECLINE:
            return _answer(turn, command, request)
        case Act.DONE:
            return afterwards.thank(turn, turn.work.aid.lock(request))
        case Act.FAILED | Act.AGAIN:
            return afterwards.not_helped(turn, turn.work.aid.lock(request))
        case Act.WITHDRAW:
            return withdraw(turn, request)
        case Act.QUIT:
            return _quit(turn, request)
        case Act.COMPLAIN:
            return afterwards.complain(turn, turn.work.aid.lock(request), command.words)
        case Act.APPROVE | Act.REJECT:
            return afterwards.decide_points(turn, turn.work.aid.lock(request), approve=command.act is Act.APPROVE)
        case _:
            return afterwards.decide_complaint(turn, request, upheld=command.act is Act.UPHELD)


def _without_number(turn: Turn, act: Act) -> Reply | None:
    """What can only mean something that the speaker has under way; None where they have nothing of that kind."""
    work, person = turn.work, turn.person
    if act is Act.LIST:
        waiting = work.aid.near(person, turn.now)[:_MOST_SHOWN]
        return (
            helper_replies.waiting(waiting, in_group=turn.message.in_group)
            if waiting
            else helper_replies.nobody_waits()
        )
    if turn.message.in_group:
        return None
    match act:
        case Act.TAKE:
            return offering.take_named(turn)
        case Act.UNTAKEN:
            if not person.roles & STAFF:
                return None
            return staff_replies.untaken(work.aid.untaken(person, STAFF, turn.now))
        case Act.MINE:
            offers = work.aid.offered_by(person, turn.now)
            return replies.mine(work.aid.asked_by(person, *UNFINISHED), work.aid.helped_by(person, *STANDING), offers)
        case Act.DONE:
            settled = [each for each in work.aid.asked_by(person, *UNFINISHED) if each.agreed]
            return afterwards.thank(turn, work.aid.lock(settled[0])) if len(settled) == 1 else None
        case Act.WITHDRAW:
            mine = work.aid.asked_by(person, *UNFINISHED)
            if len(mine) > 1:
                return asker_replies.which_to_withdraw(mine)
            return withdraw(turn, mine[0]) if mine else None
        case _:
            return _stop(turn)


def _stop(turn: Turn) -> Reply | None:
    offers = turn.work.aid.offered_by(turn.person, turn.now)
    for offer in offers:
        offer.withdrawn_at = turn.now
    return helper_replies.offers_withdrawn() if offers else None


def answer_alone(turn: Turn, *, yes: bool) -> Reply:
    """Take a bare yes or no for the answer to the only neighbour who waits for one."""
    mine = () if turn.message.in_group else turn.work.aid.asked_by(turn.person, AidState.OPEN)
    waiting = [request for request in mine if request.waiting]
    if len(waiting) != 1:
        return asker_replies.nobody_waits_for_an_answer()
    return _answer(turn, Command(Act.AGREE if yes else Act.DECLINE), waiting[0])


def _answer(turn: Turn, command: Command, request: AidRequest) -> Reply:
    """Say yes or no to somebody who wants to help."""
    waiting = request.waiting
    if command.which is not None:
        meant = request.matches[command.which - 1 : command.which]
        waiting = [match for match in meant if match.state is MatchState.OFFERED]
    if not waiting or request.state is not AidState.OPEN:
        raise Refusal(asker_replies.nobody_to_agree(request))
    if len(waiting) > 1:
        return asker_replies.which_helper(waiting)
    if command.act is Act.AGREE:
        return exchange.agree(turn, waiting[0])
    exchange.decline(turn, waiting[0])
    return asker_replies.declined(request)


def withdraw(turn: Turn, request: AidRequest) -> Reply:
    """Take a request back; whoever wanted to help hears of it."""
    if request.state not in UNFINISHED:
        raise Refusal(helper_replies.over(request))
    turn.work.aid.lock(request)
    request.state, request.closed_at = AidState.WITHDRAWN, turn.now
    for match in request.matches:
        if match.state in STANDING:
            exchange.decline(turn, match)
    return asker_replies.withdrawn(request)


def _quit(turn: Turn, request: AidRequest) -> Reply:
    """Let a helper say that they cannot come."""
    mine = next((m for m in request.matches if m.helper_id == turn.person.id and m.state in STANDING), None)
    if mine is None:
        raise Refusal(replies.no_such())
    turn.work.aid.lock(request)
    mine.state, mine.helper_phone = MatchState.QUIT, None
    telling.find_again(turn, request)
    turn.tell(request.requester, asker_replies.helper_is_gone(request))
    return helper_replies.quit_noted(request)


def _quit_alone(turn: Turn) -> Reply | None:
    """Take 「来不了」 for the one request with which the speaker has promised to help; of several it is asked."""
    found = not_coming.promised(turn)
    if found is None or not found.help:
        return None
    return _quit(turn, found.help[0].request) if len(found) == 1 else found.which()


def _complain_unasked(turn: Turn) -> Reply | None:
    """Take 「来帮忙的那个人找我要钱」 for a complaint, where it was settled with only one that somebody comes."""
    if turn.message.in_group or not complains(turn.text):
        return None
    asked = [match for each in turn.work.aid.asked_by(turn.person, *AidState) for match in each.matches]
    settled: list[AidMatch] = [match for match in asked if match.agreed_at is not None]
    settled += [match for match in turn.work.aid.helped_by(turn.person, *MatchState) if match.agreed_at is not None]
    last = max(settled, key=lambda match: match.agreed_at or match.made_at, default=None)
    if last is None:
        return None
    return afterwards.complain(turn, turn.work.aid.lock(last.request), turn.text.strip())
