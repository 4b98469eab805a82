"""Vectors of texts that lie close together where two mean the same: what is said in quite other words is found too."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nlu.encoder import MEANING, Encoder, EncoderUnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nlu.policy.learned import LearnedArrays

REMEMBERED = 4096
"""Texts whose vectors are kept in mind: a question is compared with questions and with texts, and in every document."""


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


@lru_cache(maxsize=1)
def _encoder() -> Encoder | None:
    try:
        return Encoder(weights=MEANING)
    except EncoderUnavailableError:
        return None


@lru_cache(maxsize=REMEMBERED)
def _vector(text: str) -> NDArray[np.float32]:
    encoder = _encoder()
    return np.zeros(1, dtype=np.float32) if encoder is None else encoder.encode(text)


def apart(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """`vectors` of one document's texts as they differ from each other, again of length 1."""
    away = vectors - vectors.mean(axis=0)
    return np.asarray(away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-9))
