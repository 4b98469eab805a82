"""One document made searchable: its signals joined, its clauses ranked, and whether it answers at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlu.policy.meaning import Meanings
from nlu.policy.question_index import QUESTION_SIGNALS, QuestionIndex
from nlu.policy.ranking import Ranker
from nlu.policy.refusal import Evidence, Judge
from nlu.policy.text_index import TEXT_SIGNALS, TextIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nlu.policy.clauses import Document
    from nlu.policy.learned import LearnedArrays
    from nlu.policy.manner import Manners
    from nlu.policy.question_index import QuestionSignals
    from nlu.policy.questions import QuestionSet
    from nlu.policy.reading import Reading
    from nlu.policy.terms import Thesaurus
    from nlu.policy.text_index import TextSignals

# How much the sentences that the nearest training questions point to count beside the question's own words.
_EVIDENCE_OF_QUESTIONS = 0.5

# For what the shipped questions never ask about (definitions, penalties), what is plain.
_PRIOR = {
    "definition asked and given": 1.0,
    "penalty asked and given": 1.0,
    "penalty given, not asked": -1.0,
    "year asked and given": 1.0,
    "who asked and given": 1.5,
}

# Weights for documents without questions. Those learned from the draft's do not carry over to laws: they trust words
# too much. Chosen on questions for five laws and for short notices; half and double of each do nearly as well.
_OF_TEXT = {
    "clause": 1.5,
    "sentence": 1.0,
    "synonyms in sentence": 2.0,
    "heading named": 1.0,
    "clause, relative": 1.5,
    "sentence, relative": 1.0,
    "annex row, who asked": 1.0,
    "annex row, who not asked": -3.0,
    "sentence of annex row, relative, who asked": 1.0,
    "unit of row named": 6.0,
    "date asked and given": 2.0,
    "measure asked and missing": -1.5,
    "year asked and given": 1.0,
    "definition asked and given": 1.0,
    "penalty asked and given": 4.0,
    "who asked and given": 1.0,
    "permission asked and given": 1.0,
    "procedure asked and given": 1.0,
    "meaning of sentence": 1.0,
    "meaning of clause": 4.0,
    "pieces of sentence": 12.0,
    "pieces of usual questions": -6.0,
    "pieces of chapter": 6.0,
}

_LIKENESS = TEXT_SIGNALS.index("pieces of sentence")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a document has for a question.

    `chances` are those of the clauses to be the right one if one is, `answered` is the chance that one is, `sentences`
    the scores of all sentences, `likeness` how much the likest of them means the same.
    """

    reading: Reading
    chances: NDArray[np.float64]
    answered: float
    sentences: NDArray[np.float64]
    likeness: float


@dataclass(frozen=True, slots=True)
class Models:
    """What was learned: how to weigh the signals, what is asked in the manner of what rules answer, when to refuse."""

    ranker: Ranker
    manners: Manners
    judge: Judge


