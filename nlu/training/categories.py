"""Trains the classifier of categories from the marked sentences."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from nlu.categories import load_categories
from nlu.category_model import CategoryModel
from nlu.linear_model import FEWEST_SENTENCES, ngrams
from nlu.understanding import EntityKind, Intent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nlu.training_data import Example

PENALTY = 1.0
"""C of the support vector machine; 0.5, 1 and 2 differ by less than chance on sentences kept back."""


def train(examples: Iterable[Example]) -> CategoryModel:
    """Train a model from the sentences that have a category; the same sentences give the same model."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    texts, labels = _labelled(examples)
    vectorizer = TfidfVectorizer(analyzer=ngrams, sublinear_tf=True, min_df=FEWEST_SENTENCES)
    machine = LinearSVC(C=PENALTY, random_state=0).fit(vectorizer.fit_transform(texts), labels)
    return CategoryModel(
        labels=tuple((kind, slug) for kind, slug in (label.split("/") for label in machine.classes_)),
        vocabulary={str(gram): int(place) for gram, place in vectorizer.vocabulary_.items()},
        inverse_frequency=vectorizer.idf_.astype(np.float32),
        weights=np.ascontiguousarray(machine.coef_.T, dtype=np.float32),
        bias=machine.intercept_.astype(np.float32),
    )


def _labelled(examples: Iterable[Example]) -> tuple[Sequence[str], Sequence[str]]:
    """The sentences with a category, and `kind/slug` of the first that each names."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for category in load_categories():
        kinds[category.slug].append(category.kind)
    texts, labels = [], []
    for example in examples:
        slug = next((entity.value for entity in example.entities if entity.kind is EntityKind.CATEGORY), None)
        if slug:
            # medical is a quarrel with a hospital, and somebody who needs one.
            urgent = example.intent is Intent.REPORT_EMERGENCY and "emergency" in kinds[slug]
            texts.append(example.text)
            labels.append(f"{'emergency' if urgent else kinds[slug][0]}/{slug}")
    return texts, labels
