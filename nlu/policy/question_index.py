"""What the training questions say about a question: which clause the like of it is answered by, or that none is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlu.policy.manner import Manners
from nlu.policy.meaning import apart
from nlu.policy.neighbours import Neighbours
from nlu.policy.terms import bigrams, grams, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from nlu.policy.questions import QuestionSet
    from nlu.policy.reading import Reading
    from nlu.policy.text_index import TextIndex

QUESTION_SIGNALS = (
    "learned",
    "nearest question",
    "three nearest questions",
    "learned, relative",
    "learned of partner",
    "annex row, as asked for",
)

_SYNONYM = 0.5


@dataclass(frozen=True, slots=True)
class QuestionSignals:
    """Signals of several questions.

    `features` by question, clause and signal (`QUESTION_SIGNALS`). `none` is how much each is like what the document
    does not answer, `nearest_none` its cosine with the nearest such question, `manner` how much it is asked like what
    is answered. `sentences` is what the nearest questions of each clause say about its sentences. `own` is the number
    of the training question that the row is, -1 for a new one.
    """

    features: NDArray[np.float64]
    none: NDArray[np.float64]
    nearest_none: NDArray[np.float64]
    manner: NDArray[np.float64]
    sentences: NDArray[np.float64]
    own: NDArray[np.int_]


class QuestionIndex:
    """The training questions of one document, ready for comparison."""

    def __init__(
        self, text_index: TextIndex, questions: QuestionSet, learned: Mapping[str, NDArray[np.float64]] | None = None
    ) -> None:
        """`learned` are the arrays that an index of the same questions gave before."""
        self._text = text_index
        self.asked = questions
        self.readings = text_index.read_lasting([*(asked for _, asked in questions.answered), *questions.unanswerable])
        self.labels = np.array([text_index.column(clause_id) for clause_id, _ in questions.answered])
        self.answered = len(self.labels)
        known = learned or {}
        self._meanings = _meanings(self.readings)
        self._subjects = self._learn_subjects(known.get("subjects"))
        for_units = text_index.is_row[self.labels]
        self.manners = Manners(self.readings, for_units, text_index.pairs_known, known.get("manners"))
        self._sentences = text_index.sentence_scores(self.readings[: self.answered])
        self._pairs = [frozenset(bigrams(reading.content)) for reading in self.readings[: self.answered]]
        self._asked: dict[str, Counter[int]] = {}
        for pairs, label in zip(self._pairs, self.labels.tolist(), strict=True):
            for pair in pairs:
                self._asked.setdefault(pair, Counter())[label] += 1

    @property
    def learned(self) -> dict[str, NDArray[np.float64]]:
        """What was costly to learn."""
        return {"subjects": self._subjects.coefficients, "manners": self.manners.coefficients}

    def _learn_subjects(self, known: NDArray[np.float64] | None) -> Neighbours:
        """Which clause a subject belongs to; the document's sentences and headings teach what no question says."""
        text = self._text
        printed = [sentence.text for sentence in text.sentences] + [clause.heading for clause in text.clauses]
        columns = np.concatenate([self.labels, text.sentence_clause, np.arange(len(text.clauses))])
        targets = np.zeros((len(columns), len(text.clauses) + 1))
        targets[np.arange(len(columns)), columns] = 1.0
        # A question for an annex row is one for the clause of the same task too.
        is_row = text.is_row[columns]
        targets[:, :-1][is_row] += text.partners[columns[is_row]]
        none = np.zeros((len(self.readings) - self.answered, targets.shape[1]))
        none[:, -1] = 1.0
        texts = [_subject_terms(reading) for reading in self.readings]
        texts += [dict(grams(text.thesaurus.content(plain(line), text.pairs_known))) for line in printed]
        headings = apart(text.meanings.of_lasting([clause.heading for clause in text.clauses]))
        meanings = np.concatenate([self._meanings, text.sentence_meanings, headings])
        return Neighbours(
            texts, meanings, np.concatenate([targets[: self.answered], none, targets[self.answered :]]), known
        )

    def signals(self, readings: Sequence[Reading]) -> QuestionSignals:
        """The signals of new questions."""
        meanings = _meanings(readings)
        subjects = self._subjects.predict([_subject_terms(reading) for reading in readings], meanings)
        manners = self.manners.of(readings, self._text.pairs_known)
        return self._signals(*subjects, manners, np.full(len(readings), -1))

    def held_out(self) -> QuestionSignals:
        """The signals of the training questions, each as if it did not exist itself."""
        count = len(self.readings)
        return self._signals(*self._subjects.held_out(count), self.manners.held_out(), np.arange(count))

    def _signals(
        self,
        scores: NDArray[np.float64],
        similarities: NDArray[np.float64],
        manners: NDArray[np.float64],
        own: NDArray[np.int_],
    ) -> QuestionSignals:
        learned, none = scores[:, :-1], scores[:, -1]
        to_answered = similarities[:, : self.answered]
        to_none = similarities[:, self.answered : len(self.readings)]
        nearest, three = np.zeros_like(learned), np.zeros_like(learned)
        sentences = np.zeros((len(scores), self._sentences.shape[1]))
        for column in np.unique(self.labels):
            mine = np.flatnonzero(self.labels == column)
            closest = np.sort(to_answered[:, mine], axis=1)[:, ::-1][:, :3]
            nearest[:, column], three[:, column] = closest[:, 0], closest.mean(axis=1)
            span = self._text.sentences_of(int(column))
            weights = to_answered[:, mine] ** 2
            evidence = weights @ self._sentences[np.ix_(mine, np.arange(span.start, span.stop))]
            sentences[:, span.start : span.stop] = evidence / np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
        relative = np.maximum(learned, 0) / np.maximum(learned.max(axis=1, keepdims=True), 1e-9)
        for_units = self._text.is_row * manners[:, 1:]
        features = np.stack([learned, nearest, three, relative, self._text.of_partner(learned), for_units], axis=-1)
        nearest_none = to_none.max(axis=1, initial=0.0)
        return QuestionSignals(features, none, nearest_none, manners[:, 0], sentences, own)

    def asked_of(self, pair: str, own: int) -> set[int]:
        """The clauses that training questions with that pair of characters ask about, question `own` left out."""
        asked = self._asked.get(pair)
        if not asked:
            return set()
        mine = int(self.labels[own]) if 0 <= own < self.answered and pair in self._pairs[own] else -1
        return {column for column, count in asked.items() if count > (column == mine)}


def _meanings(readings: Sequence[Reading]) -> NDArray[np.float32]:
    return np.array([reading.meaning for reading in readings])


def _subject_terms(reading: Reading) -> dict[str, float]:
    """The terms that a question's subject is compared by: its own, and its synonyms' at half weight."""
    synonyms = {term: _SYNONYM * count for term, count in grams(" ".join(reading.synonyms)).items() if len(term) > 1}
    own = grams(reading.content)
    return {term: max(own.get(term, 0), synonyms.get(term, 0)) for term in own | synonyms}
