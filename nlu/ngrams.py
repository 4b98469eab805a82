"""Linear classifiers over the character n-grams of a text, by which intents and categories are told apart."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from nlu.wording import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

LONGEST = 3
"""The longest n-gram, in characters."""

PENALTY = 1.0
"""C of the support vector machine; chosen by cross-validation over 0.2, 0.5, 1 and 2."""

FEWEST_SENTENCES = 2
"""An n-gram of one sentence alone is not worth its row: without those a third of the rows does as well."""

_DIGITS = re.compile(r"\d+")


def spell(text: str) -> str:
    """The text that n-grams are cut from: in one spelling, its numbers folded to their length."""
    plain = _DIGITS.sub(lambda run: "0" * min(len(run[0]), 4), normalise(text))
    return " ".join(plain.split())


def ngrams(text: str) -> list[str]:
    """The character n-grams of a text, its ends marked."""
    return [gram for _, gram in _placed_ngrams(text)]


def _placed_ngrams(text: str) -> list[tuple[int, str]]:
    """The n-grams, each with its place among the characters of `spell(text)` between two blanks."""
    marked = f" {spell(text)} "
    return [(i, marked[i : i + n]) for n in range(1, LONGEST + 1) for i in range(len(marked) - n + 1)]


@dataclass(frozen=True, slots=True)
class NgramClassifier:
    """`weights` has a row for each n-gram of `vocabulary` and a column for each class.

    Half precision is enough for them: margins change in the fourth figure.
    """

    vocabulary: dict[str, int]
    inverse_frequency: NDArray[np.float32]
    weights: NDArray[np.float32] | NDArray[np.float16]
    bias: NDArray[np.float32]

    def margins(self, text: str) -> NDArray[np.float32]:
        """How far the text lies on the side of each class; above 0 is a yes."""
        counts = Counter(gram for gram in ngrams(text) if gram in self.vocabulary)
        if not counts:
            return self.bias
        rows = np.fromiter((self.vocabulary[gram] for gram in counts), dtype=np.int64)
        frequency = np.fromiter((1 + math.log(count) for count in counts.values()), dtype=np.float32)
        weighted: NDArray[np.float32] = frequency * self.inverse_frequency[rows]
        weighted = weighted / np.float32(np.linalg.norm(weighted))
        margins: NDArray[np.float32] = weighted @ self.weights[rows].astype(np.float32) + self.bias
        return margins

    def evidence(self, text: str, column: int) -> NDArray[np.float32]:
        """What each character of `spell(text)` says for one class: an even share of each n-gram that it stands in."""
        evidence = np.zeros(len(spell(text)) + 2, dtype=np.float32)
        for place, gram in _placed_ngrams(text):
            row = self.vocabulary.get(gram)
            if row is not None:
                share = float(self.inverse_frequency[row]) * float(self.weights[row, column]) / len(gram)
                evidence[place : place + len(gram)] += share
        return evidence[1:-1]

    def arrays(self) -> dict[str, Any]:
        """What is stored of it; `from_arrays` gives the same classifier back."""
        return {
            "vocabulary": np.array("\n".join(sorted(self.vocabulary, key=self.vocabulary.__getitem__))),
            "inverse_frequency": self.inverse_frequency,
            "weights": self.weights,
            "bias": self.bias,
        }

    @classmethod
    def from_arrays(cls, stored: Mapping[str, Any]) -> Self:
        """The classifier of which `arrays` gave these."""
        grams = str(stored["vocabulary"]).split("\n")
        return cls(
            vocabulary={gram: place for place, gram in enumerate(grams)},
            inverse_frequency=stored["inverse_frequency"].astype(np.float32),
            weights=stored["weights"],
            bias=stored["bias"],
        )


def learn(
    texts: Sequence[str], labels: Sequence[str], counts: Sequence[float] | None = None
) -> tuple[tuple[str, ...], NgramClassifier]:
    """The classes in the order of the columns, and a classifier that tells them; the same texts give the same.

    `counts` says how much each text counts, where not all count the same.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    vectorizer = TfidfVectorizer(analyzer=ngrams, sublinear_tf=True, min_df=FEWEST_SENTENCES)
    machine = LinearSVC(C=PENALTY, random_state=0).fit(vectorizer.fit_transform(texts), labels, sample_weight=counts)
    classifier = NgramClassifier(
        vocabulary={str(gram): int(place) for gram, place in vectorizer.vocabulary_.items()},
        inverse_frequency=vectorizer.idf_.astype(np.float32),
        weights=np.ascontiguousarray(machine.coef_.T, dtype=np.float32),
        bias=machine.intercept_.astype(np.float32),
    )
    return tuple(str(label) for label in machine.classes_), classifier
