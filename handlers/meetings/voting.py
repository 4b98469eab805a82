"""Voting: one vote, changed until the ballot closes; nothing of a secret one stays in what was said."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers import households
from handlers.errors import Refusal
from handlers.meetings import ballots, calling_off, vote_replies
from handlers.turn import Reply
from nlu import votes as words
from nlu.understanding import Intent
from storage.votes import VotesBy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Turn
    from storage.votes import Ballot, Home

SINCE = timedelta(days=365)
"""How far back ballots are looked for."""

MOST_SHOWN = 5
_HUSHED = timedelta(hours=1)
"""How far back a talk is searched for words that say what was chosen."""

_LAST = "ballot"


def hear(turn: Turn) -> Reply | None:
    """Hear of votes in so many words, whatever a model makes of them; None for all else."""
    if turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return None
    if words.asks_recount(turn.text):
        return _recount(turn)
    begun = calling_off.take_back(turn) or ballots.begin(turn)
    if begun is not None:
        return begun
    is_numbered = words.number_in(turn.text) is not None and not words.asks_result(turn.text)
    said_in_group = turn.message.in_group and turn.understanding.intent is Intent.VOTE and bool(_open(turn))
    if said_in_group or (words.votes(turn.text) and _choices(turn, [*_open(turn), *_secret_lately(turn)])):
        return vote(turn)
    if is_numbered and turn.work.votes.concerning(turn.person, turn.now - SINCE):
        return vote(turn)
    if words.asks_for_list(turn.text) or words.asks_result(turn.text):
        return _results(turn) or (vote_replies.none_open() if words.asks_for_list(turn.text) else None)
    return None


def vote(turn: Turn) -> Reply:
    """Vote on the ballot that is meant, or show the paper where the words choose nothing.

    Nothing is refused by raising: that would bring back what was hushed.
    """
    open_ones = _open(turn)
    number = words.number_in(turn.text)
    _hush(turn, number)
    meant = [each for each in open_ones if each.id == number] if number is not None else _choices(turn, open_ones)
    if number is not None and not meant:
        return Reply(_why_not(turn, number))
    meant = meant or list(open_ones)
    if turn.message.in_group:
        for ballot in meant[:1]:
            turn.tell(turn.person, vote_replies.paper(ballot))
        return vote_replies.in_private() if meant else vote_replies.none_open()
    if not meant:
        return vote_replies.none_open()
    if len(meant) > 1:
        return vote_replies.papers(meant)
    return _cast(turn, meant[0])


def _cast(turn: Turn, ballot: Ballot) -> Reply:
    choice = words.choice_in(turn.text, ballot.options)
    if choice is None or _hindrance(turn, ballot) is not None:
        return _paper(turn, ballot)
    ballot = turn.work.votes.lock(ballot)
    if not ballot.is_open(turn.now):
        return Reply(vote_replies.is_closed(ballot))
    turn.talk.remember(**{_LAST: ballot.id})
    first = turn.work.votes.cast(ballot, turn.person, choice, _home(turn, ballot))
    return vote_replies.voted(ballot, choice, first=first)


def _paper(turn: Turn, ballot: Ballot) -> Reply:
    """The ballot paper, or what the speaker has to do before they can vote."""
    turn.talk.remember(**{_LAST: ballot.id})
    hindrance = _hindrance(turn, ballot)
    if hindrance is not None:
        return Reply(hindrance)
    changes = turn.work.votes.has_voted(ballot, turn.person, _home(turn, ballot))
    return vote_replies.paper(ballot, changes=changes)


def _hindrance(turn: Turn, ballot: Ballot) -> str | None:
    """What the speaker has to do before they can vote, or None; who lives here is for staff to say."""
    if turn.person.home is None and (ballot.per is VotesBy.HOUSEHOLD or turn.person.confirmed_at is None):
        return vote_replies.needs_home()
    return vote_replies.needs_confirming() if turn.person.confirmed_at is None else None


def _home(turn: Turn, ballot: Ballot) -> Home | None:
    return households.home_of(turn.work, turn.person) if ballot.per is VotesBy.HOUSEHOLD else None


def _open(turn: Turn) -> Sequence[Ballot]:
    return turn.work.votes.open_to(turn.person, turn.now)


def _choices(turn: Turn, open_ones: Sequence[Ballot]) -> list[Ballot]:
    """The open ballots that have the option which was named; the one that was spoken of last before the others."""
    found = [each for each in open_ones if words.choice_in(turn.text, each.options) is not None]
    last = [each for each in found if each.id == turn.talk.topic.get(_LAST)]
    return last or found


def _why_not(turn: Turn, number: int) -> str:
    ballot = turn.work.votes.get(number)
    if ballot is None or not ballot.area.contains(turn.person.area):
        return vote_replies.not_yours()
    return vote_replies.opens_later(ballot) if ballot.opens_at > turn.now else vote_replies.is_closed(ballot)


def _secret_lately(turn: Turn, number: int | None = None) -> list[Ballot]:
    """The secret ballots of which words of the last while may tell a choice, that of `number` whenever it was."""
    found = [each for each in turn.work.votes.concerning(turn.person, turn.now - SINCE) if each.secret]
    around = turn.now - _HUSHED, turn.now + _HUSHED
    return [each for each in found if each.id == number or (each.opens_at <= around[1] and each.closes_at >= around[0])]


def _hush(turn: Turn, number: int | None) -> None:
    """Let nothing of a secret choice stay in what was said, nor in what is kept to learn from."""
    secret = _secret_lately(turn, number)
    if not secret or turn.cause_id is None:
        return
    named = [word for ballot in secret for word in words.names_of(ballot.options)]
    said = turn.work.messages.hush(turn.message.talk, turn.cause_id, named, turn.now - _HUSHED, vote_replies.INSTEAD)
    turn.work.unsure.forget(said, turn.now)


def known(turn: Turn) -> Reply | None:
    """What is known of the ballot that a question means, or None where it means none."""
    return _results(turn) if words.asks_result(turn.text) or words.number_in(turn.text) is not None else None


def _results(turn: Turn) -> Reply | None:
    found = _meant(turn)
    if words.asks_for_list(turn.text) and not turn.message.in_group:
        open_ones = [each for each in _open(turn) if each in found]
        if any(word in turn.text for each in open_ones for word in words.names_of(each.options)):
            _hush(turn, None)
        if len(open_ones) == 1:
            return _paper(turn, open_ones[0])
    return vote_replies.listed(found[:MOST_SHOWN]) if found else None


def _meant(turn: Turn) -> Sequence[Ballot]:
    found = turn.work.votes.concerning(turn.person, turn.now - SINCE)
    number = words.number_in(turn.text)
    return [each for each in found if each.id == number] if number is not None else found


def _recount(turn: Turn) -> Reply | None:
    found = _meant(turn)
    if not found:
        return None
    closed = [each for each in found if each.closed_at is not None and not each.is_called_off]
    if not closed and found[0].is_called_off:
        return vote_replies.listed(found[:1])
    if not closed:
        raise Refusal(vote_replies.not_closed_yet(found[0]))
    return vote_replies.recounted(closed[0], turn.work.votes.recount(closed[0]))


FORMS = (ballots.BALLOT, *calling_off.FORMS)
LISTENERS = (hear,)
