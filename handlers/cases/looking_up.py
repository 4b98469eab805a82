"""Staff look cases up by chat: 查一下3栋漏水没办结的事项, 找王芳办的案子, 查20260412-007."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from handlers.cases.replies import looking_up as replies
from nlu.categories import category_of, naming_word
from nlu.persons import find_persons
from nlu.places import find_places
from nlu.tables import any_of, read_table
from nlu.understanding import EntityKind
from storage.case_search import Wanted
from storage.cases import UNFINISHED, CaseState
from storage.people import STAFF

if TYPE_CHECKING:
    from handlers.turn import Reply, Turn

SHOWN = 8
SHORTEST_WORD = 2
_STATES = {
    "waiting": frozenset({CaseState.OPEN}),
    "open": frozenset(UNFINISHED),
    "closed": frozenset({CaseState.RESOLVED, CaseState.CLOSED}),
    "withdrawn": frozenset({CaseState.WITHDRAWN}),
}
_SEPARATORS = re.compile(r"[\s，,。.、：:；;！!？?“”\"（）()]+")


def look_up(turn: Turn) -> Reply | None:
    """The cases that a staff member searches for in a private talk, the newest first; None for every other wish."""
    if turn.message.in_group or not turn.person.roles & STAFF:
        return None
    wanted = _wanted(turn)
    if wanted is None:
        return None
    found = turn.work.case_search.find(turn.person, wanted, SHOWN + 1)
    if len(found) == 1:
        turn.talk.remember(case=found[0].id)
        return replies.found_one(found[0])
    return replies.found(found[:SHOWN], more=len(found) > SHOWN)


def _wanted(turn: Turn) -> Wanted | None:
    """What is searched for, or None where the words are no search for cases."""
    begins, things = _words("begins"), _words("things")
    text = turn.text.strip()
    number = turn.value(EntityKind.CASE_NUMBER)
    opening = begins.match(text)
    if opening is None or not (number or things.search(text)):
        return None
    if number:
        return Wanted(number=str(number))
    rest = text[opening.end() :]
    states: frozenset[CaseState] = frozenset()
    for name, meant in _STATES.items():
        if not states and _words(name).search(rest):
            rest, states = _words(name).sub(" ", rest), meant
    person = next((person.text for person in find_persons(rest)), "")
    places = find_places(rest)
    for said in filter(None, (person, *(place.text for place in places))):
        rest = rest.replace(said, " ")
    slug = category_of(rest)
    named = naming_word(rest, slug) if slug else None
    if named:
        rest = rest.replace(named, " ")
    rest = _words("idle").sub(" ", things.sub(" ", rest))
    told = [word for word in _SEPARATORS.split(rest) if len(word) >= SHORTEST_WORD]
    return Wanted(
        words=(*(place.value for place in places), *told),
        states=states,
        categories=frozenset({slug} if slug and named else ()),
        person=person,
    )


@cache
def _words(name: str) -> re.Pattern[str]:
    table: dict[str, list[str]] = read_table("case_searches")
    return re.compile(any_of(table[name]))
