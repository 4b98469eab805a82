"""Offering help: in general, to be asked when somebody needs it, or with what somebody needs now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers import forms
from handlers.aid import asker_replies, asking, exchange, helper_replies, replies, rules, telling
from handlers.errors import Refusal
from handlers.forms import Form, Said, Slot, Values
from nlu import mutual_aid
from nlu.understanding import Intent
from storage.aid import AidOffer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn
    from storage.aid import AidRequest

MOST_SHOWN = 5


def begin(turn: Turn) -> Reply:
    """Take on what somebody needs, where the words answer that; else ask for what is missing of an offer."""
    asking.check_allowed(turn.text)
    if telling.is_barred(turn, turn.person):
        raise Refusal(helper_replies.barred(), choices=(replies.human(),))
    meant = _meant(turn)
    if mutual_aid.answers_one(turn.text) or any(each.for_whom and each.for_whom in turn.text for each in meant):
        if len(meant) == 1:
            return exchange.take(turn, meant[0])
        if meant:
            return helper_replies.waiting(meant[:MOST_SHOWN], in_group=turn.message.in_group)
    if not mutual_aid.says_what(turn.text) and mutual_aid.answers_one(turn.text):
        return helper_replies.nobody_waits()
    return forms.begin(turn, OFFER)


def take_named(turn: Turn) -> Reply | None:
    """Take on what the words name, where that waits; None where nothing of that kind does."""
    meant = [each for each in _meant(turn) if each.kind == mutual_aid.kind_of(turn.text) != mutual_aid.OTHER]
    if not meant:
        return None
    if len(meant) > 1:
        return helper_replies.waiting(meant[:MOST_SHOWN], in_group=turn.message.in_group)
    return exchange.take(turn, meant[0])


def _meant(turn: Turn) -> Sequence[AidRequest]:
    """The requests that wait and that the words may take on: those of the kind that is named."""
    waiting, kind = turn.work.aid.near(turn.person, turn.now), mutual_aid.kind_of(turn.text)
    return waiting if kind == mutual_aid.OTHER else [each for each in waiting if each.kind == kind]


def _accept_what(said: Said) -> str | None:
    return said.text.strip() if mutual_aid.is_any_help(said.text) else asking.accept_what(said)


def _find_when(said: Said) -> dict[str, str] | None:
    found = asking.find_when(said)
    return found if found else None


def _context(turn: Turn, values: Values) -> None:
    values["in_group"] = turn.message.in_group
    values["when"] = values.get("when") or {}
    if not values.get("what"):
        return
    asking.check_allowed(values["what"])
    values["kind"] = mutual_aid.kind_of(values["what"])
    until = rules.over_at(*asking.moments_in(values), turn.now + timedelta(days=rules.settings().offer_days))
    values["until"] = until.isoformat()


def _finish(turn: Turn, values: Values) -> Reply:
    start, end, part = asking.moments_in(values)
    expires_at = rules.over_at(start, end, part, turn.now + timedelta(days=rules.settings().offer_days))
    if expires_at <= turn.now:
        raise Refusal(asker_replies.in_the_past())
    community = turn.work.areas.community_of(turn.person.area)
    offer = AidOffer(
        community_id=community.id,
        person_id=turn.person.id,
        kind=values["kind"],
        what=values["what"],
        start=start,
        end=end,
        part=part,
        created_at=turn.now,
        expires_at=expires_at,
    )
    for older in turn.work.aid.offered_by(turn.person, turn.now):
        if older.kind == offer.kind:
            older.withdrawn_at = turn.now
    turn.work.aid.add(offer)
    waiting = turn.work.aid.near(turn.person, turn.now)
    fitting = [each for each in waiting if rules.fits(each, offer) and rules.may_come(each, turn.person)]
    if not turn.message.in_group:
        return helper_replies.offered(offer, fitting[:MOST_SHOWN])
    turn.tell(turn.person, helper_replies.offered(offer, fitting[:MOST_SHOWN]))
    return helper_replies.offered_in_group()


OFFER = Form(
    name="offer_mutual_aid",
    intent=Intent.OFFER_MUTUAL_AID,
    slots=(
        Slot(
            "what",
            helper_replies.ask_what_you_can,
            accept=_accept_what,
            find=asking.find_what,
            greedy=True,
            called=("内容",),
        ),
        Slot(
            "when",
            replies.ask_when,
            find=_find_when,
            needed=lambda _values: False,
            called=("时间", "日期", "日子"),
        ),
    ),
    read_back=helper_replies.confirm_offer,
    about=helper_replies.about_offer,
    finish=_finish,
    owns=frozenset({Intent.REQUEST_MUTUAL_AID}),
    words=("what",),
    context=_context,
)
