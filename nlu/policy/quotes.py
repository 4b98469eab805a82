"""Cuts quotes out of clauses, word for word: the sentences that answer, with what they need to stand alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from nlu.policy.sentences import is_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nlu.policy.clauses import Clause
    from nlu.policy.sentences import Sentence

_SHORT_CLAUSE = 90
_WHOLE_SENTENCE = 130
_TOO_SHORT = 12
_LEANS_BACK = re.compile(r"^(?:其|该|此|上述|前款|前项|但是?|同时|并|因此|对此|其中|这|以上|未按|逾期)")
# A second sentence is quoted too if it fits nearly as well as the best.
_NEARLY = 0.85


class Quote(NamedTuple):
    """A verbatim piece of a clause."""

    clause_id: str
    text: str


def quote_clause(clause: Clause, sentences: Sequence[Sentence], scores: Sequence[float]) -> tuple[Quote, ...]:
    """The sentences of `clause` that fit best (`scores`, one a sentence), at most two, in printed order."""
    if len(clause.text) <= _SHORT_CLAUSE or not sentences:
        return (Quote(clause.id, clause.text),)
    order = sorted(range(len(sentences)), key=lambda number: (-scores[number], number))
    chosen = [number for number in order[:2] if scores[number] >= _NEARLY * scores[order[0]]]
    spans = [span for number in chosen for span in _spans(clause.text, sentences, number)]
    return tuple(Quote(clause.id, clause.text[start:end]) for start, end in _merged(clause.text, spans))


def _spans(text: str, sentences: Sequence[Sentence], number: int) -> list[tuple[int, int]]:
    """The places of a sentence and of what it needs: the rest up to the full stop, its introduction, the one before."""
    sentence = sentences[number]
    if is_item(sentence.text):
        opener = next((other for other in reversed(sentences[:number]) if not is_item(other.text)), None)
        return ([(opener.start, opener.end)] if opener else []) + [(sentence.start, sentence.end)]
    whole = sentence.full_end - sentence.full_start <= _WHOLE_SENTENCE
    start, end = (sentence.full_start, sentence.full_end) if whole else (sentence.start, sentence.end)
    if number and (_LEANS_BACK.match(text[start:end]) or end - start < _TOO_SHORT):
        before = next((other for other in reversed(sentences[:number]) if other.end <= start), None)
        if before is not None and end - before.start <= 2 * _WHOLE_SENTENCE:
            start = before.start
    if text[end - 1] in "：:" and number + 1 < len(sentences):
        # A line that introduces a list says nothing without it.
        last = number
        while last + 1 < len(sentences) and is_item(sentences[last + 1].text):
            last += 1
        end = sentences[last].end
    return [(start, end)]


def _merged(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, with those joined that touch."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
