"""Runs the encoder that the package carries, on one core, by onnxruntime."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nlu.encoder.tokenizer import read

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDER = Path(__file__).parent / "weights"
INTENT, MEANING = "encoder.onnx", "meaning.onnx"
"""The encoder that was taught our intents, and the one as it was published, which still tells subjects apart."""

PREFIX = "query: "
"""What multilingual-e5 was taught to expect before a text that is compared with others of its kind."""

LONGEST = 128
"""Pieces of a text that are read, some 200 characters; who wants something says so in fewer."""


class EncoderUnavailableError(RuntimeError):
    """The encoder cannot run on this machine; the message says why."""


class Pieces(NamedTuple):
    """The pieces of a text: their numbers, and for each in a row its state, what it says where it stands."""

    ids: NDArray[np.int32]
    states: NDArray[np.float32]


class Encoder:
    """Turns a text into a vector of length 1 and of `width` numbers.

    Texts of one intent lie close together by the weights of `INTENT`, texts on one subject by those of `MEANING`.
    """

    def __init__(self, folder: Path = FOLDER, weights: str = INTENT) -> None:
        """Load tokenizer and weights (some 0.2 s); EncoderUnavailableError where onnxruntime or a file is missing."""
        try:
            import onnxruntime
        except ImportError as error:
            raise EncoderUnavailableError(f"onnxruntime cannot be imported: {error}") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # A plan of memory for every length of text takes 16 MB more and saves nothing that can be measured.
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        try:
            self._tokenizer = read(folder / "tokenizer.json")
            model = str(folder / weights)
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise EncoderUnavailableError(f"{folder}: {error}") from error
        self.width = int(self._session.get_outputs()[0].shape[-1])
        self._before = len(self._tokenizer.encode(PREFIX, LONGEST)) - 1

    def encode(self, text: str) -> NDArray[np.float32]:
        """The vector of `text`; safe to call from several threads."""
        return self._run(text, ["vector"])[1][0]

    def encode_pieces(self, text: str) -> tuple[NDArray[np.float32], Pieces]:
        """The vector of `text` and its pieces without prefix and marks; by the weights of `MEANING` only."""
        ids, (vector, states) = self._run(text, ["vector", "states"])
        inner = slice(self._before, len(ids) - 1)
        return vector, Pieces(np.array(ids[inner], dtype=np.int32), states[inner])

    def _run(self, text: str, outputs: list[str]) -> tuple[list[int], list[NDArray[np.float32]]]:
        ids = self._tokenizer.encode(PREFIX + text, LONGEST)
        found = self._session.run(outputs, {"pieces": np.array([ids], dtype=np.int64)})
        return ids, [each[0] for each in found]
