"""A linear classifier over character n-grams: half of the embedded model, or all where the encoder cannot run."""

from __future__ import annotations

import hashlib
import math
import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlu.training_data import DATA_FOLDER, load_examples
from nlu.understanding import NO_CONTEXT, Intent
from nlu.wording import normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from nlu.training_data import Example
    from nlu.understanding import Context, Ranking

VERSION = 2
"""Part of the key of a stored model: to be raised when features or training change."""

LONGEST = 3
"""The longest n-gram, in characters."""

PENALTY = 1.0
"""C of the support vector machine; chosen by cross-validation over 0.2, 0.5, 1 and 2."""

FEWEST_SENTENCES = 2
"""An n-gram of one sentence alone is not worth its row: without those a third of the rows does as well."""

SHARPNESS = 6.0
"""What the margins are multiplied by before the softmax; chosen by cross-validated log loss over 2 to 8."""

_DIGITS = re.compile(r"\d+")


def ngrams(text: str) -> list[str]:
    """The character n-grams of a text in one spelling, its ends marked and its numbers folded to their length."""
    plain = _DIGITS.sub(lambda run: "0" * min(len(run[0]), 4), normalise(text))
    marked = f" {' '.join(plain.split())} "
    return [marked[i : i + n] for n in range(1, LONGEST + 1) for i in range(len(marked) - n + 1)]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A trained model. `weights` has a row for each n-gram of `vocabulary` and a column for each of `intents`."""

    intents: tuple[Intent, ...]
    vocabulary: dict[str, int]
    inverse_frequency: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:  # noqa: ARG002 - it knows no context
        """Every intent with its confidence between 0 and 1, best first; they add up to 1."""
        margins = self.margins(text) * SHARPNESS
        odds = np.exp(margins - margins.max())
        confidence = odds / odds.sum()
        order = np.argsort(-confidence, kind="stable")
        return tuple((self.intents[place], float(confidence[place])) for place in order)

    def margins(self, text: str) -> NDArray[np.float32]:
        """How far the text lies on the side of each of `intents`; above 0 is a yes."""
        counts = Counter(gram for gram in ngrams(text) if gram in self.vocabulary)
        if not counts:
            return self.bias
        rows = np.fromiter((self.vocabulary[gram] for gram in counts), dtype=np.int64)
        frequency = np.fromiter((1 + math.log(count) for count in counts.values()), dtype=np.float32)
        weighted: NDArray[np.float32] = frequency * self.inverse_frequency[rows]
        weighted = weighted / np.float32(np.linalg.norm(weighted))
        margins: NDArray[np.float32] = weighted @ self.weights[rows] + self.bias
        return margins


def train(examples: Sequence[Example]) -> LinearModel:
    """Train a model; the same examples give the same model."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    vectorizer = TfidfVectorizer(analyzer=ngrams, sublinear_tf=True, min_df=FEWEST_SENTENCES)
    matrix = vectorizer.fit_transform([example.text for example in examples])
    machine = LinearSVC(C=PENALTY, random_state=0).fit(matrix, [str(example.intent) for example in examples])
    return LinearModel(
        intents=tuple(Intent(name) for name in machine.classes_),
        vocabulary={str(gram): int(place) for gram, place in vectorizer.vocabulary_.items()},
        inverse_frequency=vectorizer.idf_.astype(np.float32),
        weights=np.ascontiguousarray(machine.coef_.T, dtype=np.float32),
        bias=machine.intercept_.astype(np.float32),
    )


def load_or_train(folder: Path | None, say: Callable[[str], None] = lambda _line: None) -> LinearModel:
    """The model of the present training data: read from `folder`, or trained (some seconds) and stored there.

    Without a folder, or with one that cannot be written, it is trained every time.
    """
    stored = folder / f"intents-{_key()}.npz" if folder else None
    if stored is not None and stored.exists():
        return _read(stored)
    say("training the model of intents, once for this version of the data")
    model = train(load_examples())
    if stored is not None:
        _write(model, stored)
    return model


def _key() -> str:
    digest = hashlib.sha256(f"{VERSION} {LONGEST} {PENALTY} {FEWEST_SENTENCES}".encode())
    for path in sorted(DATA_FOLDER.glob("*.yml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _read(path: Path) -> LinearModel:
    with np.load(path, allow_pickle=False) as stored:
        grams = str(stored["vocabulary"]).split("\n")
        return LinearModel(
            intents=tuple(Intent(name) for name in str(stored["intents"]).split("\n")),
            vocabulary={gram: place for place, gram in enumerate(grams)},
            inverse_frequency=stored["inverse_frequency"],
            weights=stored["weights"],
            bias=stored["bias"],
        )


def _write(model: LinearModel, path: Path) -> None:
    """Store a model whole or not at all; a folder that cannot be written costs the next start some seconds."""
    grams = sorted(model.vocabulary, key=model.vocabulary.__getitem__)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez(
                file,
                intents=np.array("\n".join(model.intents)),
                vocabulary=np.array("\n".join(grams)),
                inverse_frequency=model.inverse_frequency,
                weights=model.weights,
                bias=model.bias,
            )
        Path(file.name).replace(path)
    except OSError:
        return
    for old in path.parent.glob("intents-*.npz"):
        if old != path:
            old.unlink(missing_ok=True)
