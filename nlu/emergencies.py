"""Finds real, present danger in a text by rule, before any model is asked: fire, gas, drowning, a knife."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.case_numbers import find_case_numbers
from nlu.tables import any_of, read_table
from nlu.wording import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

# A gap stays in the clause; the long one crosses a comma.
_GAPS = {"……": r"[^。.!?;]{0,20}?", "…": r"[^。.!?;,]{0,8}?"}
_GAP = re.compile("……|…")
_SENTENCE = re.compile(r"[^。!?;]+")
_NEAR = 3
_BLANK = "＿"
# Who reports danger is brief; beyond this only the head and the tail of a text are read.
_LONGEST_READ = 3000


@dataclass(frozen=True, slots=True)
class _Signs:
    """What speaks of one kind of emergency: patterns of which one is enough, and rows of which all are needed."""

    kind: str
    patterns: tuple[re.Pattern[str], ...]
    together: tuple[tuple[re.Pattern[str], ...], ...]
    unless: re.Pattern[str]

    def starts_in(self, sentence: str) -> Iterator[int]:
        """Where in `sentence` each sign begins (for words in any order, the last of them)."""
        for pattern in self.patterns:
            for match in pattern.finditer(sentence):
                yield match.start()
        for rows in self.together:
            matches = [row.search(sentence) for row in rows]
            if all(matches):
                yield max(match.start() for match in matches if match)


@dataclass(frozen=True, slots=True)
class _Rules:
    """The lists of `data/emergencies.yml`, compiled."""

    figures: re.Pattern[str]
    signs: tuple[_Signs, ...]
    negated: re.Pattern[str]
    supposed: re.Pattern[str]
    feared: re.Pattern[str]
    past: re.Pattern[str]
    elsewhere: re.Pattern[str]
    over: re.Pattern[str]
    settled: re.Pattern[str]
    unless: re.Pattern[str]


def emergency_kind(text: str) -> str | None:
    """The slug of the emergency (fire, gas, electric, …) that `text` reports as happening now, or None.

    Danger that is past, feared, rehearsed, asked about, over, or part of a case under way is none; figures of speech
    (气死我了, 火锅) are none.
    """
    rules = _rules()
    plain = _shortened(rules.figures.sub(lambda match: _BLANK * len(match[0]), normalise(text)))
    goes_on = rules.unless.search(plain) is not None
    if rules.settled.search(plain) or (not goes_on and (rules.over.search(plain) or find_case_numbers(plain))):
        return None
    sentences = [match[0] for match in _SENTENCE.finditer(plain)]
    for signs in rules.signs:
        if any(_is_real(sentence, signs, rules, goes_on) for sentence in sentences):
            return signs.kind
    return None


def _is_real(sentence: str, signs: _Signs, rules: _Rules, goes_on: bool) -> bool:
    """Whether one of the signs stands in `sentence` and nothing there takes it back."""
    starts = list(signs.starts_in(sentence))
    if not starts or rules.elsewhere.search(sentence):
        return False
    if not goes_on and (rules.past.search(sentence) or signs.unless.search(sentence)):
        return False
    return any(not _is_taken_back(sentence, start, signs.kind, rules) for start in starts)


def _is_taken_back(sentence: str, start: int, kind: str, rules: _Rules) -> bool:
    clause = sentence.rfind(",", 0, start) + 1
    negated = rules.negated.search(sentence, max(clause, start - _NEAR), start)
    feared = kind != "self_harm" and rules.feared.search(sentence, clause, start)
    return bool(negated or feared or rules.supposed.search(sentence, 0, start))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_READ else text[: _LONGEST_READ // 2] + "。" + text[-_LONGEST_READ // 2 :]


@cache
def _rules() -> _Rules:
    table: dict[str, Any] = read_table("emergencies")
    lists: dict[str, str] = table["lists"]
    signs = tuple(
        _Signs(
            kind,
            (_words_pattern(each["words"]), *(_frame_pattern(frame, lists) for frame in each["frames"])),
            tuple(tuple(_frame_pattern(row, lists) for row in rows.split(" & ")) for rows in each["together"]),
            re.compile("|".join(each["unless"])),
        )
        for kind, each in table["signs"].items()
    )
    vetoes = {name: re.compile("|".join(entries)) for name, entries in table["vetoes"].items()}
    return _Rules(figures=re.compile(any_of(map(normalise, table["figures"]))), signs=signs, **vetoes)


def _words_pattern(words: list[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(_with_gaps(word) for word in longest_first))


def _with_gaps(word: str) -> str:
    return _GAPS["…"].join(re.escape(normalise(piece)) for piece in word.split("…"))


def _frame_pattern(frame: str, lists: dict[str, str]) -> re.Pattern[str]:
    """`a|b…c|d` as a pattern, with the names in braces filled in."""
    for name, words in lists.items():
        frame = frame.replace(f"{{{name}}}", words)
    gaps = [_GAPS[gap] for gap in _GAP.findall(frame)]
    slots = [f"(?:{any_of(map(normalise, slot.split('|')))})" for slot in _GAP.split(frame)]
    return re.compile(slots[0] + "".join(gap + slot for gap, slot in zip(gaps, slots[1:], strict=True)))
