"""The published model's file is read exactly: a small one of the same form, written here, comes back as it was."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nlu.encoder import PREFIX
from nlu.training.e5 import read_e5
from nlu.training.vocabulary import prune

if TYPE_CHECKING:
    from pathlib import Path

PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "\u2581",
    "query",
    ":",
    "漏水",
    "漏",
    "水",
    "ok",
    "hello",
    "Ж",
    "8",
    "\u25818",
]
WIDTH, INNER = 32, 64


def blocks(numbers: np.ndarray) -> bytes:
    """Whole numbers from -8 to 7 in blocks of 32, each with a scale of a half."""
    packed = b""
    for row in numbers.reshape(-1, 32):
        low, high = (row[:16] + 8).astype(np.uint8), (row[16:] + 8).astype(np.uint8)
        packed += np.float16(0.5).tobytes() + (low | high << 4).tobytes()
    return packed


def write(path: Path, tensors: dict[str, np.ndarray]) -> None:
    blob = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    spelling = struct.pack("<IB1I", ord("８"), 1, ord("8")) + struct.pack("<IB2I", ord("㏎"), 2, ord("k"), ord("m"))
    head = b"E5S1" + struct.pack("<I", 1) + struct.pack("<7i", WIDTH, 1, 4, INNER, len(PIECES), 8, 2)
    head += struct.pack("<fi", 1e-12, 32) + struct.pack("<5i", len(PIECES), 0, 2, 1, 3) + struct.pack("<Q", len(blob))
    head += ends.tobytes() + np.linspace(-9, -1, len(PIECES)).astype("<f4").tobytes() + blob
    head += struct.pack("<iI", 2, len(spelling)) + spelling + struct.pack("<i", len(tensors))
    directory_length = sum(2 + len(name) + 1 + 4 + 8 + 8 for name in tensors)
    directory, data = b"", b""
    for name, tensor in tensors.items():
        stored = blocks(tensor) if tensor.ndim == 2 else tensor.astype("<f4").tobytes()
        offset = len(head) + directory_length + len(data)
        directory += struct.pack("<H", len(name)) + name.encode() + b"\0"
        directory += struct.pack("<IQQ", tensor.size, offset, len(stored))
        data += stored
    path.write_bytes(head + directory + data)


def test_shapes_pieces_and_tensors_come_back(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    words = draw.integers(-8, 8, (len(PIECES), WIDTH))
    narrow = draw.integers(-8, 8, (WIDTH, INNER))
    bias = draw.normal(size=WIDTH).astype(np.float32)
    write(tmp_path / "model.bin", {"emb.word": words, "l0.fo.w": narrow, "l0.fo.b": bias})

    published = read_e5(tmp_path / "model.bin")

    assert (published.width, published.layers, published.heads, published.inner) == (WIDTH, 1, 4, INNER)
    assert published.pieces == PIECES
    assert (published.begin, published.end, published.unknown) == (0, 2, 3)
    assert published.spelling == {ord("８"): "8", ord("㏎"): "km"}
    assert np.array_equal(published.tensors["emb.word"], words * 0.5)
    assert np.array_equal(published.tensors["l0.fo.w"], narrow * 0.5)
    assert np.array_equal(published.tensors["l0.fo.b"], bias)


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="no E5S1 file"):
        read_e5(tmp_path / "model.bin")


def test_the_vocabulary_keeps_chinese_signs_and_the_prefix(tmp_path: Path) -> None:
    write(tmp_path / "model.bin", {"l0.fo.b": np.zeros(WIDTH)})
    tokenizer, kept = prune(read_e5(tmp_path / "model.bin"))
    assert {"漏水", "漏", "水", "8", ":", "ok", "query"} <= set(tokenizer.pieces)
    assert {"hello", "Ж", "<pad>"}.isdisjoint(tokenizer.pieces)
    assert [PIECES[place] for place in kept] == list(tokenizer.pieces)
    cut = [tokenizer.pieces[piece] for piece in tokenizer.encode(PREFIX + "漏水８", 32)]
    assert cut == ["<s>", "\u2581", "query", ":", "\u2581", "漏水", "8", "</s>"]
