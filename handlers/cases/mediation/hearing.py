"""Hearing a mediation in what is said: before the intent is asked, and inside the intents of cases."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING

from handlers.cases.mediation import handing_over, leading, steps, taking_part
from handlers.cases.replies import mediation_party as party_replies
from handlers.routes import Route, Routes
from nlu import mediation as words_of
from nlu.mediation import Act
from nlu.parser import NEVER_OVERRULED
from nlu.understanding import Intent
from storage.cases import CaseState
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.cases import Case

_REPORTS = frozenset({Intent.REPORT_DISPUTE, Intent.REPORT_INCIDENT, Intent.REPORT_EMERGENCY})


def listen(turn: Turn) -> Reply | None:
    """Take a message that speaks of a mediation, as a whole: an agreement is many sentences, and one thing."""
    words = turn.message.text
    if not words.strip() or _is_in_danger(turn, words):
        return None
    if turn.message.in_group:
        return _in_group(turn, words)
    reply = _hear(turn, words)
    turn.whole = reply is not None
    return reply


def interrupt(turn: Turn) -> Reply | None:
    """Take what is surely said to a mediation, though a form is open: 「同意调解」 is no part of another report."""
    words = turn.message.text
    if turn.message.in_group or _is_in_danger(turn, words) or not taking_part.is_sure(turn, words):
        return None
    reply = taking_part.hear(turn, words)
    turn.whole = reply is not None
    return reply


def _is_in_danger(turn: Turn, words: str) -> bool:
    """Whether help comes first (第二十五条); what a party tells the mediator of a quarrel is believed less easily.

    「我的说法是，他半夜还在打」 may be about a game, and those alarmed would read what is for the mediator alone.
    """
    if turn.understanding.intent is not Intent.REPORT_EMERGENCY:
        return False
    danger = turn.understanding.danger
    certain = danger is not None and danger.present and (danger.plainly or danger.kind in NEVER_OVERRULED)
    return certain or not taking_part.is_statement(turn, words)


def attended(routes: Routes) -> Routes:
    """The same routes; what is pressed and speaks of a mediation is heard before them. A report stays a report."""
    return Routes(route if route.intent in _REPORTS else _attended(route) for route in routes)


def _attended(route: Route) -> Route:
    @wraps(route.action)
    def act(turn: Turn) -> Reply | None:
        reply = _hear(turn, turn.text)
        return reply if reply is not None else route.action(turn)

    return replace(route, action=act)


def _hear(turn: Turn, words: str) -> Reply | None:
    if turn.person.roles & STAFF and (taken := handing_over.take_over(turn, words)) is not None:
        return taken
    return taking_part.hear(turn, words) or leading.hear(turn, words)


def _in_group(turn: Turn, words: str) -> Reply | None:
    """A group reads nothing of a mediation: what belongs there is taken in private, once its speaker says so there."""
    if words_of.invitation_code(words) is None and not taking_part.is_private(turn, words):
        return None
    turn.whole = True
    turn.tell(turn.person, party_replies.said_in_group(words))
    return party_replies.told_in_group()


def case_is_over(turn: Turn, case: Case, words: str) -> None:
    """End the mediation of a case that was closed or taken back; its success is that of the words that closed it."""
    mediation = turn.work.mediations.running_of(case)
    if mediation is None:
        return
    said = words_of.from_mediator(words)
    failed = said is not None and said.act is Act.FAILED
    succeeded = case.state is CaseState.RESOLVED and not failed and words_of.tells_success(words)
    steps.end_with_case(turn, mediation, words, succeeded=succeeded)