class DocumentIndex:
    """A document with its training questions, or with the models that were learned from those of another."""

    def __init__(
        self,
        document: Document,
        thesaurus: Thesaurus,
        kept: LearnedArrays,
        questions: QuestionSet | None = None,
        models: Models | None = None,
    ) -> None:
        """ValueError if neither `questions` nor `models` is given; what is costly to learn is `kept`."""
        self.document = document
        self.text = TextIndex(document, thesaurus, Meanings(kept))
        self.questions: QuestionIndex | None = None
        if questions is not None:
            self._models = self._recall(questions, kept)
        elif models is not None:
            self._models = models
        else:
            raise ValueError("neither training questions nor models")
        self._evidence = Evidence(self.text, self.questions)

    def _recall(self, questions: QuestionSet, kept: LearnedArrays) -> Models:
        names = (*TEXT_SIGNALS, *QUESTION_SIGNALS)

        def learn() -> dict[str, NDArray[np.float64]]:
            self.questions = QuestionIndex(self.text, questions)
            models = self.learn(with_questions=True)
            return {**self.questions.learned, "ranker": models.ranker.weights, **models.judge.arrays}

        arrays = kept.recall(self._key(names, questions), learn, models=True)
        if self.questions is None:
            self.questions = QuestionIndex(self.text, questions, arrays)
        ranker = Ranker(names, _PRIOR)
        ranker.weights = arrays["ranker"]
        return Models(ranker, self.questions.manners, Judge(arrays))

    def models_for_text(self, kept: LearnedArrays) -> Models:
        """Models for documents without questions, from the questions of this one. ValueError if it has none."""
        if self.questions is None:
            raise ValueError("there is nothing to learn from: no training questions")
        key = self._key(TEXT_SIGNALS, self.questions.asked)
        arrays = kept.recall(key, lambda: self.learn(with_questions=False).judge.arrays, models=True)
        return Models(Ranker(TEXT_SIGNALS, _OF_TEXT), self.questions.manners, Judge(arrays))

    def _key(self, signals: Sequence[str], questions: QuestionSet) -> str:
        """What a model with these signals is learned from."""
        return "\n".join(
            [
                *signals,
                f"meanings {self.text.meanings.available}",
                self.text.thesaurus.fingerprint,
                self.document.title,
                *(f"{clause.id} {clause.heading} {clause.text}" for clause in self.document.clauses),
                *(f"{clause_id} {asked}" for clause_id, asked in questions.answered),
                *questions.unanswerable,
            ]
        )

    def read(self, question: str) -> Reading:
        """`question` as this document would put it."""
        return self.text.read(question)

    def find(self, reading: Reading) -> Finding:
        """What the document has for a question."""
        text = self.text.signals([reading])
        learned = self.questions.signals([reading]) if self.questions else None
        chances = self._models.ranker.chances(_joined(text, learned))
        manner = learned.manner if learned else self._models.manners.of([reading], self.text.pairs_known)[:, 0]
        figures = self._evidence.features([reading], chances, text, manner, learned)
        answered = 0.0 if self._evidence.is_elsewhere(reading) else float(self._models.judge.chances(figures)[0])
        sentences = text.sentences[0] + (_EVIDENCE_OF_QUESTIONS * learned.sentences[0] if learned else 0.0)
        return Finding(reading, chances[0], answered, sentences, float(text.features[0, :, _LIKENESS].max()))

    def learn(self, *, with_questions: bool) -> Models:
        """Models from the training questions, each held out from the signals that it is described by.

        With `with_questions` False they use the signals of the text alone and serve other documents; only when to
        refuse is learned then. ValueError without training questions.
        """
        questions = self.questions
        if questions is None:
            raise ValueError("there is nothing to learn from: no training questions")
        text = self.text.signals(questions.readings)
        held_out = questions.held_out() if with_questions else None
        names = (*TEXT_SIGNALS, *(QUESTION_SIGNALS if with_questions else ()))
        features = _joined(text, held_out)
        if with_questions:
            ranker = Ranker(names, _PRIOR)
            ranker.fit(features[: questions.answered], questions.labels)
        else:
            ranker = Ranker(names, _OF_TEXT)
        evidence = Evidence(self.text, questions if with_questions else None)
        manner = questions.manners.held_out()[:, 0]
        figures = evidence.features(questions.readings, ranker.chances(features), text, manner, held_out)
        answered = np.arange(len(questions.readings)) < questions.answered
        # Other places and years are refused by rule; what is learned from them would only cloud their subjects.
        learnable = np.flatnonzero([not evidence.is_elsewhere(reading) for reading in questions.readings])
        order = np.random.default_rng(0).permutation(learnable)
        judge = Judge.learn(figures[order], answered[order], carries_over=not with_questions)
        return Models(ranker, questions.manners, judge)


def _joined(text: TextSignals, learned: QuestionSignals | None) -> NDArray[np.float64]:
    return np.concatenate([text.features, *([learned.features] if learned else [])], axis=-1)
