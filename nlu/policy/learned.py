"""What is costly to learn from training questions, as named arrays that can be kept between two starts."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nlu.encoder import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

Arrays = dict[str, "NDArray[Any]"]

_CODE = Path(__file__).parent
_DATA = _CODE.parent / "data" / "policy"


class LearnedArrays:
    """A folder of learned arrays, one file for each document; without a folder everything is learned each time.

    The key of a file is a hash of the document's text, of the training data, of the code that learns and of the note on
    the encoder, so that a change of any of them learns anew. A file is written whole or not at all.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def recall(self, text: str, learn: Callable[[], Mapping[str, NDArray[Any]]]) -> Arrays:
        """The arrays that `learn` gives for the document with this text, learned now or earlier."""
        if self._folder is None:
            return dict(learn())
        path = self._folder / f"policy-{_key(text)}.npz"
        if path.exists():
            with np.load(path, allow_pickle=False) as kept:
                return {name: kept[name] for name in kept.files}
        arrays = dict(learn())
        _write(path, arrays)
        return arrays


def _key(text: str) -> str:
    digest = hashlib.sha256(text.encode())
    for path in sorted([*_CODE.glob("*.py"), *_DATA.glob("*.yml"), FOLDER / "about.json"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _write(path: Path, arrays: Arrays) -> None:
    """Keep the arrays; a folder that cannot be written costs the next start some seconds."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        Path(file.name).replace(path)
    except OSError:
        return
