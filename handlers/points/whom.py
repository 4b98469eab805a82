"""Whom an approver means by a name: somebody within their reach, and one person alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handlers.approving import APPROVERS
from handlers.errors import Refusal
from handlers.points import credit_replies as replies

if TYPE_CHECKING:
    from handlers.turn import Turn
    from storage.people import Person

_NUMBERED = re.compile(r"(?P<name>.*)[（(]居民(?P<id>[0-9]{1,18})[）)]")


def person_called(turn: Turn, name: str) -> Person | None:
    """The person of that name in the areas of the speaker, or None; of several, the one whose number is said.

    Raises a Refusal that offers them where several bear the name.
    """
    numbered = _NUMBERED.fullmatch(name)
    called = numbered["name"] if numbered else name
    seats = [grant.area for grant in turn.person.grants if grant.role in APPROVERS]
    found = {each.id: each for seat in seats for each in turn.work.people.called(called, seat)}
    if numbered:
        return found.get(int(numbered["id"]))
    if len(found) > 1:
        people = [found[person_id] for person_id in sorted(found)]
        raise Refusal(replies.several_called(name, people), choices=replies.choices_of(people, turn.text, name))
    return next(iter(found.values()), None)
