"""Searches policy documents for the clauses that answer a question."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nlu.policy.clauses import Status
from nlu.policy.document import parse
from nlu.policy.document_index import DocumentIndex, Finding, Models
from nlu.policy.learned import LearnedArrays
from nlu.policy.questions import QuestionSet, shipped_questions
from nlu.policy.references import named_clause
from nlu.policy.refusal import REFUSE_BELOW
from nlu.policy.side_by_side import SideBySide
from nlu.policy.terms import DATA, Thesaurus, plain, shipped_thesaurus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nlu.policy.clauses import Clause, Document

__all__ = ["Finding", "Hit", "PolicySearch", "shipped_document", "shipped_search"]

# So many questions are remembered with what was found for them.
_REMEMBERED = 256
# How much less a clause counts that is repealed, beside others.
_HISTORY = 0.1


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause found for a question: `score` is its chance (0 to 1), `sentence` its best one, word for word."""

    document: Document
    clause: Clause
    score: float
    sentence: str


class PolicySearch:
    """Finds clauses in one or more documents; building it learns from the training questions.

    A document is matched with the question set that bears its title. One without questions is searched by its text
    alone, with weights and thresholds learned from the shipped document by its text alone. `known` holds the pairs of
    characters of all documents and of the words that the thesaurus has for them.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        questions: QuestionSet | Sequence[QuestionSet] | None = None,
        *,
        thesaurus: Thesaurus | None = None,
        kept: LearnedArrays | None = None,
    ) -> None:
        """What is costly to learn is `kept`."""
        kept = kept or LearnedArrays()
        self.thesaurus = thesaurus = thesaurus or shipped_thesaurus()
        sets = [questions] if isinstance(questions, QuestionSet) else list(questions or ())
        by_title = {questions_of.document: questions_of for questions_of in sets}
        with_questions = {
            document.title: DocumentIndex(document, thesaurus, kept, by_title[document.title])
            for document in documents
            if document.title in by_title
        }
        models: Models | None = None
        self.indexes: list[DocumentIndex] = []
        for document in documents:
            index = with_questions.get(document.title)
            if index is None:
                models = models or _models_for_text(next(iter(with_questions.values()), None), thesaurus, kept)
                index = DocumentIndex(document, thesaurus, kept, models=models)
            self.indexes.append(index)
        self.known: frozenset[str] = frozenset().union(*(index.text.lexicon for index in self.indexes))
        self._side_by_side = SideBySide(self.indexes)
        # A talk is read from its first turn each time; what its earlier turns found need not be found again.
        self._found = lru_cache(_REMEMBERED)(self._find)

    def search(self, question: str, limit: int = 5) -> tuple[Hit, ...]:
        """The clauses that `question` is about, best first, whether or not they answer it; at most `limit`.

        One that it names by its number is what it is about.
        """
        found = self._found_in(question)
        best = max(fit for _, _, fit in found)
        hits = []
        for index, finding, fit in found:
            weight = math.exp(fit - best) * (_HISTORY if len(found) > 1 and _is_history(index) else 1.0)
            hits += [_hit(index, finding, int(column), weight) for column in _order(index, finding)[:limit]]
        return tuple(sorted(hits, key=lambda hit: -hit.score)[:limit])

    def find(self, question: str) -> tuple[DocumentIndex, Finding]:
        """The document that answers `question` best (or seems to), with what it has. ValueError without documents."""
        return self._found(question)

    def _find(self, question: str) -> tuple[DocumentIndex, Finding]:
        found = self._found_in(question)
        best = max([each for each in found if not _is_history(each[0])] or found, key=lambda each: each[2])
        # What a repealed document says is history: it is told only where no other says anything.
        if best[1].answered < REFUSE_BELOW:
            answering = [each for each in found if each[1].answered >= REFUSE_BELOW]
            best = max(answering or found, key=lambda each: each[2])
        return best[:2]

    def _found_in(self, question: str) -> list[tuple[DocumentIndex, Finding, float]]:
        """What each document asked has for `question`, and how well it fits beside the others."""
        found = [(index, index.find(index.read(question))) for index in self._asked(question)]
        if len(found) == 1:
            return [(index, finding, 0.0) for index, finding in found]
        compared = self._side_by_side
        return [(index, compared.judged(index, finding), compared.fit(index, finding)) for index, finding in found]

    def _asked(self, question: str) -> list[DocumentIndex]:
        """The documents that `question` names by title, else all."""
        if not self.indexes:
            raise ValueError("there is no document to search")
        text = plain(question)
        named = [index for index in self.indexes if len(self.indexes) > 1 and _short_title(index.document) in text]
        return named or self.indexes


def _is_history(index: DocumentIndex) -> bool:
    return index.document.status is Status.REPEALED


def _order(index: DocumentIndex, finding: Finding) -> list[int]:
    """The places of the clauses, the best first."""
    order = [int(column) for column in np.argsort(-finding.chances)]
    named = named_clause(finding.reading.question, index.document)
    return sorted(order, key=lambda column: index.document.clauses[column] is not named)


def _hit(index: DocumentIndex, finding: Finding, column: int, weight: float) -> Hit:
    span = index.text.sentences_of(column)
    best = span.start + int(finding.sentences[span.start : span.stop].argmax())
    clause = index.document.clauses[column]
    named = clause is named_clause(finding.reading.question, index.document)
    return Hit(
        index.document,
        clause,
        weight * (1.0 if named else float(finding.chances[column])),
        index.text.sentences[best].text,
    )


def _short_title(document: Document) -> str:
    return plain(document.title.removeprefix("中华人民共和国"))


def _models_for_text(learned: DocumentIndex | None, thesaurus: Thesaurus, kept: LearnedArrays) -> Models:
    """Models for documents without questions, from a document at hand that has them or else from the shipped one."""
    if learned is not None:
        return learned.models_for_text(kept)
    return _shipped_models() if thesaurus is shipped_thesaurus() else _models_of_shipped(thesaurus, kept)


@lru_cache(maxsize=1)
def _shipped_models() -> Models:
    return _models_of_shipped(shipped_thesaurus(), LearnedArrays())


def _models_of_shipped(thesaurus: Thesaurus, kept: LearnedArrays) -> Models:
    return DocumentIndex(shipped_document(), thesaurus, kept, shipped_questions()).models_for_text(kept)


@lru_cache(maxsize=1)
def shipped_document() -> Document:
    """The policy document that comes with the program."""
    return parse((DATA / "renshou-draft.txt").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def shipped_search() -> PolicySearch:
    """The search over the shipped document with its training questions."""
    return PolicySearch([shipped_document()], shipped_questions())
