"""What people may do with the data held on them: see it, take it along, erase it, take a consent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers import consents, forms
from handlers.people import data_replies
from handlers.people.erasing import ERASURE, TAKING_BACK, check_erasable, take_back
from nlu import own_data
from nlu.own_data import DataWish
from storage.consents import Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from handlers.turn import Reply, Turn


FREELY = (Purpose.NOTICES, Purpose.LOCATION, Purpose.RANKING, Purpose.CREDIT_RECORD)
"""What one may agree to by a word; to a profile one agrees with what is kept before one's eyes."""


def answer(turn: Turn) -> Reply:
    """Do what the message wants with one's own data."""
    text = turn.text
    given = _given(text)
    if given is not None:
        return _agree(turn, given)
    if own_data.is_about_others(text):
        return data_replies.only_ones_own()
    match own_data.wish_in(text):
        case DataWish.SEE:
            return data_replies.held(turn.work.own_data.of(turn.person))
        case DataWish.TAKE:
            return data_replies.to_take_along(turn.work.own_data.of(turn.person))
        case DataWish.CONSENTS:
            standing = _standing(turn)
            open_to = [each for each in FREELY if each not in standing]
            return data_replies.agreed_to(standing, turn.work.consents.lines(turn.person), open_to)
        case DataWish.TAKE_BACK:
            return _take_back(turn)
        case DataWish.ERASE:
            return _erase(turn)


def hear(turn: Turn) -> Reply | None:
    """Hear of one's consents in so many words, whatever a model makes of them; None for anything else."""
    if turn.message.in_group:
        return None
    given = _given(turn.text)
    if given is not None:
        return _agree(turn, given)
    if own_data.takes_consent_back(turn.text):
        return _take_back(turn)
    return answer(turn) if own_data.asks_for_consents(turn.text) else None


def _erase(turn: Turn) -> Reply:
    parts = sorted(own_data.parts_in(turn.text))
    if not parts:
        check_erasable(turn, turn.person)
    question = forms.begin(turn, ERASURE, {"parts": parts})
    if not own_data.wants_to_see_first(turn.text):
        return question
    return data_replies.held(turn.work.own_data.of(turn.person)).followed_by(question)


def _take_back(turn: Turn) -> Reply:
    standing = _standing(turn)
    named = [purpose for purpose in Purpose if consents.wording(purpose).name in turn.text]
    if named:
        standing = [purpose for purpose in standing if purpose in named]
    if not standing:
        return data_replies.nothing_to_take_back()
    if len(standing) > 1:
        return data_replies.which_to_take_back([consents.wording(purpose) for purpose in standing])
    if standing[0] is Purpose.PROFILE:
        return forms.begin(turn, TAKING_BACK)
    take_back(turn, standing[0])
    return data_replies.taken_back(consents.wording(standing[0]))


def _given(text: str) -> Purpose | None:
    """The purpose to which a text agrees by its name (「同意：收通知」), or None."""
    said = text.strip(" 。！!").removeprefix("我")
    return next((each for each in FREELY if said in data_replies.ways_to_agree(consents.wording(each))), None)


def _agree(turn: Turn, purpose: Purpose) -> Reply:
    if purpose is Purpose.NOTICES:
        turn.person.subscribed = True
    consents.record(turn, purpose, given=True)
    return data_replies.agreed(consents.wording(purpose))


def _standing(turn: Turn) -> Sequence[Purpose]:
    """What the speaker agrees to; a profile of before the ledger counts as agreed to."""
    person, agreed = turn.person, turn.work.consents.standing(turn.person)
    has_profile = bool(person.name or person.phone or person.home)
    return [each for each in Purpose if each in agreed or (each is Purpose.PROFILE and has_profile)]
