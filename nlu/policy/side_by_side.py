"""Compares what several documents have for one question, so that a short one wins by no chance over a long one.

Each document's own chance to answer is measured by its own words: in five verses every word is rare, and a manner of
asking that rules answer (可以搞吗) speaks for all documents alike. Here words are equally rare for all of them.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from nlu.policy.terms import bigrams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nlu.policy.document_index import DocumentIndex, Finding

# Log odds that a document is the right one among several; fitted (softmax) on the development sets of the draft and of
# five laws, nine documents side by side. The chance of a document without training questions says little.
_ANSWERED_LEARNED = 1.0
_ANSWERED_BY_TEXT = 0.3
_COVERED = 4.8
_OF_FEW_DOCUMENTS = 2.0
_LIKENESS = 8.0

# Log odds that the best document answers, where it has no training questions; fitted (logistic regression) on the same.
_ANSWERS_IF_ANSWERED = 0.57
_ANSWERS_IF_LIKE = 2.96
_ANSWERS_AT_ALL = -25.25

_SUREST = 0.99


class SideBySide:
    """Several documents and how rare words are in all of them together."""

    def __init__(self, indexes: Sequence[DocumentIndex]) -> None:
        clauses = [pairs for index in indexes for pairs in index.text.clause_pairs]
        self._documents = len(indexes)
        self._clauses = len(clauses)
        self._holding = Counter(pair for pairs in clauses for pair in pairs)
        self._known_to = Counter(
            pair for index in indexes for pair in frozenset().union(*map(frozenset, index.text.clause_pairs))
        )

    def fit(self, index: DocumentIndex, finding: Finding) -> float:
        """How well a document fits a question, to be compared with others."""
        trust = _ANSWERED_BY_TEXT if index.questions is None else _ANSWERED_LEARNED
        pairs = bigrams(finding.reading.content)
        weights = [self._rarity(pair) for pair in pairs]
        covered = index.text.covered(finding.reading, int(finding.chances.argmax()))
        total = sum(weights) or 1.0
        held = sum(weight for pair, weight in zip(pairs, weights, strict=True) if pair in covered)
        of_few = sum(
            weight * math.log((self._documents + 1) / (self._known_to[pair] + 0.5))
            for pair, weight in zip(pairs, weights, strict=True)
            if pair in index.text.pairs_known and self._known_to[pair]
        )
        return (
            trust * _log_odds(finding.answered)
            + _COVERED * held / total
            + _OF_FEW_DOCUMENTS * of_few / total
            + _LIKENESS * finding.likeness
        )

    def judged(self, index: DocumentIndex, finding: Finding) -> Finding:
        """The finding with the chance that the document answers as it is beside others.

        Of several documents one is always the likeliest, so that more has to speak for it. What was learned from
        training questions holds as it is; so does all where the encoder cannot run.
        """
        if index.questions is not None or not finding.likeness or not finding.answered:
            return finding
        margin = (
            _ANSWERS_IF_ANSWERED * _log_odds(finding.answered) + _ANSWERS_IF_LIKE * finding.likeness + _ANSWERS_AT_ALL
        )
        return replace(finding, answered=1 / (1 + math.exp(-margin)))

    def _rarity(self, pair: str) -> float:
        """How rare a pair of characters is among the clauses of all documents: 1 if none holds it."""
        holding = self._holding[pair]
        return math.log(1 + (self._clauses - holding + 0.5) / (holding + 0.5)) / math.log(
            1 + (self._clauses + 0.5) / 0.5
        )


def _log_odds(chance: float) -> float:
    chance = min(max(chance, 1 - _SUREST), _SUREST)
    return math.log(chance / (1 - chance))
