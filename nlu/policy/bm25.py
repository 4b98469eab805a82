"""BM25 over the character runs of many short texts at once, scaled so that scores of different documents compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_K1 = 1.2
_B = 0.5


class Bm25:
    """Scores a query against texts; a score is about the share (0 to 1) of the query's weight that the text covers."""

    def __init__(self, texts: Sequence[Counter[str]]) -> None:
        self._columns: dict[str, int] = {}
        rows, columns, counts = [], [], []
        for row, terms in enumerate(texts):
            for term, count in terms.items():
                rows.append(row)
                columns.append(self._columns.setdefault(term, len(self._columns)))
                counts.append(count)
        frequency = csr_matrix((counts, (rows, columns)), shape=(len(texts), len(self._columns)), dtype=np.float64)
        holding = np.bincount(columns, minlength=len(self._columns))
        self._idf = np.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        # A term that no text holds is as rare as can be: asking for it lowers every score.
        self._idf_of_unknown = float(np.log(1 + (len(texts) + 0.5) / 0.5))
        lengths = np.asarray(frequency.sum(axis=1)).ravel()
        weights = frequency.tocoo()
        norm = _K1 * (1 - _B + _B * lengths / max(lengths.mean(), 1))
        data = self._idf[weights.col] * weights.data * (_K1 + 1) / (weights.data + norm[weights.row])
        self._weights = csr_matrix((data, (weights.col, weights.row)), shape=(len(self._columns), len(texts)))

    def rarity(self, term: str) -> float:
        """How rare `term` is among the texts: 1 for a term that none holds, towards 0 for one that all hold."""
        column = self._columns.get(term)
        return 1.0 if column is None else float(self._idf[column]) / self._idf_of_unknown

    def scores(self, queries: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
        """The scores of `queries` (weight by term) in rows against the texts in columns."""
        rows, columns, values = [], [], []
        total = np.zeros(len(queries))
        for row, query in enumerate(queries):
            for term, weight in query.items():
                column = self._columns.get(term)
                total[row] += weight * (self._idf_of_unknown if column is None else self._idf[column])
                if column is not None:
                    rows.append(row)
                    columns.append(column)
                    values.append(weight)
        asked = csr_matrix((values, (rows, columns)), shape=(len(queries), len(self._columns)))
        return np.asarray((asked @ self._weights).toarray()) / np.maximum(total, 1e-9)[:, None]
