"""Marks the characters of a text that belong to places: a linear-chain conditional random field over its characters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlu.addresses import address_chains
from nlu.tables import read_table
from nlu.wording import fold_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "data" / "places.npz"
"""Made by `python -m nlu.training places`."""

OUTSIDE, BEGIN, INSIDE, END, SINGLE = LABELS = range(5)
"""What a character is to a place: no part of one, its first, one within, its last, or the whole of it."""

FOLLOWERS = {
    OUTSIDE: (OUTSIDE, BEGIN, SINGLE),
    BEGIN: (INSIDE, END),
    INSIDE: (INSIDE, END),
    END: (OUTSIDE, BEGIN, SINGLE),
    SINGLE: (OUTSIDE, BEGIN, SINGLE),
}
"""The labels that may stand behind each."""

OPENING, CLOSING = FOLLOWERS[OUTSIDE], (OUTSIDE, END, SINGLE)
"""The labels that the first and the last character of a text may have."""

_LISTS = {
    "ending": (
        "towns",
        "communities",
        "estates",
        "short_estates",
        "estates_before_buildings",
        "roads",
        "closed_roads",
        "yards",
        "hamlets",
        "features",
    ),
    "landmark": ("landmarks",),
    "weak": ("weak_landmarks", "nameable_landmarks"),
    "thing": ("things",),
    "position": ("positions", "vague_positions", "spots"),
    "before": ("before_places",),
    "name": ("name_characters",),
    "stop": ("stop_characters",),
}
_NUMERALS = frozenset("零〇一二两三四五六七八九十百千半几")
_DIGIT = re.compile("[0-9]")
_EDGE = 3
_LONGEST = 3
_STEPS = 127
"""Weights are kept in one byte each, as so many steps of the greatest."""


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """The words of `data/places.yml` and ordinary ones, each with the lists that it stands in."""
    table = read_table("places")
    lists: dict[str, list[str]] = {}
    for name, keys in _LISTS.items():
        for word in dict.fromkeys(word for key in keys for word in table[key]):
            lists.setdefault(word, []).append(name)
    for word in read_table("ordinary_words")["words"]:
        lists.setdefault(word, []).append("ordinary")
    return {word: tuple(names) for word, names in lists.items()}


def features(text: str) -> list[list[str]]:
    """What there is to see at each character of `text`: its neighbours, words of places, and what the rules find."""
    folded = fold_width(text).lower()
    seen = [list(_around(window)) for window in _windows(_DIGIT.sub("0", folded))]
    _add_words(seen, folded)
    _add_parts(seen, text)
    return seen


def _windows(text: str) -> Iterator[str]:
    """Each character with the three before and the three behind it."""
    padded = "^" * _EDGE + text + "$" * _EDGE
    return (padded[place : place + 2 * _EDGE + 1] for place in range(len(text)))


def _around(window: str) -> Iterator[str]:
    """The n-grams of a window, each with its place there, and what sorts of characters it consists of."""
    for first in range(len(window)):
        for last in range(first, min(first + _LONGEST, len(window))):
            yield f"{first}{window[first : last + 1]}"
    sorts = "".join(map(_sort, window))
    yield "s" + sorts[1:6]
    yield "l" + sorts[:4]
    yield "r" + sorts[3:]


def _sort(character: str) -> str:
    if character in _NUMERALS:
        return "n"
    if "\u4e00" <= character <= "\u9fff":
        return "h"
    return "0" if character.isdigit() else "a" if character.isalpha() else "_" if character == " " else "."


def _add_words(seen: list[list[str]], text: str) -> None:
    words = _words()
    longest = max(map(len, words))
    for start in range(len(text)):
        for end in range(start + 1, min(start + longest, len(text)) + 1):
            for name in words.get(text[start:end], ()):
                _add_stretch(seen, name, start, end, f"{min(end - start, 4)}")


def _add_parts(seen: list[list[str]], text: str) -> None:
    for chain in address_chains(text):
        _add_stretch(seen, "CHAIN", chain[0].start, chain[-1].end, "")
        for part in chain:
            _add_stretch(seen, part.kind.name, part.start, part.end, "")


def _add_stretch(seen: list[list[str]], name: str, start: int, end: int, size: str) -> None:
    """Notes on the characters of a stretch, and on those right before and behind it, that it is there."""
    seen[start].append(f"{name}B{size}")
    seen[end - 1].append(f"{name}E{size}")
    for place in range(start, end):
        seen[place].append(f"{name}I")
    if start:
        seen[start - 1].append(f"{name}<")
    if end < len(seen):
        seen[end].append(f"{name}>")


@dataclass(frozen=True, slots=True)
class PlaceTagger:
    """A trained tagger. `weights` has a row for each feature of `vocabulary` and a column for each label.

    `transitions` has a row for each label and a column for each that may stand behind it.
    """

    vocabulary: dict[str, int]
    weights: NDArray[np.float32]
    transitions: NDArray[np.float32]

    def spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where the places of `text` begin and end, in order."""
        return tuple(spans_of(self._labels(features(text)))) if text else ()

    def _labels(self, seen: Sequence[Iterable[str]]) -> list[int]:
        """The best row of labels (Viterbi)."""
        scores = self._scores(seen)
        best = {label: scores[0][label] for label in OPENING}
        steps: list[dict[int, int]] = []
        transitions = self.transitions.tolist()
        for score in scores[1:]:
            reached: dict[int, float] = {}
            step: dict[int, int] = {}
            for before, so_far in best.items():
                for label in FOLLOWERS[before]:
                    total = so_far + transitions[before][label]
                    if label not in reached or total > reached[label]:
                        reached[label], step[label] = total, before
            best = {label: total + score[label] for label, total in reached.items()}
            steps.append(step)
        labels = [max((label for label in CLOSING if label in best), key=best.__getitem__)]
        for step in reversed(steps):
            labels.append(step[labels[-1]])
        return labels[::-1]

    def _scores(self, seen: Iterable[Iterable[str]]) -> list[list[float]]:
        """What speaks for each label of each character."""
        scores = [
            self.weights[[self.vocabulary[feature] for feature in each if feature in self.vocabulary]].sum(axis=0)
            for each in seen
        ]
        listed: list[list[float]] = np.array(scores).tolist()
        return listed

    def write(self, path: Path) -> None:
        """Store it, in a byte a weight; `load` gives nearly the same tagger back."""
        scale = np.abs(self.weights).max() / _STEPS
        np.savez_compressed(
            path,
            vocabulary=np.array("\n".join(sorted(self.vocabulary, key=self.vocabulary.__getitem__))),
            weights=np.rint(self.weights / scale).astype(np.int8),
            scale=np.float32(scale),
            transitions=self.transitions,
        )


def spans_of(labels: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The stretches that a row of labels marks."""
    start = 0
    for place, label in enumerate(labels):
        if label in (BEGIN, SINGLE):
            start = place
        if label in (END, SINGLE):
            yield start, place + 1


@cache
def load(path: Path = WEIGHTS) -> PlaceTagger:
    """The tagger that the package carries, read once."""
    with np.load(path, allow_pickle=False) as stored:
        return PlaceTagger(
            vocabulary={feature: row for row, feature in enumerate(str(stored["vocabulary"]).split("\n"))},
            weights=stored["weights"].astype(np.float32) * stored["scale"],
            transitions=stored["transitions"],
        )
