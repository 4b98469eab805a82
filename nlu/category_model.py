"""What sentences and words teach about the category of a text: a linear classifier over its n-grams."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlu.ngrams import NgramClassifier, spell
from nlu.wording import as_written

if TYPE_CHECKING:
    from collections.abc import Iterable

WEIGHTS = Path(__file__).parent / "data" / "categories.npz"
"""Made by `python -m nlu.training categories`."""

_STEPS = 127
"""Weights are kept in one byte each, as so many steps of their column's greatest."""

_WORDS = re.compile(r"\w(?:.*\w)?", re.DOTALL)
"""What is left of a piece of text without the marks and blanks around it."""

_COST_OF_A_CHARACTER = 1.0
"""What a character must say for a category to be worth marking; so what is marked agrees best with what people mark."""


@dataclass(frozen=True, slots=True)
class CategoryModel:
    """A trained model: a classifier with a column for each of `labels`."""

    labels: tuple[tuple[str, str], ...]
    """Kind and slug of each category."""
    classifier: NgramClassifier

    def margins(self, text: str) -> dict[tuple[str, str], float]:
        """How far `text` lies on the side of each category: above 0 where it is surely of it."""
        return dict(zip(self.labels, self.classifier.margins(text).tolist(), strict=True))

    def most_telling(self, text: str, label: tuple[str, str]) -> tuple[int, int]:
        """Start and end, in the text as written, of the piece of it that says most for the category `label`."""
        evidence = self.classifier.evidence(text, self.labels.index(label)) - _COST_OF_A_CHARACTER
        start, end = as_written(text, *_greatest_run(evidence.tolist()), spell)
        words = _WORDS.search(text, start, end)
        return words.span() if words else (start, end)

    def write(self, path: Path) -> None:
        """Store it, in a byte a weight; `load` gives nearly the same model back."""
        arrays = self.classifier.arrays()
        scale = np.abs(arrays["weights"]).max(axis=0) / _STEPS
        arrays |= {
            "inverse_frequency": arrays["inverse_frequency"].astype(np.float16),
            "weights": np.rint(arrays["weights"] / scale).astype(np.int8),
        }
        labels = np.array("\n".join("/".join(label) for label in self.labels))
        np.savez_compressed(path, labels=labels, scale=scale.astype(np.float32), **arrays)


@cache
def load(path: Path = WEIGHTS) -> CategoryModel:
    """The model that the package carries, read once."""
    with np.load(path, allow_pickle=False) as stored:
        labels = (label.split("/") for label in str(stored["labels"]).split("\n"))
        weights = stored["weights"] * stored["scale"]
        return CategoryModel(
            labels=tuple((kind, slug) for kind, slug in labels),
            classifier=NgramClassifier.from_arrays({**stored, "weights": weights}),
        )


def _greatest_run(numbers: Iterable[float]) -> tuple[int, int]:
    """Start and end of the run with the greatest sum (Kadane 1984); (0, 0) of nothing."""
    best, start, end = float("-inf"), 0, 0
    total, begun = 0.0, 0
    for place, number in enumerate(numbers):
        if total <= 0:
            total, begun = 0.0, place
        total += number
        if total > best:
            best, start, end = total, begun, place + 1
    return start, end
