"""Which cases somebody who works on them means: by number, by the message that is answered, by words, or the last."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.cases import rules
from handlers.cases.replies import staff as replies
from handlers.errors import Refusal
from nlu.categories import category_of
from nlu.places import find_places
from nlu.staff_commands import with_weak
from nlu.times import SHANGHAI
from nlu.understanding import EntityKind, Intent
from storage.cases import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from handlers.turn import Reply, Turn
    from nlu.case_numbers import CaseNumber
    from nlu.staff_commands import Command
    from storage.cases import Case, CaseState

LEANS_WITHIN = timedelta(minutes=30)
"""Words that name no case mean the one that was spoken of within this time."""

MOST_OFFERED = 8
"""Cases that are offered to press where several may be meant."""

SURE_OF_WORK = 0.9
"""From this confidence on the intent says what is done with a case; below it the words of a command themselves do."""

_WORK = frozenset({Intent.ACCEPT_CASE, Intent.UPDATE_CASE, Intent.CLOSE_CASE, Intent.TRANSFER_CASE})

_NAMES_ONE = re.compile(r"(?:那|这)(?:个|件|家|户|边|条|单)|的事")
"""Beside a category or a place, words that point at a case of it (漏水那个)."""

_JUST_NOW = ("刚才", "刚刚", "才将", "上面")

_POINTER = re.compile(
    r"(?:^|[，,。、；;]|(?<=[个件单条])[和跟与])(?:就|是|还有|把|将)?(?P<what>[^，,。、；;我你他她这那]{2,8}?)的?[那这](?:个|件|单|条)"
)
"""A pointer with the words that tell at what it points."""


@dataclass(slots=True)
class Meant:
    """The cases that are meant; `unclear` says of the others which are not found, `asks` which of several is meant.

    `by_weak` tells that numbers which may as well be days (7号去过了) are those of cases.
    """

    cases: list[Case] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    asks: Reply | None = None
    by_weak: bool = False


def by_whom(turn: Turn, case: Case) -> bool:
    """Whether a case is the speaker's own: they answer for it, or it was offered to them."""
    return turn.person.id in (case.assignee_id, case.offered_to_id)


def for_work(turn: Turn, command: Command, intent: Intent, usual: Sequence[CaseState] = UNFINISHED) -> Meant:
    """The cases that a staff member means to do something with, which is usual in the states `usual`.

    Raises Refusal where there is none. What is ambiguous is asked with buttons that say the command again with the
    whole number.
    """
    if command.numbers:
        return _by_numbers(turn, command, intent, usual)
    if turn.about is not None:
        case = turn.work.cases.reachable(turn.person, turn.about)
        if case is None:
            raise Refusal(replies.not_reachable())
        return Meant([case])
    if any(_own(turn, called(turn, number)) for number in command.weak):
        by_weak = _by_numbers(turn, with_weak(command), intent, usual)
        by_weak.by_weak = True
        return by_weak
    return _without_number(turn, command, intent, usual)


def of_another(turn: Turn, case: Case) -> bool:
    """Whether another case than `case`, about which the talk is, is meant: by its number, by the message that is
    answered, or by what the work that is surely told was about.
    """
    if turn.understanding.intent is Intent.REPORT_EMERGENCY:
        return False
    number = turn.value(EntityKind.CASE_NUMBER)
    if number is not None:
        return not case.is_called(str(number))
    if turn.about is not None:
        return turn.about != case.id
    meaning = turn.understanding.alone or (turn.understanding.intent, turn.understanding.confidence)
    if meaning[0] not in _WORK or meaning[1] < SURE_OF_WORK:
        return False
    named = named_by_words(turn.text, dict.fromkeys([case, *turn.work.cases.assigned_to(turn.person)]))
    return bool(named) and case not in named


def pointed_at(turn: Turn, what: str) -> Reply | None:
    """The case of the speaker's work at which words point, or the question which it is; None where they have none."""
    last = last_spoken_of(turn) if what in _JUST_NOW or turn.text.startswith("这") else None
    if last is not None:
        return replies.as_it_stands(last, turn.now)
    own = list(dict.fromkeys([*turn.work.cases.offered(turn.person), *turn.work.cases.assigned_to(turn.person)]))
    found = named_by_words(what, own) or (
        named_by_words(what, turn.work.cases.workable_by(turn.person)) if what else []
    )
    if len(found) == 1:
        return replies.as_it_stands(found[0], turn.now)
    cases = (found or own)[:MOST_OFFERED]
    return replies.which_task(cases, None, "") if cases else None


def pointed_own(turn: Turn) -> Case | None:
    """The one case of the speaker's work at which a pointer points, or None."""
    if _POINTER.search(turn.text) is None:
        return None
    named = named_by_words(turn.text, turn.work.cases.assigned_to(turn.person))
    return named[0] if len(named) == 1 else None


def last_spoken_of(turn: Turn) -> Case | None:
    """The case about which the last message was that this chat holds, or None where the speaker cannot reach it."""
    ids = turn.work.messages.cases_spoken_of(turn.talk.key, turn.person.id)
    return turn.work.cases.reachable(turn.person, ids[0]) if ids else None


def at_hand(turn: Turn) -> Case | None:
    """The one unfinished case of the speaker's own that was spoken of within the last while, or None."""
    ids = turn.work.messages.cases_spoken_of(turn.talk.key, turn.person.id, turn.now - LEANS_WITHIN)
    reached = [turn.work.cases.reachable(turn.person, case_id) for case_id in ids]
    own = [case for case in reached if case is not None and case.state in UNFINISHED and by_whom(turn, case)]
    return own[0] if len(own) == 1 else None


