"""Compares a question with texts piece by piece: for what each of its pieces says, the likest piece of the text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from nlu.policy.terms import DATA
from nlu.tables import read_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nlu.encoder import Pieces
    from nlu.policy.meaning import Meanings

# Pieces that have nothing to do with each other are alike by 0.75; weights learned by a ridge want wider differences.
_STRETCH = 10.0
_USUAL = tuple(map(str, read_yaml(DATA / "usual.yml")))


class PieceIndex:
    """Texts by their pieces (late interaction, as ColBERT has it).

    The vector of a whole sentence says what most of it is about; its pieces tell that one of its many words is meant.
    """

    def __init__(self, texts: Sequence[str], meanings: Meanings) -> None:
        self._meanings = meanings
        self._count = len(texts)
        pieces = meanings.pieces_of_lasting(texts)
        self._states = np.concatenate([each.states for each in pieces])
        self._starts = np.cumsum([0, *(len(each.ids) for each in pieces[:-1])])
        self._holding = Counter(number for each in pieces for number in set(each.ids.tolist()))

    def scores(self, questions: Sequence[str]) -> NDArray[np.float64]:
        """The likeness of `questions` in rows to the texts; 0 where the encoder cannot run."""
        return np.array([self._scores(self._meanings.pieces_of(question)) for question in questions])

    def usual_scores(self) -> NDArray[np.float64]:
        """The same for questions on all sorts of matters: what is like all of them is like none in particular."""
        return np.array([self._scores(pieces) for pieces in self._meanings.pieces_of_lasting(_USUAL)])

    def _scores(self, question: Pieces) -> NDArray[np.float64]:
        ids, states = question
        if not len(ids) or not len(self._states):
            return np.zeros(self._count)
        likest = np.maximum.reduceat(states @ self._states.T, self._starts, axis=1)
        return np.asarray(_STRETCH * (self._weights(ids) @ likest), dtype=np.float64)

    def _weights(self, ids: NDArray[np.int32]) -> NDArray[np.float64]:
        """How much each piece counts, rare ones more; together 1."""
        holding = np.array([self._holding[number] for number in ids.tolist()])
        weights = np.sqrt(np.log(1 + (self._count - holding + 0.5) / (holding + 0.5)))
        return np.asarray(weights / weights.sum())
