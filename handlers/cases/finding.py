"""Finding the case that somebody means: by number, by its words, or because it is the only one."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from handlers.cases import meant, rules
from handlers.cases.replies import reporter as reporter_replies
from handlers.errors import Refusal
from nlu import answers
from nlu.places import find_places
from nlu.understanding import EntityKind
from storage.cases import CaseState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from handlers.turn import Choice, Reply, Turn
    from storage.cases import Case

_LEADING = re.compile(r"^[\s，,。.、：:；;号的]+")


def own(turn: Turn) -> Sequence[Case]:
    """The person's own cases that they mean: those named, else all unfinished ones, else the last one."""
    cases = turn.work.cases.reported_by(turn.person)
    if not cases:
        raise Refusal(reporter_replies.no_reports())
    named = _named(turn, cases)
    # One that was merged into another is told of only where its number is named.
    cases = [case for case in cases if case.duplicate_of_id is None] or list(cases)
    if named:
        return named
    _check_number(turn)
    alive = [case for case in cases if case.state not in (CaseState.CLOSED, CaseState.WITHDRAWN)]
    return alive[:5] or cases[:1]


def own_one(turn: Turn, *, following: bool = False) -> Case:
    """The one case that the person reported themselves and means; raises Refusal when several fit.

    With `following` also one that they only follow.
    """
    cases = list(turn.work.cases.reported_by(turn.person)) if following else _reported(turn)
    alive = [case for case in cases if case.state not in (CaseState.CLOSED, CaseState.WITHDRAWN)] or list(cases[:1])
    if _number(turn) and cases:
        alive = _named(turn, cases)
        if not alive:
            _check_number(turn)
    return _one(turn, alive, reporter_replies.no_reports(), _which(turn))


def _reported(turn: Turn) -> list[Case]:
    """Without those that the person only follows: a follower hears of a case, but decides nothing about it."""
    cases = turn.work.cases.reported_by(turn.person)
    return [case for case in cases if case.reporter_id == turn.person.id]


def _check_number(turn: Turn) -> None:
    """Refuse a number that is none of the person's own reports."""
    number = _number(turn)
    if number:
        raise Refusal(reporter_replies.no_such_report(str(number)))


def own_by_id(turn: Turn, case_id: int) -> Case:
    """A case that the person reported themselves, by its row id; raises Refusal when it is not theirs."""
    mine = next((case for case in _reported(turn) if case.id == case_id), None)
    if mine is None:
        raise Refusal(reporter_replies.no_reports())
    return turn.work.cases.lock(mine)


def followed_by_id(turn: Turn, case_id: int) -> Case:
    """A case that the person follows, by its row id; raises Refusal when they do not."""
    theirs = [case for case in turn.work.cases.reported_by(turn.person) if case.reporter_id != turn.person.id]
    case = next((case for case in theirs if case.id == case_id), None)
    if case is None:
        raise Refusal(reporter_replies.no_reports())
    return turn.work.cases.lock(case)


def finished(turn: Turn) -> Sequence[Case]:
    """The resolved and closed cases that the person reported or follows: those of the number said, else all."""
    number = _number(turn)
    of_number = turn.work.cases.finished_of(turn.person, str(number)) if number else ()
    return of_number or turn.work.cases.finished_of(turn.person)


def followed_finished(turn: Turn, finished: Sequence[Case]) -> Case | None:
    """The one of `finished` that the person speaks of and only follows; None where one of their own may be meant."""
    named = _named(turn, finished) or finished
    own = any(case.reporter_id == turn.person.id for case in named)
    return turn.work.cases.lock(named[0]) if named and not own else None


def own_finished(turn: Turn, finished: Sequence[Case]) -> Case:
    """The one of `finished` that the person reported themselves and speaks of."""
    finished = [case for case in finished if case.reporter_id == turn.person.id]
    waiting = [case for case in finished if case.rating is None]
    if not _named(turn, finished) and waiting:
        # Without a number it is the one that was finished last and still waits for a word.
        return turn.work.cases.lock(waiting[0])
    return _one(turn, finished, reporter_replies.nothing_to_rate(), _which(turn))


def stars(turn: Turn) -> int | None:
    """The rating from 1 to 5 that the message gives, or None."""
    for count in (turn.value(EntityKind.COUNT), answers.read_number(turn.text)):
        if isinstance(count, int) and 1 <= count <= 5:
            return count
    return rules.rating_in(without_number(turn)) if rules.says_solved(turn.text) is not False else None


def without_number(turn: Turn) -> str:
    """What was said, without the case number at its beginning."""
    entity = turn.understanding.first(EntityKind.CASE_NUMBER)
    if entity is None or entity.start > 4:
        return turn.text.strip()
    return _LEADING.sub("", turn.text[entity.end :]) or turn.text.strip()


def _meaning(turn: Turn, choice: Choice) -> Choice:
    """A choice of a case as the whole of what was meant: 「006」 after 「撤回我报的」 is 「006 撤回我报的」."""
    return replace(choice, intent=turn.understanding.intent, says=f"{choice.says} {turn.text}")


def _one(turn: Turn, cases: Sequence[Case], none: str, several: Callable[[Sequence[Case]], str | Reply]) -> Case:
    named = _named(turn, cases)
    found = named if named or _number(turn) else list(cases)
    if len(found) > 1:
        remembered = [case for case in found if case.id == turn.talk.topic.get("case")]
        found = remembered if remembered and not named else found
    if not found:
        raise Refusal(none)
    if len(found) > 1:
        question = several(found)
        if isinstance(question, str):
            raise Refusal(question)
        raise Refusal(question.text, choices=[_meaning(turn, choice) for choice in question.choices])
    case = turn.work.cases.lock(found[0])
    turn.talk.remember(case=case.id)
    return case


def _which(turn: Turn) -> Callable[[Sequence[Case]], Reply]:
    """Asks the speaker which of several of their reports is meant."""
    return partial(reporter_replies.which_of_yours, reader=turn.person)


def _number(turn: Turn) -> Any:
    """The number of a case that was said; that of a house (文林路23号) is none."""
    entity = turn.understanding.first(EntityKind.CASE_NUMBER)
    if entity is None:
        return None
    within = any(place.start < entity.start and entity.end <= place.end + 1 for place in find_places(turn.text))
    return None if within else entity.value


def _named(turn: Turn, cases: Sequence[Case]) -> list[Case]:
    number = _number(turn)
    if not number and turn.about is not None:
        return [case for case in cases if case.id == turn.about]
    if number:
        same = [case for case in cases if case.is_called(str(number))]
        unfinished = [case for case in same if case.state not in (CaseState.CLOSED, CaseState.WITHDRAWN)]
        return unfinished or same[:1]
    return meant.named_by_words(turn.text, cases)
