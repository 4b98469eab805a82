"""Fits the head on the encoder's vectors: which intent, in which context, how sure. Minutes, and no torch."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

from nlu.embedded_model import Head, context_features
from nlu.linear_model import train
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


def fit_head(
    encoder: Encoder,
    examples: Sequence[Example],
    in_context: Sequence[ContextExample],
    development: Sequence[Example],
    say: Callable[[str], None],
) -> Head:
    """The head that `examples` and `in_context` teach, its trust and temperature chosen on `development`."""
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
    plainly = [str(example.intent) for example in examples]
    names = [*plainly, *plainly, *(str(example.intent) for example in in_context)]
    say(f"logistic regression over {features.shape[0]} rows of {features.shape[1]} features")
    regression = LogisticRegression(C=STRENGTH, max_iter=1000, tol=1e-3).fit(features, names)
    weights, bias = regression.coef_.T, regression.intercept_
    unseen = vectors(encoder, [example.text for example in development])
    margins = log_softmax(_with_context(unseen - centre, [NO_CONTEXT] * len(unseen)) @ weights + bias, axis=1)
    wanted = np.array([regression.classes_.tolist().index(str(example.intent)) for example in development])
    say("the linear model")
    linear = train(examples)
    beside = np.array([linear.margins(example.text) for example in development])
    trust, temperature = _fit(margins, beside, wanted)
    for name, odds in (("encoder", margins), ("linear model", beside), ("both", margins + trust * beside)):
        right = float((odds.argmax(axis=1) == wanted).mean())
        say(f"{name}: right on {right:.1%} of {len(wanted)} development sentences")
    say(f"trust {trust:.1f}, temperature {temperature:.2f}")
    return Head(
        intents=tuple(Intent(name) for name in regression.classes_),
        centre=centre.astype(np.float32),
        weights=np.ascontiguousarray(weights, dtype=np.float32),
        bias=bias.astype(np.float32),
        trust=trust,
        temperature=temperature,
    )


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


def _fit(encoder: NDArray[np.float32], linear: NDArray[np.float32], wanted: NDArray[np.int64]) -> tuple[float, float]:
    """How much to trust the linear model, and the temperature, under which `wanted` surprises least.

    The encoder has seen the training sentences, so only unseen ones tell how far to believe it (Guo et al. 2017 for the
    temperature).
    """

    def surprise(chosen: NDArray[np.float64]) -> float:
        trust, temperature = np.exp(chosen)
        odds = log_softmax((encoder + trust * linear) / temperature, axis=1)
        return -float(odds[np.arange(len(wanted)), wanted].mean())

    found = minimize(surprise, x0=np.log([10.0, 2.0]), method="Nelder-Mead")
    trust, temperature = np.exp(found.x)
    return float(trust), float(temperature)
