"""A linear classifier over character n-grams: half of the embedded model, or all where the encoder cannot run."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlu.ngrams import FEWEST_SENTENCES, LONGEST, PENALTY, NgramClassifier, learn
from nlu.training_data import DATA_FOLDER, load_examples
from nlu.understanding import NO_CONTEXT, Intent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from nlu.training_data import Example
    from nlu.understanding import Context, Ranking

VERSION = 3
"""Part of the key of a stored model: to be raised when features or training change."""

SHARPNESS = 6.0
"""What the margins are multiplied by before the softmax; chosen by cross-validated log loss over 2 to 8."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A trained model: a classifier with a column for each of `intents`."""

    intents: tuple[Intent, ...]
    classifier: NgramClassifier

    def rank(self, text: str, context: Context = NO_CONTEXT) -> Ranking:  # noqa: ARG002 - it knows no context
        """Every intent with its confidence between 0 and 1, best first; they add up to 1."""
        margins = self.margins(text) * SHARPNESS
        odds = np.exp(margins - margins.max())
        confidence = odds / odds.sum()
        order = np.argsort(-confidence, kind="stable")
        return tuple((self.intents[place], float(confidence[place])) for place in order)

    def margins(self, text: str) -> NDArray[np.float32]:
        """How far the text lies on the side of each of `intents`; above 0 is a yes."""
        return self.classifier.margins(text)


def train(examples: Sequence[Example]) -> LinearModel:
    """Train a model; the same examples give the same model."""
    names, classifier = learn([example.text for example in examples], [str(example.intent) for example in examples])
    # There are 90,000 n-grams and 53 intents: 10 MB less in half precision.
    halved = replace(classifier, weights=classifier.weights.astype(np.float16))
    return LinearModel(tuple(Intent(name) for name in names), halved)


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
        intents = tuple(Intent(name) for name in str(stored["intents"]).split("\n"))
        return LinearModel(intents, NgramClassifier.from_arrays(stored))


def _write(model: LinearModel, path: Path) -> None:
    """Store a model whole or not at all; a folder that cannot be written costs the next start some seconds."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez(file, intents=np.array("\n".join(model.intents)), **model.classifier.arrays())
        Path(file.name).replace(path)
    except OSError:
        return
    for old in path.parent.glob("intents-*.npz"):
        if old != path:
            old.unlink(missing_ok=True)
