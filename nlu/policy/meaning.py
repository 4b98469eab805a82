"""Vectors of texts that lie close together where two mean the same: what is said in quite other words is found too."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nlu.encoder import MEANING, Encoder, EncoderUnavailableError, Pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nlu.policy.learned import LearnedArrays

REMEMBERED = 4096
"""Texts whose vectors are kept in mind: a question is compared with questions and with texts, and in every document."""

REMEMBERED_WHOLE = 64
"""Texts of which the pieces are kept in mind too, some 20 kB each."""


class Meanings:
    """Vectors of length 1 for texts; where the encoder cannot run they are 0, and nothing is like anything."""

    def __init__(self, kept: LearnedArrays) -> None:
        self._kept = kept

    @property
    def available(self) -> bool:
        """Whether the encoder can run."""
        return _encoder() is not None

    def of(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of `texts`, in rows."""
        return np.array([_vector(text) for text in texts])

    def of_lasting(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same for texts that come again at every start: they are kept."""
        arrays = self._kept.recall(
            "\n".join([f"meanings {self.available}", *texts]), lambda: {"vectors": self.of(texts).astype(np.float16)}
        )
        return arrays["vectors"].astype(np.float32)

    def pieces_of(self, text: str) -> Pieces:
        """The pieces of `text`, their states of length 1; none where the encoder cannot run."""
        return _encoded(text)[1]

    def pieces_of_lasting(self, texts: Sequence[str]) -> list[Pieces]:
        """The same for texts that come again at every start: they are kept, their states in 8 bits."""

        def learn() -> dict[str, NDArray[np.generic]]:
            found = [self.pieces_of(text) for text in texts]
            states = np.concatenate([pieces.states for pieces in found])
            largest = np.abs(states).max(axis=1, keepdims=True, initial=1e-9)
            return {
                "lengths": np.array([len(pieces.ids) for pieces in found]),
                "ids": np.concatenate([pieces.ids for pieces in found]),
                "states": np.round(states * (127 / largest)).astype(np.int8),
            }

        arrays = self._kept.recall("\n".join([f"pieces {self.available}", *texts]), learn)
        ends = np.cumsum(arrays["lengths"])[:-1]
        states = _of_length_1(arrays["states"].astype(np.float32))
        return list(map(Pieces, np.split(arrays["ids"], ends), np.split(states, ends)))


@lru_cache(maxsize=1)
def _encoder() -> Encoder | None:
    try:
        return Encoder(weights=MEANING)
    except EncoderUnavailableError:
        return None


@lru_cache(maxsize=REMEMBERED)
def _vector(text: str) -> NDArray[np.float32]:
    return _encoded(text)[0]


@lru_cache(maxsize=REMEMBERED_WHOLE)
def _encoded(text: str) -> tuple[NDArray[np.float32], Pieces]:
    encoder = _encoder()
    if encoder is None:
        return np.zeros(1, np.float32), Pieces(np.zeros(0, np.int32), np.zeros((0, 1), np.float32))
    vector, pieces = encoder.encode_pieces(text)
    return vector, Pieces(pieces.ids, _of_length_1(pieces.states))


def apart(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """`vectors` of one document's texts as they differ from each other, again of length 1."""
    return _of_length_1(vectors - vectors.mean(axis=0))


def _of_length_1(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))