def pointed_at_together(text: str, cases: Iterable[Case]) -> list[Case]:
    """The cases at which several pointers point, one each (垃圾那个和井盖那个); empty where that is unclear."""
    cases = list(cases)
    found = [named_by_words(match[0], cases) for match in _POINTER.finditer(text)]
    clear = [each[0] for each in found if len(each) == 1]
    return list(dict.fromkeys(clear)) if len(found) > 1 and len(clear) == len(found) else []


def named_by_words(text: str, cases: Iterable[Case]) -> list[Case]:
    """Those of `cases` whose place or category `text` names, or whose words hold that at which it points (麻将那个)."""
    cases = list(cases)
    words = [match["what"] for match in _POINTER.finditer(text)]
    told = [case for case in cases if any(word in case.text for word in words)]
    if told:
        return told
    places = {place.value for place in find_places(text)}
    by_place = [case for case in cases if any(key and key in rules.place_key(case.place) for key in places)]
    slug = category_of(text)
    by_category = [case for case in by_place or cases if case.category == slug]
    return by_category or by_place


def _by_numbers(turn: Turn, command: Command, intent: Intent, usual: Sequence[CaseState]) -> Meant:
    meant = Meant()
    for number in command.numbers:
        same = called(turn, number)
        fit = [case for case in same if case.state in usual]
        # Short numbers begin anew each day: one's own case that can be worked now is meant before any other.
        found = _own(turn, fit) or fit or [case for case in same if case.state in UNFINISHED] or list(same[:1])
        if not found:
            near = turn.work.cases.numbers_near(turn.person, number.value)
            meant.unclear.append(replies.no_such_case(number.value, near))
        elif len(found) > 1:
            meant.asks = meant.asks or replies.which_task(found[:MOST_OFFERED], intent, command.rest)
        elif found[0] not in meant.cases:
            meant.cases.append(found[0])
    if not meant.cases and meant.asks is None:
        raise Refusal("\n".join(meant.unclear))
    return meant


def called(turn: Turn, number: CaseNumber) -> list[Case]:
    """The cases in reach that are called by a number, those of the day that is named before it where one is."""
    today = turn.now.astimezone(SHANGHAI).date()
    cases = list(turn.work.cases.called(turn.person, number.value, today))
    span = turn.value(EntityKind.TIME)
    if len(cases) < 2 or span is None or not span.date_only or span.start is None:
        return cases
    day = span.start.astimezone(SHANGHAI).date()
    return [case for case in cases if case.number.startswith(f"{day:%Y%m%d}")] or cases


def _own(turn: Turn, cases: Iterable[Case], usual: Sequence[CaseState] | None = None) -> list[Case]:
    return [case for case in cases if by_whom(turn, case) and (usual is None or case.state in usual)]


def _without_number(turn: Turn, command: Command, intent: Intent, usual: Sequence[CaseState]) -> Meant:
    last = last_spoken_of(turn)
    own = [*turn.work.cases.offered(turn.person), *turn.work.cases.assigned_to(turn.person)]
    mine = list(dict.fromkeys(case for case in own if case.state in usual))
    together = pointed_at_together(command.text, mine)
    if together:
        return Meant(together)
    named = named_by_words(command.text, mine)
    everything: list[Case] = []
    if not named and (not mine or _names_one(command.text)):
        everything = [case for case in turn.work.cases.workable_by(turn.person) if case.state in usual]
        named = named_by_words(command.text, everything)
    if not named and _names_one(command.text):
        # What cannot be worked now is meant all the same, and is told so.
        named = named_by_words(command.text, dict.fromkeys(own))
    if named and any(_fits(command.text, case) for case in named):
        return _one_of(turn, named, intent, command.text)
    if named:
        return Meant(asks=replies.which_task(named[:MOST_OFFERED], intent, command.text))
    if _names_one(command.text) and (mine or everything):
        raise Refusal(replies.none_by_these_words((mine or everything)[:MOST_OFFERED]))
    if command.pointing and last is not None:
        return Meant([last])
    found = mine or everything
    if not found:
        raise Refusal(replies.none_to_do())
    fitting = [case for case in found if _fits(command.text, case)]
    if not fitting:
        # What was said is of another thing or place: the only case, or the last one, is hardly meant.
        return Meant(asks=replies.which_task(found[:MOST_OFFERED], intent, command.text))
    return _one_of(turn, found if len(fitting) > 1 else fitting, intent, command.text)


def _fits(text: str, case: Case) -> bool:
    """Whether words may be said of a case: the place and the category that they name are not those of another."""
    if any(match["what"] in case.text for match in _POINTER.finditer(text)):
        return True
    key = rules.place_key(case.place)
    places = [place.value for place in find_places(text) if rules.has_own_name(place.value)]
    elsewhere = bool(places) and not any(place in key or key in place for place in places if place)
    return not elsewhere and category_of(text) in (None, case.category)


def _names_one(text: str) -> bool:
    """Whether words point at a case by its category or place (漏水那个), so that no other can be meant."""
    if _NAMES_ONE.search(text) is None:
        return False
    return category_of(text) is not None or bool(find_places(text))


def _one_of(turn: Turn, cases: Sequence[Case], intent: Intent, says: str) -> Meant:
    if len(cases) == 1:
        return Meant(list(cases))
    recent = turn.work.messages.cases_spoken_of(turn.talk.key, turn.person.id, turn.now - LEANS_WITHIN)
    spoken_of = [case for case in cases if case.id in recent]
    # Where another case was spoken of in between, the wrong one must not be closed.
    if len(spoken_of) == 1:
        return Meant(spoken_of)
    return Meant(asks=replies.which_task(cases[:MOST_OFFERED], intent, says))
