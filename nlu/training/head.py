"""Fits the head on the encoder's vectors: which intent, in which context, and how sure. Needs no torch."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from nlu.embedded_model import Head, context_features
from nlu.understanding import NO_CONTEXT, Intent
from nlu.wording import normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from nlu.encoder import Encoder
    from nlu.in_context import ContextExample
    from nlu.training_data import Example
    from nlu.understanding import Context

STRENGTH = 20.0
"""C of the logistic regression, as encoder.md found it; 5 and 50 give the same to within noise."""

COOLEST, HOTTEST = 0.2, 10.0


def fit_head(
    encoder: Encoder,
    examples: Sequence[Example],
    in_context: Sequence[ContextExample],
    development: Sequence[Example],
    say: Callable[[str], None],
) -> Head:
    """The head that `examples` and `in_context` teach, its temperature chosen on `development`."""
    say(f"vectors of {len(examples) + len(in_context) + len(development)} sentences")
    plain = vectors(encoder, [example.text for example in examples])
    leaning = vectors(encoder, [example.text for example in in_context])
    centre = plain.mean(axis=0)
    contexts = [example.context for example in in_context]
    elsewhere = _elsewhere(contexts, len(examples))
    features = np.concatenate(
        [
            _with_context(plain - centre, [NO_CONTEXT] * len(examples)),
            # What is said in full means the same whatever the talk was about.
            _with_context(plain - centre, elsewhere),
            _with_context(leaning - centre, contexts),
        ]
    )
    intents = [example.intent for example in examples]
    names = [*map(str, intents * 2), *(str(example.intent) for example in in_context)]
    say(f"logistic regression over {features.shape[0]} rows of {features.shape[1]} features")
    regression = LogisticRegression(C=STRENGTH, max_iter=1000, tol=1e-3).fit(features, names)
    head = Head(
        intents=tuple(Intent(name) for name in regression.classes_),
        centre=centre.astype(np.float32),
        weights=np.ascontiguousarray(regression.coef_.T, dtype=np.float32),
        bias=regression.intercept_.astype(np.float32),
        temperature=1.0,
    )
    unseen = vectors(encoder, [example.text for example in development])
    margins = _with_context(unseen - centre, [NO_CONTEXT] * len(unseen)) @ head.weights + head.bias
    wanted = np.array([head.intents.index(example.intent) for example in development])
    temperature = _temperature(margins, wanted)
    right = float((margins.argmax(axis=1) == wanted).mean())
    say(f"right on {right:.1%} of {len(development)} development sentences; temperature {temperature:.2f}")
    return Head(head.intents, head.centre, head.weights, head.bias, temperature)


def vectors(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
    """The vector of each text as the model sees it: (texts, width)."""
    return np.array([encoder.encode(normalise(text)) for text in texts], dtype=np.float32).reshape(-1, encoder.width)


def _elsewhere(contexts: Sequence[Context], count: int) -> list[Context]:
    draw = random.Random(0)
    return [draw.choice(contexts) if contexts else NO_CONTEXT for _ in range(count)]


def _with_context(rows: NDArray[np.float32], contexts: Sequence[Context]) -> NDArray[np.float32]:
    known = {context: context_features(context) for context in set(contexts)}
    beside = np.array([known[context] for context in contexts]).reshape(len(contexts), -1)
    return np.concatenate([rows, beside], axis=1) if len(contexts) else np.zeros((0, 0), dtype=np.float32)


def _temperature(margins: NDArray[np.float32], wanted: NDArray[np.int64]) -> float:
    """What the margins must be divided by so that confidences tell how often they are right (Guo et al. 2017)."""

    def surprise(temperature: float) -> float:
        cooled = margins / temperature
        return float((logsumexp(cooled, axis=1) - cooled[np.arange(len(wanted)), wanted]).mean())

    return float(minimize_scalar(surprise, bounds=(COOLEST, HOTTEST), method="bounded").x)
