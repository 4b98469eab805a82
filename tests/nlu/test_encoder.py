"""The encoder that the package carries: its tokenizer, its vectors, and what happens where it cannot run."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.app import build_parser
from bot.settings import Settings
from nlu.embedded_model import Head, context_features, read_head
from nlu.encoder import FOLDER, Encoder, EncoderUnavailableError
from nlu.encoder.tokenizer import Tokenizer, read
from nlu.linear_model import LinearModel
from nlu.training_data import fingerprint, load_examples
from nlu.understanding import NO_CONTEXT, Context, Intent

if TYPE_CHECKING:
    from pathlib import Path

    from nlu.parser import Parser

NOW = datetime.fromisoformat("2026-04-15T10:20:00+08:00")


def small_tokenizer() -> Tokenizer:
    pieces = ("<s>", "</s>", "<unk>", "\u2581", "楼", "上", "楼上", "漏", "水", "\u2581楼")
    return Tokenizer(pieces, (0, 0, 0, -3, -4, -4, -5, -4, -4, -9), {ord("樓"): "楼"}, begin=0, end=1, unknown=2)


def cut(text: str, longest: int = 32) -> list[str]:
    tokenizer = small_tokenizer()
    return [tokenizer.pieces[piece] for piece in tokenizer.encode(text, longest)]


def test_the_likeliest_cut_is_taken() -> None:
    assert cut("楼上漏水") == ["<s>", "\u2581", "楼上", "漏", "水", "</s>"]
    assert cut("楼") == ["<s>", "\u2581", "楼", "</s>"]


def test_old_spellings_blanks_and_strange_characters() -> None:
    assert cut("樓上  漏") == ["<s>", "\u2581", "楼上", "\u2581", "漏", "</s>"]
    assert cut("漏ß水") == ["<s>", "\u2581", "漏", "<unk>", "水", "</s>"]
    assert cut("") == ["<s>", "\u2581", "</s>"]


def test_a_long_text_is_cut_short_between_its_marks() -> None:
    assert cut("楼上漏水" * 9, longest=5) == ["<s>", "\u2581", "楼上", "漏", "</s>"]


def test_a_tokenizer_comes_back_from_its_file(tmp_path: Path) -> None:
    small_tokenizer().write(tmp_path / "tokenizer.json")
    assert read(tmp_path / "tokenizer.json") == small_tokenizer()


def test_vectors_have_length_one_and_tell_what_is_alike() -> None:
    encoder = Encoder()
    leak, drip, points = (encoder.encode(text) for text in ("楼上天天漏水", "上头那家往下滴水", "我有多少积分"))
    assert leak.shape == (encoder.width,)
    assert np.linalg.norm(leak) == pytest.approx(1, abs=1e-5)
    assert leak @ drip > leak @ points


def test_the_head_was_fitted_on_the_sentences_that_are_there() -> None:
    """After a change of nlu/data: `make head`."""
    about = json.loads((FOLDER / "about.json").read_text(encoding="utf-8"))
    assert about["head"]["data"] == fingerprint(load_examples())


def test_a_head_comes_back_from_its_file(tmp_path: Path) -> None:
    head = Head(
        intents=(Intent.GREET, Intent.CANCEL),
        centre=np.zeros(2, dtype=np.float32),
        weights=np.zeros((2, 2), dtype=np.float32),
        bias=np.array([1, 0], dtype=np.float32),
        context_weights=np.zeros((len(context_features(NO_CONTEXT)), 2), dtype=np.float32),
        trust=2.0,
        temperature=0.5,
    )
    head.write(tmp_path / "head.npz")
    nothing = np.zeros(2, dtype=np.float32)
    stored = read_head(tmp_path / "head.npz")
    ranking = stored.rank(stored.hear(nothing, nothing), NO_CONTEXT)
    assert ranking[0][0] is Intent.GREET
    assert ranking[0][1] == pytest.approx(1 / (1 + np.exp(-2)), abs=1e-6)
    other = stored.rank(stored.hear(nothing, np.array([0, 1], dtype=np.float32)), NO_CONTEXT)
    assert other[0][0] is Intent.CANCEL
    assert other[0][1] == pytest.approx(1 / (1 + np.exp(-2)), abs=1e-6)
    assert sum(confidence for _, confidence in ranking) == pytest.approx(1)


@pytest.mark.parametrize(
    ("context", "text", "intent"),
    [
        (Context(form=Intent.REPORT_DISPUTE), "算了不报了", Intent.CANCEL),
        (Context(offered=frozenset({Intent.ACCEPT_CASE})), "要得，我去", Intent.ACCEPT_CASE),
        (Context(offered=frozenset({Intent.ATTEND_MEETING, Intent.DECLINE_MEETING})), "来", Intent.ATTEND_MEETING),
        (Context(form=Intent.REPORT_DISPUTE), "三单元着火了", Intent.REPORT_EMERGENCY),
        (Context(last=Intent.ASK_POLICY), "那农村呢", Intent.ASK_POLICY),
    ],
)
def test_short_words_lean_on_the_talk(parser: Parser, context: Context, text: str, intent: Intent) -> None:
    assert parser.parse(text, NOW, context).intent is intent


def test_missing_weights_are_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailableError, match=str(tmp_path)):
        Encoder(tmp_path)


def test_without_onnxruntime_the_linear_model_understands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    said: list[str] = []
    parser = build_parser(Settings(data_dir=tmp_path), said.append)
    assert isinstance(parser._model, LinearModel)
    assert parser.parse("楼上天天漏水又不肯修", NOW).intent is Intent.REPORT_DISPUTE
    assert "the encoder cannot run" in said[-1]
