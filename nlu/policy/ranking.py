"""Weighs the signals of clauses against each other: a softmax, learned from questions and their clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_RIDGE = 0.3


class Ranker:
    """Linear weights on signals. What the training questions say nothing about keeps the weight given at first."""

    def __init__(self, names: Sequence[str], prior: Mapping[str, float]) -> None:
        self._prior = np.array([prior.get(name, 0.0) for name in names])
        self.weights = self._prior.copy()

    def fit(self, features: NDArray[np.float64], labels: NDArray[np.int_]) -> None:
        """Learns from `features` by question, clause and signal which clause (`labels`) is right."""
        from scipy.optimize import minimize

        rows = np.arange(len(labels))
        right = features[rows, labels]

        def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            chances = _softmax(features @ weights)
            away = weights - self._prior
            value = -np.log(chances[rows, labels] + 1e-12).sum() + _RIDGE * float(away @ away) / 2
            expected = np.einsum("qc,qcs->s", chances, features)
            return value, expected - right.sum(axis=0) + _RIDGE * away

        self.weights = minimize(loss, self.weights, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x

    def scores(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """The scores of questions in rows against clauses in columns; their softmax is the chance of being right."""
        return np.asarray(features @ self.weights)

    def chances(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """The chance (0 to 1) of each clause to be the right one, given that one is."""
        return _softmax(self.scores(features))


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))
