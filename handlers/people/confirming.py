"""Confirming: the grid member of a home says in one word whether somebody lives there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers.errors import Refusal
from handlers.people import replies
from nlu import fixed_words
from storage.people import ADMINS, Role

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn
    from storage.people import Person

WHO = frozenset({Role.GRID_MEMBER, *ADMINS})
"""Who may say that somebody lives in their area."""

_NUMBERED = re.compile(r"(?P<word>.{2,8}?)[，,：:\s]*居民(?P<id>[0-9]{1,18})号?")


def ask(turn: Turn, person: Person) -> None:
    """Forget an older word, and ask whoever answers for the home whether the person lives there."""
    person.confirmed_at = person.confirmed_by_id = None
    staff = turn.work.people.answerable(WHO, person.area)
    turn.tell(next((each for each in staff if each.id != person.id), None), replies.does_live_here(person))


def hear(turn: Turn) -> Reply | None:
    """Take the word of a grid member, pressed or typed; None for anything else."""
    numbered = _NUMBERED.fullmatch(turn.text.strip())
    word = fixed_words.confirmation(numbered["word"] if numbered else turn.text)
    if word is None or turn.message.in_group or not turn.person.roles & WHO:
        return None
    waiting = turn.work.people.unconfirmed(turn.person, WHO)
    if numbered:
        waiting = [each for each in waiting if each.id == int(numbered["id"])]
    if not waiting:
        # 「属实」 is also a plain yes; without anybody to confirm it stays one.
        return replies.nobody_to_confirm() if numbered else None
    if len(waiting) > 1:
        return replies.which_resident(waiting, lives_here=word)
    return _confirm(turn, waiting[0]) if word else _reject(turn, waiting[0])


def _confirm(turn: Turn, person: Person) -> Reply:
    if person.id == turn.person.id:
        raise Refusal(replies.not_oneself())
    person.confirmed_at, person.confirmed_by_id = turn.now, turn.person.id
    turn.tell(person, replies.you_are_confirmed(person))
    return replies.confirmed(person)


def _reject(turn: Turn, person: Person) -> Reply:
    """The home that was said is no one's home: it is forgotten, and the person may say the right one."""
    reply = replies.rejected(person)
    turn.tell(person, replies.you_do_not_live_there(person))
    person.home = None
    community = turn.work.areas.community_of(person.area)
    person.area, person.area_id = community, community.id
    return reply
