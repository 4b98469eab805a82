"""Staff look cases up by chat: 查一下3栋漏水没办结的事项, 找王芳办的案子, 查20260412-007, 上个月漏水的."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from handlers import forms
from handlers.cases.replies import hidden
from handlers.cases.replies import looking_up as replies
from nlu.categories import category_of, naming_word
from nlu.persons import find_persons
from nlu.places import find_places
from nlu.tables import any_of, read_table
from nlu.times import find_time
from nlu.understanding import EntityKind, Intent
from storage.case_search import Wanted
from storage.cases import UNFINISHED, CaseState
from storage.people import STAFF

if TYPE_CHECKING:
    from datetime import datetime

    from handlers.turn import Reply, Turn
    from nlu.times import TimeSpan
    from storage.cases import Case

SHOWN = 8
SHORTEST_WORD = 2
_STATES = {
    "waiting": frozenset({CaseState.OPEN}),
    "open": frozenset(UNFINISHED),
    "closed": frozenset({CaseState.RESOLVED, CaseState.CLOSED}),
    "withdrawn": frozenset({CaseState.WITHDRAWN}),
}
_OTHER_WISHES = frozenset(
    {
        Intent.REPORT_DISPUTE,
        Intent.REPORT_INCIDENT,
        Intent.ACCEPT_CASE,
        Intent.UPDATE_CASE,
        Intent.TRANSFER_CASE,
        Intent.CLOSE_CASE,
    }
)
_OWN_TASKS = re.compile("我手上|我手里|我的任务")
_AROUND_A_NUMBER = " ，,。.、：:？?号这那个嘛吧哈呢"
_SOMEBODYS = re.compile(r"(?:报|反映|办|经手)的[那这些几个件]*[嘛呢哈。？?]*$")
"""Ends what is searched for by who reported or handles it (查一下李秀芬报的)."""

_SEPARATORS = re.compile(r"[\s，,。.、：:；;！!？?“”\"（）()]+")


def look_up(turn: Turn) -> Reply | None:
    """The cases that a staff member searches for in a private talk, the newest first; None for every other wish."""
    if turn.message.in_group or not turn.person.roles & STAFF or _says_something_else(turn):
        return None
    wanted = _wanted(turn)
    if wanted is None:
        return None
    found = [case for case in turn.work.case_search.find(turn.person, wanted, SHOWN + 1) if _may_be_found(case, wanted)]
    if len(found) == 1:
        turn.talk.remember(case=found[0].id)
        return replies.found_one(found[0])
    return replies.found(found[:SHOWN], more=len(found) > SHOWN)


def _may_be_found(case: Case, wanted: Wanted) -> bool:
    """Whether what staff may read of a case is wanted: a search for its door must not find whoever is unnamed."""
    return not case.anonymous or all(word in hidden.place(case) for word in wanted.words)


def _says_something_else(turn: Turn) -> bool:
    """Whether the words surely mean another thing, whatever they begin with: 「找人来救命！着火了，烧了几件东西」."""
    intent, confidence = turn.understanding.intent, turn.understanding.confidence
    if intent is Intent.REPORT_EMERGENCY or _OWN_TASKS.search(turn.text):
        return True
    return intent in _OTHER_WISHES and confidence >= forms.SURE


def _wanted(turn: Turn) -> Wanted | None:
    """What is searched for, or None where the words are no search for cases."""
    begins, things = _words("begins"), _words("things")
    text = turn.text.strip()
    number = turn.value(EntityKind.CASE_NUMBER)
    opening = begins.match(text)
    if opening is None:
        return None if number else _of_days(turn, text)
    rest = text[opening.end() :]
    if number:
        # 「查过了007没问题，结案」 names a case too, and is no search.
        named_one = turn.understanding.first(EntityKind.CASE_NUMBER)
        beside = rest.replace(named_one.text, "", 1) if named_one is not None else rest
        beside = _words("idle").sub("", things.sub("", beside)).strip(_AROUND_A_NUMBER)
        return None if beside else Wanted(number=str(number))
    if not things.search(text) and not (_SOMEBODYS.search(rest) and find_persons(rest)):
        return _of_days(turn, rest)
    wanted, told = _told(rest, turn.now)
    return replace(wanted, words=(*wanted.words, *told))


def _of_days(turn: Turn, text: str) -> Wanted | None:
    """The cases of some days (上个月漏水的, 这周报了几个), where the words ask for them and tell nothing else."""
    if not _asks().search(text):
        return None
    wanted, told = _told(_asks().sub("", text), turn.now)
    is_past = wanted.since is not None and wanted.since <= turn.now
    return wanted if is_past and not told else None


def _told(rest: str, now: datetime) -> tuple[Wanted, list[str]]:
    """What words say of the cases that are wanted, and what is left of them: words to look for."""
    states: frozenset[CaseState] = frozenset()
    for name, meant in _STATES.items():
        if not states and _words(name).search(rest):
            rest, states = _words(name).sub(" ", rest), meant
    span = find_time(rest, now)
    since, until = _days(span) if span is not None and span.date_only else (None, None)
    if span is not None and since is not None:
        rest = rest.replace(span.text, " ", 1)
    person = next((person.text for person in find_persons(rest)), "")
    places = find_places(rest)
    for said in filter(None, (person, *(place.text for place in places))):
        rest = rest.replace(said, " ")
    slug = category_of(rest)
    named = naming_word(rest, slug) if slug else None
    if named:
        rest = rest.replace(named, " ")
    rest = _words("idle").sub(" ", _words("things").sub(" ", rest))
    told = [word for word in _SEPARATORS.split(rest) if len(word) >= SHORTEST_WORD]
    categories = frozenset({slug} if slug and named else ())
    words = tuple(place.value for place in places)
    return Wanted("", words, states, categories, person, since, until), told


def _days(span: TimeSpan) -> tuple[datetime | None, datetime | None]:
    """From which moment, and before which, the days last that are named."""
    last = span.end or span.start
    return span.start, last + timedelta(days=1) if last is not None else None


@cache
def _words(name: str) -> re.Pattern[str]:
    table: dict[str, list[str]] = read_table("case_searches")
    return re.compile(any_of(table[name]))


@cache
def _asks() -> re.Pattern[str]:
    return re.compile("|".join(read_table("case_searches")["asks"]))
