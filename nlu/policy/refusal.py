"""Judges by how the best clause fits whether the document answers a question at all; learned from both kinds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from nlu.policy.asked import Asked, asks_another_document, asks_local, asks_state
from nlu.policy.terms import bigrams, plain
from nlu.policy.text_index import TEXT_SIGNALS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from nlu.policy.question_index import QuestionIndex, QuestionSignals
    from nlu.policy.reading import Reading
    from nlu.policy.text_index import TextIndex, TextSignals

REFUSE_BELOW = 0.45
"""Below this chance that a document answers, it is better to say so: both errors are then as frequent."""

# Things that a rule rarely gives and that people ask for all the same.
_RARELY_GIVEN = (Asked.MONEY, Asked.CLOCK, Asked.CONTACT, Asked.PERSON, Asked.PLACE, Asked.PROCEDURE)
_MEASURABLE = (Asked.NUMBER, Asked.DATE)
_UNIT = re.compile(r"[\u4e00-\u9fff]{1,5}(?:局|委|办|部|大队|公司|中心|联|站)(?=管|负责|有|在|$)")

# The signals of the text that are looked at for the best clause, and for whichever clause has most of them.
_OF_BEST = [
    TEXT_SIGNALS.index(name)
    for name in (
        "clause",
        "sentence",
        "own words in sentence",
        "synonyms in sentence",
        "heading named",
        "rarest pair",
        "meaning of sentence",
        "meaning of clause",
        "pieces of sentence",
    )
]
_OF_ANY = [TEXT_SIGNALS.index(name) for name in ("meaning of sentence", "meaning of clause", "pieces of sentence")]

# In a document without questions the manner of a question speaks against it so much at most.
_LEAST_MANNER = -0.3
_FOLDS = 5
_GAMMA = 0.02
# The shipped draft says much in general words; a law that answers a question fits it in fewer of them. Measured on
# questions for five laws: with this added to the margin, as many are answered in error as are refused in error.
_OFFSET = 0.9


class Judge:
    """The chance that the document answers a question.

    With training questions for the document a support vector machine, which follows how the signals act together;
    without them a logistic regression, whose straight weights carry over to documents of other sizes and kinds. Both
    come down to a few arrays: supports and their weights (the machine) or weights alone, and how a margin is a chance.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.float64]]) -> None:
        """From the arrays that `learn` gave."""
        self.arrays = dict(arrays)

    @classmethod
    def learn(cls, features: NDArray[np.float64], answered: NDArray[np.bool_], *, carries_over: bool) -> Judge:
        """Learns from the features of questions that are answered and of others that are not."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.svm import SVC

        centre, spread = features.mean(axis=0), features.std(axis=0)
        spread[spread == 0] = 1.0
        scaled = (features - centre) / spread
        model = (
            LogisticRegression(C=0.05, class_weight="balanced", max_iter=2000)
            if carries_over
            else SVC(C=1.0, gamma=_GAMMA, class_weight="balanced")
        )
        # The margin of a question that was learned from is too good; the chance is read off margins of held-out ones.
        margins = np.empty(len(answered))
        folds = np.arange(len(answered)) % _FOLDS
        for fold in range(_FOLDS):
            model.fit(scaled[folds != fold], answered[folds != fold])
            margins[folds == fold] = model.decision_function(scaled[folds == fold])
        calibration = LogisticRegression(C=1.0, class_weight="balanced").fit(margins[:, None], answered)
        model.fit(scaled, answered)
        supports = np.zeros((0, features.shape[1])) if carries_over else model.support_vectors_
        weights = model.coef_[0] if carries_over else model.dual_coef_[0]
        return cls(
            {
                "centre": centre,
                "spread": spread,
                "supports": supports,
                "weights": weights,
                "offset": np.array([model.intercept_[0] + (_OFFSET if carries_over else 0.0)]),
                "calibration": np.array([calibration.coef_[0, 0], calibration.intercept_[0]]),
            }
        )

    def chances(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """The chance (0 to 1) of each question in rows to be answered by the document."""
        scaled = (features - self.arrays["centre"]) / self.arrays["spread"]
        supports = self.arrays["supports"]
        if len(supports):
            distances = ((scaled[:, None, :] - supports[None]) ** 2).sum(axis=-1)
            scaled = np.exp(-_GAMMA * distances)
        margins = scaled @ self.arrays["weights"] + self.arrays["offset"][0]
        slope, start = self.arrays["calibration"]
        return np.asarray(1 / (1 + np.exp(-(slope * margins + start))))


class Evidence:
    """Describes by figures how the best clause fits a question."""

    def __init__(self, text: TextIndex, questions: QuestionIndex | None) -> None:
        self._text = text
        self._questions = questions
        self._whole = plain(
            " ".join(f"{clause.heading} {clause.text} {' '.join(clause.departments)}" for clause in text.clauses)
        )
        self._years = frozenset().union(*(text.years_of(number) for number in range(len(text.sentences))))
        foreign = [place for place in text.thesaurus.places if place not in self._whole]
        self._foreign = re.compile("|".join(map(re.escape, foreign)) or r"(?!)")
        self._sentence_pairs = [frozenset(bigrams(plain(sentence.text))) for sentence in text.sentences]

    def is_elsewhere(self, reading: Reading) -> bool:
        """Whether a question is about another document, or a place or a year that this one says nothing of."""
        return (
            bool(reading.years - self._years)
            or bool(self._foreign.search(reading.text))
            or asks_another_document(reading.text)
        )

    def features(
        self,
        readings: Sequence[Reading],
        chances: NDArray[np.float64],
        text: TextSignals,
        manner: NDArray[np.float64],
        questions: QuestionSignals | None,
    ) -> NDArray[np.float64]:
        """One row of figures a question.

        `chances` are those of the clauses by question, `manner` tells how much each is asked like what is answered.
        """
        rows = []
        for index, reading in enumerate(readings):
            top = int(chances[index].argmax())
            best = int(text.best[index, top])
            row = [
                manner[index] if questions is not None else max(manner[index], self._least_manner(reading, best)),
                *self._fit(reading, chances[index], text, index, top),
                *self._wishes(reading, best),
            ]
            if questions is not None:
                row += [
                    *self._likeness(reading, questions, index, top),
                    float(self._text.is_stray(top, chances[index])),
                ]
            rows.append(row)
        return np.array(rows, dtype=np.float64)

    def _fit(
        self, reading: Reading, chances: NDArray[np.float64], text: TextSignals, index: int, top: int
    ) -> list[float]:
        """How well words and ranking fit."""
        same = self._same_task(top)
        among_others = np.where(same, 0.0, chances)
        weights = {pair: self._text.rarity(pair) for pair in bigrams(reading.content)}
        covered = self._text.covered(reading, top)
        by_synonym = covered - self._text.clause_pairs[top]
        said_otherwise = {pair for entry in reading.said for word in entry.people for pair in bigrams(word)}
        uncovered = [weight for pair, weight in weights.items() if pair not in covered]
        best = int(text.best[index, top])
        return [
            *text.features[index, top, _OF_BEST],
            *text.features[index][:, _OF_ANY].max(axis=0),
            float(chances[same].sum()),
            float(chances[same].sum() - among_others.max()),
            float(-(chances * np.log(chances + 1e-12)).sum()),
            _share(weights, covered),
            _share(weights, self._text.pairs_known | said_otherwise),
            _share(weights, self._sentence_pairs[best] | by_synonym),
            max(uncovered, default=0.0),
            float(len(uncovered)),
            float(min(len(weights), 8)),
            float(not weights),
        ]

    def _least_manner(self, reading: Reading, best: int) -> float:
        """How much the manner may speak against a question: not at all where the best sentence gives what is asked.

        A notice of another kind may well say what rules like the ones learned from hardly ever say.
        """
        lacks = self._text.lacks(reading, best)
        gives = bool(lacks) and not any(lacks.values()) and not self._text.lacks_measure(reading, best)
        return 0.0 if gives else _LEAST_MANNER

    def _wishes(self, reading: Reading, best: int) -> list[float]:
        """What kind of thing is asked for, and whether the best sentence gives it."""
        lacks = self._text.lacks(reading, best)
        unknown_unit = not reading.units and any(
            match.group()[-2:] not in self._whole and not set(match.group()) & set("哪什个")
            for match in _UNIT.finditer(reading.text)
        )
        return [
            float(flag)
            for flag in (
                reading.who,
                bool(reading.units),
                unknown_unit,
                self._text.lacks_measure(reading, best),
                bool(reading.measures) and not self._text.lacks_measure(reading, best),
                self.is_elsewhere(reading),
                *(lacks.get(kind, False) for kind in (*_MEASURABLE, *_RARELY_GIVEN)),
                any(lacks.get(kind, False) for kind in _RARELY_GIVEN),
                any(kind in lacks and not lacks[kind] for kind in _MEASURABLE),
                Asked.PERMISSION in reading.kinds,
                asks_state(reading.text) and not reading.who,
                asks_local(reading.text),
            )
        ]

    def _likeness(self, reading: Reading, signals: QuestionSignals, index: int, top: int) -> list[float]:
        """How the training questions speak for the clause and against it."""
        assert self._questions is not None
        own = int(signals.own[index])
        same = set(np.flatnonzero(self._same_task(top)).tolist())
        weights = {pair: self._text.rarity(pair) for pair in bigrams(reading.content)}
        asked = {pair: self._questions.asked_of(pair, own) for pair in weights}
        covered = self._text.covered(reading, top)
        said_otherwise = {pair for entry in reading.said for word in entry.people for pair in bigrams(word)}
        unheard = {pair for pair in weights if pair not in self._text.pairs_known | said_otherwise and not asked[pair]}
        learned, _, three = signals.features[index, top, :3]
        nearest = signals.features[index, :, 1].max()
        none, nearest_none = signals.none[index], signals.nearest_none[index]
        return [
            learned,
            nearest,
            three,
            none,
            nearest_none,
            nearest - nearest_none,
            learned - none,
            _share(weights, covered | {pair for pair in weights if asked[pair] & same}),
            _share(weights, unheard),
            max((weights[pair] for pair in unheard), default=0.0),
            signals.features[index, :, 0].max(),
        ]

    def _same_task(self, column: int) -> NDArray[np.bool_]:
        same: NDArray[np.bool_] = self._text.partners[column].copy()
        same[column] = True
        return same


def _share(weights: dict[str, float], held: set[str] | frozenset[str]) -> float:
    """The share of the weight that `held` accounts for, 0 where there is none."""
    return sum(weight for pair, weight in weights.items() if pair in held) / (sum(weights.values()) or 1.0)
