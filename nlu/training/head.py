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
from nlu.understanding import Intent
from nlu.wording import normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from nlu.encoder import Encoder
    from nlu.in_context import ContextExample
    from nlu.training_data import Example

STRENGTH = 20.0
"""C of the logistic regression, as encoder.md found it; 5 and 50 give the same to within noise."""

RESTRAINT = 0.02
"""What keeps the weights of contexts small, so that a context decides only what the words leave open."""

ELSEWHERE = 6
"""How many contexts each development sentence is seen in."""


def fit_head(
    encoder: Encoder,
    examples: Sequence[Example],
    in_context: Sequence[ContextExample],
    development: Sequence[Example],
    say: Callable[[str], None],
) -> Head:
    """The head that `examples` and `in_context` teach, its trust and temperature chosen on `development`."""
    say(f"vectors of {len(examples) + len(in_context) + len(development)} sentences")
    known, leaning, unseen = (
        vectors(encoder, [example.text for example in some]) for some in (examples, in_context, development)
    )
    say("logistic regression on the vectors, and the linear model beside it")
    centre = known.mean(axis=0)
    regression = LogisticRegression(C=STRENGTH, max_iter=1000, tol=1e-3)
    regression.fit(known - centre, [str(example.intent) for example in examples])
    intents = tuple(Intent(name) for name in regression.classes_)
    linear = train(examples)

    def odds(rows: NDArray[np.float32]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = log_softmax(regression.decision_function(rows - centre), axis=1)
        return found

    def margins(texts: Iterable[str]) -> NDArray[np.float32]:
        return np.array([linear.margins(text) for text in texts])

    heard, beside = odds(unseen), margins(example.text for example in development)
    wanted = _places(intents, development)
    trust, temperature = _fit_trust(heard, beside, wanted)
    for name, guess in (("encoder", heard), ("linear model", beside), ("both", heard + trust * beside)):
        right = float((guess.argmax(axis=1) == wanted).mean())
        say(f"{name}: right on {right:.1%} of {len(wanted)} development sentences")
    say(f"trust {trust:.1f}, temperature {temperature:.2f}; weights of contexts")
    contexts = [example.context for example in in_context]
    # What is said in full means the same whatever the talk was about: unseen sentences show it, in any context.
    elsewhere = random.Random(0).choices(contexts, k=len(development) * ELSEWHERE)
    context_weights = _fit_contexts(
        np.concatenate(
            [
                odds(leaning) + trust * margins(example.text for example in in_context),
                np.tile(heard + trust * beside, (ELSEWHERE, 1)),
            ]
        )
        / temperature,
        np.array([context_features(context) for context in [*contexts, *elsewhere]]),
        np.concatenate([_places(intents, in_context), np.tile(wanted, ELSEWHERE)]),
    )
    return Head(
        intents=intents,
        centre=centre.astype(np.float32),
        weights=np.ascontiguousarray(regression.coef_.T, dtype=np.float32),
        bias=regression.intercept_.astype(np.float32),
        context_weights=(context_weights * temperature).astype(np.float32),
        trust=trust,
        temperature=temperature,
    )


def _places(intents: Sequence[Intent], examples: Sequence[Example | ContextExample]) -> NDArray[np.int64]:
    return np.array([intents.index(example.intent) for example in examples])


def vectors(encoder: Encoder, texts: Sequence[str]) -> NDArray[np.float32]:
    """The vector of each text as the model sees it: (texts, width)."""
    return np.array([encoder.encode(normalise(text)) for text in texts], dtype=np.float32).reshape(-1, encoder.width)


def _fit_trust(
    encoder: NDArray[np.float64], linear: NDArray[np.float32], wanted: NDArray[np.int64]
) -> tuple[float, float]:
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


def _fit_contexts(
    heard: NDArray[np.float64], contexts: NDArray[np.float32], wanted: NDArray[np.int64]
) -> NDArray[np.float64]:
    """What each context adds to the odds that the words alone give: (features, intents)."""
    shape = (contexts.shape[1], heard.shape[1])
    right = np.eye(shape[1])[wanted]

    def surprise(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape)
        odds = log_softmax(heard + contexts @ weights, axis=1)
        loss = -(odds * right).sum() / len(wanted) + RESTRAINT / 2 * (flat**2).sum() / len(wanted)
        slope = contexts.T @ (np.exp(odds) - right) / len(wanted) + RESTRAINT * weights / len(wanted)
        return float(loss), slope.ravel()

    found = minimize(surprise, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    weights: NDArray[np.float64] = found.x.reshape(shape)
    return weights
