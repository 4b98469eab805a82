"""Learns classes of texts from examples, and can answer for each example as if it had never been seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

# Measured by cross-validation on the shipped questions: a narrower kernel learns by heart, a wider one blurs; meaning
# tells best what the document does not answer, terms tell the clauses apart, and anything from 0.5 to 0.8 does both.
_SHARPNESS = 2.0
_RIDGE = 0.5
_MEANING = 0.65


class Neighbours:
    """Kernel ridge regression; the kernel is a Gaussian over the angles between texts by terms and `meanings`.

    `targets` has one row an example and one column a class. The closed form makes it cheap to leave an example out:
    what the others would predict for it needs no second fit. `coefficients` are those of an earlier fit to the same.
    """

    def __init__(
        self,
        texts: Sequence[Mapping[str, float]],
        meanings: NDArray[np.float32],
        targets: NDArray[np.float64],
        coefficients: NDArray[np.float64] | None = None,
    ) -> None:
        self._columns: dict[str, int] = {}
        for terms in texts:
            for term in terms:
                self._columns.setdefault(term, len(self._columns))
        holding = np.zeros(len(self._columns))
        for terms in texts:
            holding[[self._columns[term] for term in terms]] += 1
        self._idf = np.log((len(texts) + 1) / (holding + 0.5))
        self._idf_of_unknown = float(np.log((len(texts) + 1) / 0.5))
        self._vectors = self._vectorised(texts)
        self._meanings = meanings
        self._targets = targets
        self._own_weight: NDArray[np.float64] | None = None
        self.coefficients = self._fit() if coefficients is None else coefficients

    def _fit(self) -> NDArray[np.float64]:
        similarities = self._similarities(self._vectors, self._meanings)
        kernel = np.exp(_SHARPNESS * (similarities - 1)) + _RIDGE * np.eye(len(self._targets))
        coefficients, self._own_weight = _solved(kernel, self._targets)
        return coefficients

    def _vectorised(self, texts: Sequence[Mapping[str, float]]) -> csr_matrix:
        """Unit vectors of texts; a term that no example holds lengthens its vector and matches nothing."""
        starts, columns, values = [0], [], []
        for terms in texts:
            known = [term for term in terms if term in self._columns]
            of_text = [self._columns[term] for term in known]
            weights = np.log1p([terms[term] for term in known]) * self._idf[of_text]
            unknown = (len(terms) - len(known)) * (np.log(2) * self._idf_of_unknown) ** 2
            columns += of_text
            values.append(weights / (np.sqrt(np.sum(weights**2) + unknown) or 1.0))
            starts.append(len(columns))
        return csr_matrix((np.concatenate(values), columns, starts), shape=(len(texts), len(self._columns)))

    def _similarities(self, vectors: csr_matrix, meanings: NDArray[np.float32]) -> NDArray[np.float64]:
        by_terms = np.asarray((vectors @ self._vectors.T).toarray())
        # In this order a single text is a vector, which BLAS multiplies by without waiting for a second core.
        return (1 - _MEANING) * by_terms + _MEANING * (self._meanings @ meanings.T).T

    def predict(
        self, texts: Sequence[Mapping[str, float]], meanings: NDArray[np.float32]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(scores by class, likeness to each example) of new texts, in rows."""
        similarities = self._similarities(self._vectorised(texts), meanings)
        return np.exp(_SHARPNESS * (similarities - 1)) @ self.coefficients, similarities

    def held_out(self, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The same for the first `count` examples, each as if it were unknown itself.

        What the rest alone would predict for an example is its target minus its coefficient over its diagonal element
        of the inverse of the ridged kernel.
        """
        if self._own_weight is None:
            self._fit()
        own_weight = np.asarray(self._own_weight)[:count, None]
        scores = self._targets[:count] - self.coefficients[:count] / own_weight
        similarities = self._similarities(self._vectors[:count], self._meanings[:count])
        np.fill_diagonal(similarities, 0.0)
        return scores, similarities


def _solved(
    matrix: NDArray[np.float64], targets: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(solution of `matrix` x = `targets`, diagonal of the inverse of `matrix`), for a positive definite matrix.

    Single precision is enough for the kernel, and the diagonal needs the inverse of the triangular factor only.
    """
    from scipy.linalg import lapack

    factor, failed = lapack.spotrf(matrix.astype(np.float32), lower=1)
    inverse, failed_too = lapack.strtri(factor, lower=1)
    if failed or failed_too:
        raise ValueError("the kernel of the training texts is not positive definite")
    solution, _ = lapack.spotrs(factor, targets.astype(np.float32), lower=1)
    return solution.astype(np.float64), np.einsum("ij,ij->j", inverse, inverse).astype(np.float64)
