"""Finds real, present danger in a text by rule, beside what the model thinks: fire, gas, drowning, a knife."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlu.case_numbers import find_case_numbers
from nlu.signs import Signs
from nlu.tables import read_table
from nlu.wording import normalise

_SENTENCE = re.compile(r"[^。!?;]+")
# What people end a sentence with instead of 了.
_PARTICLES = str.maketrans("咯啦喽罗", "了了了了")
# Who reports danger is brief; beyond this only the head and the tail of a text are read.
_LONGEST_READ = 1000
# Whoever means to die, or fears that somebody does, speaks of habits and fears and means today.
_LASTING = "self_harm"


@dataclass(frozen=True, slots=True)
class Danger:
    """What words say of danger: its kind, the slug of a category, and whether it is real and present."""

    kind: str
    present: bool


@dataclass(frozen=True, slots=True)
class _Vetoes:
    """The patterns of `data/emergencies.yml` that turn a sign into talk, compiled."""

    supposed: re.Pattern[str]
    feared: re.Pattern[str]
    past: re.Pattern[str]
    habit: re.Pattern[str]
    elsewhere: re.Pattern[str]
    over: re.Pattern[str]
    settled: re.Pattern[str]
    going_on: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """A sign of danger: its kind, the sentence, and where it begins there."""

    kind: str
    sentence: str
    start: int


def find_danger(text: str) -> Danger | None:
    """The danger that the words of `text` speak of, or None where they speak of none.

    Danger that is past, feared, rehearsed, asked about, over, or part of a case under way is not present; figures of
    speech (气死我了, 火锅) are no danger. Danger to life of no kind of its own (a child lost, a lift stuck) is
    `safety_hazard`.
    """
    plain = _plain(text)
    found = _signs_of_danger(plain)
    if not found:
        return None
    vetoes = _vetoes()
    goes_on = vetoes.going_on.search(plain) is not None
    if not _is_over(plain, vetoes, goes_on):
        for each in found:
            if _is_present(each, vetoes, goes_on):
                return Danger(each.kind, present=True)
    return Danger(found[0].kind, present=False)


def emergency_kind(text: str) -> str | None:
    """The slug of the emergency (fire, gas, electric, …) that `text` reports as happening now, or None."""
    danger = find_danger(text)
    return danger.kind if danger is not None and danger.present else None


def _signs_of_danger(plain: str) -> list[_Found]:
    """Every sign of danger in the text, in the order in which kinds are asked."""
    found = []
    for match in _SENTENCE.finditer(plain):
        sentence = _signs().read(match[0])
        found += [(place, _Found(kind, match[0], start)) for place, kind, start in _signs().found_in(sentence)]
    return [each for _, each in sorted(found, key=lambda placed: placed[0])]


def _is_over(plain: str, vetoes: _Vetoes, goes_on: bool) -> bool:
    if vetoes.settled.search(plain):
        return True
    return not goes_on and bool(vetoes.over.search(plain) or find_case_numbers(plain))


def _is_present(found: _Found, vetoes: _Vetoes, goes_on: bool) -> bool:
    sentence, lasts = found.sentence, found.kind == _LASTING
    clause = sentence.rfind(",", 0, found.start) + 1
    if vetoes.elsewhere.search(sentence) or vetoes.supposed.search(sentence, 0, found.start):
        return False
    if not goes_on and vetoes.past.search(sentence):
        return False
    if lasts:
        return True
    habitual = not goes_on and vetoes.habit.search(sentence, clause)
    return not habitual and not vetoes.feared.search(sentence, clause, found.start)


def _plain(text: str) -> str:
    plain = normalise(text).translate(_PARTICLES)
    half = _LONGEST_READ // 2
    return plain if len(plain) <= _LONGEST_READ else plain[:half] + "。" + plain[-half:]


@cache
def _signs() -> Signs:
    words: dict[str, dict[str, list[str]]] = read_table("emergency_words")
    return Signs(read_table("emergencies")["signs"], words["groups"], words["misspelt"])


@cache
def _vetoes() -> _Vetoes:
    table: dict[str, list[str]] = read_table("emergencies")["vetoes"]
    return _Vetoes(**{name: re.compile("|".join(patterns)) for name, patterns in table.items()})
