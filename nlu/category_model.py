"""What the marked sentences teach about the category of a text: margins of a linear classifier over its n-grams."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlu.linear_model import ngrams

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "data" / "categories.npz"
"""Made by `python -m nlu.training categories`."""

_STEPS = 127
"""Weights are kept in one byte each, as so many steps of their column's greatest."""


@dataclass(frozen=True, slots=True)
class CategoryModel:
    """A trained classifier. `weights` has a row for each n-gram of `vocabulary` and a column for each of `labels`."""

    labels: tuple[tuple[str, str], ...]
    """Kind and slug of each category."""
    vocabulary: dict[str, int]
    inverse_frequency: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def margins(self, text: str) -> dict[tuple[str, str], float]:
        """How far `text` lies on the side of each category: above 0 where it is surely of it."""
        counts = Counter(gram for gram in ngrams(text) if gram in self.vocabulary)
        margins: NDArray[np.floating] = self.bias
        if counts:
            rows = np.fromiter((self.vocabulary[gram] for gram in counts), dtype=np.int64)
            frequency = np.fromiter((1 + math.log(count) for count in counts.values()), dtype=np.float32)
            weighted = frequency * self.inverse_frequency[rows]
            margins = weighted / np.float32(np.linalg.norm(weighted)) @ self.weights[rows] + self.bias
        return dict(zip(self.labels, margins.tolist(), strict=True))

    def write(self, path: Path) -> None:
        """Store it, in a byte a weight; `load` gives nearly the same model back."""
        scale = np.abs(self.weights).max(axis=0) / _STEPS
        grams = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        np.savez_compressed(
            path,
            labels=np.array("\n".join("/".join(label) for label in self.labels)),
            vocabulary=np.array("\n".join(grams)),
            inverse_frequency=self.inverse_frequency.astype(np.float16),
            weights=np.rint(self.weights / scale).astype(np.int8),
            scale=scale.astype(np.float32),
            bias=self.bias,
        )


@cache
def load(path: Path = WEIGHTS) -> CategoryModel:
    """The model that the package carries, read once."""
    with np.load(path, allow_pickle=False) as stored:
        labels = (label.split("/") for label in str(stored["labels"]).split("\n"))
        grams = str(stored["vocabulary"]).split("\n")
        return CategoryModel(
            labels=tuple((kind, slug) for kind, slug in labels),
            vocabulary={gram: place for place, gram in enumerate(grams)},
            inverse_frequency=stored["inverse_frequency"].astype(np.float32),
            weights=stored["weights"].astype(np.float32) * stored["scale"],
            bias=stored["bias"],
        )
