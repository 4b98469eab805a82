"""Joining: a code from one account, said on another, makes both accounts one person's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers import forms
from handlers.forms import Form, Values
from handlers.people import joining_replies as replies
from nlu import fixed_words
from nlu.understanding import Intent

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.people import Person

MOST_WRONG = 5
WRONG_WITHIN = timedelta(hours=1)
"""Wrong codes that are heard in one talk within this time; after that not even a right one is taken."""


def hear(turn: Turn) -> Reply | None:
    """Hear the wish for a code, and a code that is said; None for anything else."""
    if fixed_words.wants_binding_code(turn.text):
        return _give_code(turn)
    code = fixed_words.binding_code(turn.text)
    return _said(turn, code) if code is not None else None


def _give_code(turn: Turn) -> Reply | None:
    if turn.message.in_group:
        return replies.not_here() if turn.message.addressed else None
    code = turn.work.binding.issue(turn.person, turn.now)
    return replies.too_many_codes() if code is None else replies.here_is_the_code(code.code)


def _said(turn: Turn, said: str) -> Reply | None:
    code = turn.work.binding.standing(said, turn.now)
    if turn.message.in_group:
        # Everybody has read it: it must not be good for anybody any more.
        if code is not None:
            code.expires_at = turn.now
        return replies.said_in_group() if turn.message.addressed or code is not None else None
    if _wrong(turn) >= MOST_WRONG:
        return replies.too_many_tries()
    if code is None:
        _note_wrong(turn)
        return replies.no_such_code()
    first = turn.work.people.get(code.person_id)
    if first.id == turn.person.id:
        return replies.already_one()
    if _are_different(first, turn.person):
        return replies.two_people()
    if _has_something(turn, turn.person):
        values = {"code": said, "name": first.name, "has": replies.what_moves(turn.work.own_data.of(turn.person))}
        return forms.begin(turn, JOINING, values)
    return _join(turn, {"code": said})


def _join(turn: Turn, values: Values) -> Reply:
    code = turn.work.binding.standing(values["code"], turn.now)
    if code is None:
        return replies.no_such_code()
    first, second = turn.work.people.get(code.person_id), turn.person
    if _are_different(first, second):
        return replies.two_people()
    told = turn.tell(first, replies.another_account_joined(turn.message.channel))
    code.used_at = turn.now
    for grant in list(second.grants):
        turn.work.roles.grant(first, grant.role, grant.area, turn.now, by=second, source="joining")
    turn.work.joining.join(first, second, turn.now, replies.LEDGER_REASON)
    turn.person, turn.talk.person_id = first, first.id
    return replies.joined(first, was_told=told is not None)


def _are_different(first: Person, second: Person) -> bool:
    """Whether grid members have said of both that they live where they say: then they are two people."""
    return first.confirmed_at is not None and second.confirmed_at is not None


def _has_something(turn: Turn, person: Person) -> bool:
    if person.name or person.phone or person.home or person.grants:
        return True
    data = turn.work.own_data.of(person)
    sections = ("cases", "followed", "mediations", "led", "activities", "points", "redemptions", "opinions")
    return any(data[section] for section in sections)


def _wrong(turn: Turn) -> int:
    since = turn.now - WRONG_WITHIN
    return sum(datetime.fromisoformat(at) > since for at in turn.talk.topic.get("wrong_codes", []))


def _note_wrong(turn: Turn) -> None:
    before = turn.talk.topic.get("wrong_codes", [])[-MOST_WRONG:]
    turn.talk.remember(wrong_codes=[*before, turn.now.isoformat()])


JOINING = Form(
    "join_accounts",
    Intent.BIND_PROFILE,
    (),
    replies.confirm_joining,
    _join,
    left=replies.not_joined,
    refused=replies.not_joined,
    about=replies.about_joining,
)
FORMS = (JOINING,)
