"""What is costly to learn from training questions, as named arrays: shipped, or kept between two starts."""

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

SHIPPED = Path(__file__).parent / "learned"
"""What was learned for the shipped document, by `python -m nlu.training policy`."""

LEARNS = (
    "asked", "bm25", "document_index", "hearing", "manner", "meaning", "neighbours", "numbering", "pieces",
    "question_index", "ranking", "reading", "refusal", "sentences", "tasks", "terms", "text_index",
)  # fmt: skip
"""The modules that what is learned depends on."""

_CODE = Path(__file__).parent
_DATA = _CODE.parent / "data" / "policy"
_WORDS = ("asked", "syllables", "thesaurus", "usual")


class LearnedArrays:
    """What was learned, one file for each thing: in the package, or in a folder where it is kept once it was learned.

    The key of a file is a hash of what it is learned from and of the note on the encoder; for `models` of the code that
    learns and of the lists of words too. So a change of any of them learns anew. A file is written whole or not at all.
    """

    def __init__(self, folder: Path | None = None, used: set[Path] | None = None) -> None:
        """Without a folder, what is not shipped is learned each time. The files that were read are added to `used`."""
        self._folder = folder
        self._used = used if used is not None else set()

    def recall(self, text: str, learn: Callable[[], Mapping[str, NDArray[Any]]], *, models: bool = False) -> Arrays:
        """The arrays that `learn` gives for what `text` describes, learned now or earlier."""
        name = f"policy-{_key(text, models=models)}.npz"
        for folder in filter(None, (SHIPPED, self._folder)):
            if (folder / name).exists():
                self._used.add(folder / name)
                with np.load(folder / name, allow_pickle=False) as kept:
                    return {each: kept[each] for each in kept.files}
        arrays = dict(learn())
        if self._folder is not None:
            _write(self._folder / name, arrays)
        return arrays


def _key(text: str, *, models: bool) -> str:
    digest = hashlib.sha256(text.encode())
    code = [*(_CODE / f"{module}.py" for module in LEARNS), *(_DATA / f"{words}.yml" for words in _WORDS)]
    for path in [FOLDER / "about.json", *(code if models else ())]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _write(path: Path, arrays: Arrays) -> None:
    """Keep the arrays; a folder that cannot be written costs the next start some seconds."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    except OSError:
        return
