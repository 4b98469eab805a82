"""Trains the classifier of categories from the marked sentences and the words of `data/categories.yml`."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from nlu.categories import load_categories
from nlu.category_model import CategoryModel
from nlu.category_words import GAP
from nlu.ngrams import learn
from nlu.understanding import EntityKind, Intent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nlu.training_data import Example

WORD_COUNTS = 0.5
"""How much a word of a category counts beside a sentence; 0.2 to 1 differ by less than chance."""


def train(examples: Iterable[Example]) -> CategoryModel:
    """Train a model from the sentences that have a category; the same sentences give the same model."""
    lessons = [*_of_sentences(examples), *_of_words()]
    texts, labels, counts = zip(*lessons, strict=True)
    names, classifier = learn(texts, labels, counts)
    return CategoryModel(tuple((kind, slug) for kind, slug in (name.split("/") for name in names)), classifier)


def _of_sentences(examples: Iterable[Example]) -> Iterator[tuple[str, str, float]]:
    """Each sentence with a category, and by themselves the words in it that name the category, which tell most."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for category in load_categories():
        kinds[category.slug].append(category.kind)
    for example in examples:
        mark = next((entity for entity in example.entities if entity.kind is EntityKind.CATEGORY), None)
        if mark and mark.value:
            # medical is a quarrel with a hospital, and somebody who needs one.
            urgent = example.intent is Intent.REPORT_EMERGENCY and "emergency" in kinds[mark.value]
            label = f"{'emergency' if urgent else kinds[mark.value][0]}/{mark.value}"
            yield example.text, label, 1.0
            yield example.text[mark.start : mark.end], label, 1.0


def _of_words() -> Iterator[tuple[str, str, float]]:
    for category in load_categories():
        for word in (*category.keys, *category.words):
            yield word.replace(GAP, ""), f"{category.kind}/{category.slug}", WORD_COUNTS
