"""Trains the tagger of places from the marked sentences: a conditional random field, by its exact likelihood."""

from __future__ import annotations

import random
import re
from array import array
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlu.addresses import address_chains
from nlu.place_tagger import (
    BEGIN,
    CLOSING,
    END,
    FOLLOWERS,
    INSIDE,
    LABELS,
    OPENING,
    OUTSIDE,
    SINGLE,
    PlaceTagger,
    features,
)
from nlu.understanding import EntityKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from nlu.training_data import Example

FEWEST = 4
"""How often a feature must be seen."""

PENALTY = 0.5
"""The weight of the squares of all weights in what is minimised."""

ROUNDS = 60
"""Steps of L-BFGS; more change nothing on the development sentences."""

LEAST = 0.1
"""A feature none of whose weights is greater is left out; half of them are."""

DISGUISES = 4
"""How often each sentence with a place is seen again with other names, so that it is their surroundings that count.

Of marked sentences that were held back it finds 92 % instead of 89 % with 2, and is no less precise."""

WHOLE = "_told"
"""How the names of files end that mark every place; in others the places beside the point are often not marked."""

SPARED = 5
"""Of so many sentences without a place one is seen; there are ten times as many as with one."""

_NEVER = -1e4
_NUMBERED = re.compile(
    r"第?[0-9０-９A-Za-z零一二两三四五六七八九十百]+(?:组|社|栋|幢|号|单元|座|期|#|-|大队|队|网格|小组)|[A-Za-z0-9#]"
    r"|门口|旁边|对面|背后|后头|侧边|那|口"
)
_SHORTEST, _LONGEST = 2, 6


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text and where its places stand."""

    text: str
    spans: tuple[tuple[int, int], ...]


def train(examples: Sequence[Example]) -> PlaceTagger:
    """Train a tagger; the same sentences give the same one."""
    return fit(lessons_of(examples))


def lessons_of(examples: Sequence[Example]) -> list[Lesson]:
    """What `examples` teach: they themselves, again with other names in them, and each place without its sentence."""
    told = [_lesson(example) for example in examples if _is_whole(example)]
    named = [lesson for lesson in told if lesson.spans]
    plain = [lesson for lesson in told if not lesson.spans]
    names = _Names([lesson.text[start:end] for lesson in named for start, end in lesson.spans])
    alone = dict.fromkeys(lesson.text[start:end] for lesson in named for start, end in lesson.spans)
    return [
        *named,
        *plain[::SPARED],
        *(names.disguised(lesson) for lesson in named for _ in range(DISGUISES)),
        *(Lesson(place, ((0, len(place)),)) for place in alone),
    ]


def _lesson(example: Example) -> Lesson:
    marks = [mark for mark in example.entities if mark.kind is EntityKind.PLACE]
    return Lesson(example.text, tuple((mark.start, mark.end) for mark in marks))


def _is_whole(example: Example) -> bool:
    """Whether all places of a sentence are marked: all that the rules find, or all of the file."""
    if example.source.stem.endswith(WHOLE):
        return True
    spans = _lesson(example).spans
    chains = address_chains(example.text)
    return all(any(chain[0].start < end and start < chain[-1].end for start, end in spans) for chain in chains)


class _Names:
    """Makes names up from pieces of those that occur: 老鹰嘴 and 石盘子 make 老鹰盘子."""

    def __init__(self, places: Sequence[str]) -> None:
        self._heads = [head for place in places if _SHORTEST <= len(head := _head(place)) <= _LONGEST]
        self._random = random.Random(0)

    def disguised(self, lesson: Lesson) -> Lesson:
        """The sentence with another name in each of its places."""
        text, done = "", 0
        spans: list[tuple[int, int]] = []
        for start, end in lesson.spans:
            text += lesson.text[done:start]
            place = lesson.text[start:end]
            head = _head(place)
            if _SHORTEST <= len(head) <= _LONGEST:
                place = self._made_up() + place[len(head) :]
            spans.append((len(text), len(text) + len(place)))
            text, done = text + place, end
        return Lesson(text + lesson.text[done:], tuple(spans))

    def _made_up(self) -> str:
        one, other = self._random.choice(self._heads), self._random.choice(self._heads)
        if self._random.random() < 0.5:
            return one
        return one[: self._random.choice((1, 2))] + other[-self._random.choice((1, 2, 2)) :]


def _head(place: str) -> str:
    """The name with which a place begins, before its first number or word of position."""
    match = _NUMBERED.search(place)
    return place[: match.start()] if match else place


def fit(lessons: Sequence[Lesson]) -> PlaceTagger:
    """The tagger that makes the places of `lessons` likeliest."""
    from scipy.optimize import minimize

    counts = Counter(feature for lesson in lessons for seen in features(lesson.text) for feature in seen)
    kept = sorted(feature for feature, count in counts.items() if count >= FEWEST)
    likelihood = Likelihood(lessons, {feature: row for row, feature in enumerate(kept)})
    options = {"maxiter": ROUNDS, "maxcor": 6}
    found = minimize(likelihood, np.zeros(likelihood.size), jac=True, method="L-BFGS-B", options=options)
    weights, transitions = likelihood.parts(found.x)
    telling = np.abs(weights).max(axis=1) >= LEAST
    return PlaceTagger(
        {feature: row for row, feature in enumerate(name for name, tells in zip(kept, telling, strict=True) if tells)},
        weights[telling].astype(np.float32),
        transitions.astype(np.float32),
    )


class Likelihood:
    """The penalised negative log-likelihood of lessons, and its gradient, for a flat array of all weights.

    Texts of one length are computed at once: the rows of a group are those of their characters.
    """

    def __init__(self, lessons: Sequence[Lesson], vocabulary: dict[str, int]) -> None:
        self._matrix = _matrix(lessons, vocabulary)
        self._transposed = self._matrix.T.tocsr()
        self._labels = np.array([label for lesson in lessons for label in labels_of(lesson)])
        self._allowed = np.array([[label in FOLLOWERS[before] for label in LABELS] for before in LABELS])
        lengths = np.array([len(lesson.text) for lesson in lessons])
        starts = np.cumsum(lengths) - lengths
        self._groups = [starts[lengths == length][:, None] + np.arange(length) for length in np.unique(lengths)]
        self.size = (len(vocabulary) + len(LABELS)) * len(LABELS)
        """How many weights there are."""

    def parts(self, flat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The weights of the features and those of the transitions; what may not follow never does."""
        weights = flat.reshape(-1, len(LABELS))
        return weights[: -len(LABELS)], np.where(self._allowed, weights[-len(LABELS) :], _NEVER)

    def __call__(self, flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, transitions = self.parts(flat)
        scores = np.asarray(self._matrix @ weights.astype(np.float32), dtype=np.float64)
        slopes, turns, loss = np.zeros_like(scores), np.zeros_like(transitions), 0.0
        for rows in self._groups:
            here, slope, turn = _one_length(scores[rows], self._labels[rows], transitions)
            slopes[rows] = slope
            turns += turn
            loss += here
        gradient = np.concatenate([self._transposed @ slopes.astype(np.float32), np.where(self._allowed, turns, 0)])
        return loss + PENALTY / 2 * float(flat @ flat), gradient.ravel() + PENALTY * flat


def _matrix(lessons: Sequence[Lesson], vocabulary: dict[str, int]) -> csr_matrix:
    """A row for each character of all texts, with how often it has each feature."""
    from scipy.sparse import csr_matrix

    columns, ends = array("i"), array("q", [0])
    for lesson in lessons:
        for seen in features(lesson.text):
            columns.extend(vocabulary[feature] for feature in seen if feature in vocabulary)
            ends.append(len(columns))
    values = np.ones(len(columns), dtype=np.float32)
    return csr_matrix((values, np.asarray(columns), np.asarray(ends)), (len(ends) - 1, len(vocabulary)))


def _one_length(
    scores: NDArray[np.float64], labels: NDArray[np.int64], transitions: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The loss of texts of one length, and its slopes by scores and by transitions (forward-backward algorithm)."""
    length = scores.shape[1]
    scores[:, 0, [label for label in LABELS if label not in OPENING]] = _NEVER
    scores[:, -1, [label for label in LABELS if label not in CLOSING]] = _NEVER
    ahead, behind = scores.copy(), np.zeros_like(scores)
    for place in range(1, length):
        ahead[:, place] += _log_sum(ahead[:, place - 1, :, None] + transitions, axis=1)
    for place in reversed(range(length - 1)):
        behind[:, place] = _log_sum(transitions + (scores[:, place + 1] + behind[:, place + 1])[:, None], axis=2)
    whole = _log_sum(ahead[:, -1], axis=1)
    slopes = np.exp(ahead + behind - whole[:, None, None]) - np.eye(len(LABELS))[labels]
    pairs = ahead[:, :-1, :, None] + transitions + (scores + behind)[:, 1:, None] - whole[:, None, None, None]
    turns = np.exp(pairs).sum(axis=(0, 1))
    np.subtract.at(turns, (labels[:, :-1], labels[:, 1:]), 1)
    told = (
        np.take_along_axis(scores, labels[:, :, None], axis=2).sum() + transitions[labels[:, :-1], labels[:, 1:]].sum()
    )
    return float(whole.sum() - told), slopes, turns


def _log_sum(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    greatest = values.max(axis=axis, keepdims=True)
    total: NDArray[np.float64] = np.log(np.exp(values - greatest).sum(axis=axis)) + greatest.squeeze(axis)
    return total


def labels_of(lesson: Lesson) -> Iterator[int]:
    """The label of each character."""
    labels = [OUTSIDE] * len(lesson.text)
    for start, end in lesson.spans:
        labels[start:end] = [SINGLE] if end - start == 1 else [BEGIN, *[INSIDE] * (end - start - 2), END]
    return iter(labels)
