"""Asks what can answer from a policy document, gridbot and plain BM25, the same questions in the same way."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from nlu.policy.answer import answer
from nlu.policy.bm25 import Bm25
from nlu.policy.quotes import Quote
from nlu.policy.terms import grams, plain

if TYPE_CHECKING:
    from collections import Counter

    from bot.evaluation.questions import Question
    from nlu.policy.clauses import Document
    from nlu.policy.search import PolicySearch

_FOUND = 3
_PAIRS = 2


@dataclass(frozen=True, slots=True)
class Trial:
    """What was made of one question.

    `found` are the three clauses that the search ranks first, whether or not they are answered with; `quotes` and
    `units` make up the answer and are empty where it was refused. `confidence` (0 to 1) is the highest threshold at
    which the question is still answered, None where it is refused at any; `would_be_right` tells whether a right clause
    is quoted then.
    """

    question: Question
    document: Document
    found: tuple[str, ...]
    answered: bool
    quotes: tuple[Quote, ...]
    units: tuple[str, ...]
    confidence: float | None
    would_be_right: bool
    ms: float

    @property
    def first_right(self) -> bool:
        """Whether the clause that was found first answers the question."""
        return self.found[0] in self.question.clauses

    @property
    def among_three_right(self) -> bool:
        """Whether one of those found does."""
        return not set(self.found).isdisjoint(self.question.clauses)

    @property
    def right(self) -> bool:
        """Whether the answer quotes a right clause."""
        return _quotes_right(self.question, self.quotes)

    @property
    def well_answered(self) -> bool:
        """Whether the answer is right, or the question refused that the document does not answer."""
        return self.right if self.question.answered else not self.answered

    @property
    def units_exact(self) -> bool:
        """Whether the units are those that the question asks for, as printed, whatever their order.

        A closing 等, which the document prints with the last unit, is no part of its name.
        """
        return {unit.removesuffix("等") for unit in self.units} == set(self.question.departments)


def _quotes_right(question: Question, quotes: tuple[Quote, ...]) -> bool:
    """Whether one of the quotes is from a clause that answers the question."""
    return any(quote.clause_id in question.clauses for quote in quotes)


class System(Protocol):
    """Whatever answers questions on one document."""

    def ask(self, question: Question) -> Trial:
        """What it makes of the question."""


class Gridbot:
    """The answers as people get them."""

    def __init__(self, search: PolicySearch) -> None:
        self._search = search

    def ask(self, question: Question) -> Trial:
        """The answer and what the search found for it.

        Two more answers, with no threshold and with one that nothing reaches, tell what the threshold decides.
        """
        begin = time.perf_counter()
        given = answer(question.turns, self._search)
        ms = (time.perf_counter() - begin) * 1e3
        boldest = answer(question.turns, self._search, refuse_below=0.0)
        shyest = answer(question.turns, self._search, refuse_below=math.inf)
        return Trial(
            question=question,
            document=given.document,
            found=tuple(hit.clause.id for hit in self._search.search(given.question, _FOUND)),
            answered=given.answered,
            quotes=given.quotes,
            units=given.departments,
            confidence=1.0 if shyest.answered else given.confidence if boldest.answered else None,
            would_be_right=_quotes_right(question, boldest.quotes),
            ms=ms,
        )


class PlainBm25:
    """The baseline: BM25 over characters and their pairs, headings and units included.

    It has learned nothing and knows no words. It never refuses, so that its first clause is its answer; a talk is asked
    with all its turns.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._bm25 = Bm25(
            [
                _terms(" ".join((*clause.path, clause.heading, clause.text, *clause.departments)))
                for clause in document.clauses
            ]
        )

    def ask(self, question: Question) -> Trial:
        """The clause that scores best, as a whole."""
        begin = time.perf_counter()
        scores = self._bm25.scores([_terms(" ".join(question.turns))])[0]
        order = np.argsort(-scores, kind="stable")
        ms = (time.perf_counter() - begin) * 1e3
        found = [self._document.clauses[int(column)] for column in order[:_FOUND]]
        quotes = (Quote(found[0].id, found[0].text),)
        return Trial(
            question=question,
            document=self._document,
            found=tuple(clause.id for clause in found),
            answered=True,
            quotes=quotes,
            units=found[0].departments,
            confidence=float(scores[order[0]]),
            would_be_right=_quotes_right(question, quotes),
            ms=ms,
        )


def _terms(text: str) -> Counter[str]:
    return grams(plain(text), _PAIRS)
