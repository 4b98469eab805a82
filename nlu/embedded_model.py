"""The default model, in process: what the encoder and the linear model make of a text, in the context of the talk.

They err in different ways: the linear model knows words, slips and dialect by their characters, the encoder knows what
is meant by words that nobody wrote before. Together they are right where either alone is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from nlu.encoder import FOLDER, Encoder
from nlu.understanding import NO_CONTEXT, Context, Intent
from nlu.wording import normalise

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from nlu.linear_model import LinearModel
    from nlu.understanding import Ranking

REMEMBERED = 16
"""Texts whose odds are kept, for those who ask again at once."""

_PLACES = {intent: place for place, intent in enumerate(Intent)}


@dataclass(frozen=True, slots=True)
class Head:
    """What turns the encoder's vector, the linear model's margins and the context into odds of `intents`.

    `weights` and `context_weights` have a row for each number of the vector and of `context_features`, and a column for
    each intent; `centre` is the mean of the training vectors. `trust` is what the margins of the linear model are
    multiplied by beside the encoder's log-odds, and `temperature` divides the sum so that of what is said with a
    confidence of 0.8 some four fifths are right; both are chosen on sentences that took no part in training.
    """

    intents: tuple[Intent, ...]
    centre: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    context_weights: NDArray[np.float32]
    trust: float
    temperature: float

    def hear(self, vector: NDArray[np.float32], linear: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the words alone say for each intent; `linear` are the linear model's margins."""
        heard = log_softmax((vector - self.centre) @ self.weights + self.bias)
        return heard + np.float32(self.trust) * linear

    def rank(self, heard: NDArray[np.float32], context: Context) -> Ranking:
        """Every intent with its confidence, best first; they add up to 1."""
        confidence = np.exp(log_softmax((heard + context_features(context) @ self.context_weights) / self.temperature))
        order = np.argsort(-confidence, kind="stable")
        return tuple((self.intents[place], float(confidence[place])) for place in order)

    def write(self, path: Path) -> None:
        """Store it; `read_head` gives the same head back."""
        np.savez(
            path,
            intents=np.array("\n".join(self.intents)),
            centre=self.centre,
            weights=self.weights,
            bias=self.bias,
            context_weights=self.context_weights,
            trust=np.float32(self.trust),
            temperature=np.float32(self.temperature),
        )


def log_softmax(scores: NDArray[np.floating]) -> NDArray[np.float32]:
    """The logarithms of shares of 1; written out, because scipy.special takes 5 MB."""
    lower = scores - scores.max()
    return np.asarray(lower - np.log(np.exp(lower).sum()), dtype=np.float32)


def read_head(path: Path) -> Head:
    """The head that was written to `path`."""
    with np.load(path, allow_pickle=False) as stored:
        return Head(
            intents=tuple(Intent(name) for name in str(stored["intents"]).split("\n")),
            centre=stored["centre"],
            weights=stored["weights"],
            bias=stored["bias"],
            context_weights=stored["context_weights"],
            trust=float(stored["trust"]),
            temperature=float(stored["temperature"]),
        )


def context_features(context: Context) -> NDArray[np.float32]:
    """The form under way, what was offered and what was spoken of last, each as a row of intents, and two switches."""
    form, offered, last = (np.zeros(len(Intent), dtype=np.float32) for _ in range(3))
    if context.form is not None:
        form[_PLACES[context.form]] = 1
    offered[[_PLACES[intent] for intent in context.offered]] = 1
    if context.last is not None:
        last[_PLACES[context.last]] = 1
    switches = np.array([context.form is not None, context.confirming], dtype=np.float32)
    return np.concatenate([form, offered, last, switches])


class EmbeddedModel:
    """The encoder, its head, and the linear model beside them."""

    def __init__(self, encoder: Encoder, head: Head, linear: LinearModel) -> None:
        if linear.intents != head.intents:
            raise ValueError("the head and the linear model know different intents")
        self._head = head

        # In a form a text is ranked more than once: by itself, in its context, and as a part of what was said.
        @lru_cache(maxsize=REMEMBERED)
        def hear(text: str) -> NDArray[np.float32]:
            return head.hear(encoder.encode(normalise(text)), linear.margins(text))

        self._hear = hear

    def rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:
        """Every intent with its confidence between 0 and 1, best first; they add up to 1."""
        return self._head.rank(self._hear(text), context)


def load(linear: LinearModel, folder: Path = FOLDER) -> EmbeddedModel:
    """The model that the package carries, beside `linear`; raises EncoderUnavailableError where it cannot run."""
    return EmbeddedModel(Encoder(folder), read_head(folder / "head.npz"), linear)
