"""A question is compared with sentences piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from nlu.policy.learned import LearnedArrays
from nlu.policy.meaning import Meanings
from nlu.policy.pieces import PieceIndex

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = (
    "业主委员会应当督促其限期交纳；逾期仍不交纳的，物业服务企业可以向人民法院起诉。",
    "供水、供电、供气、供热、通信、有线电视等单位，应当依法承担管线和设施设备维修、养护的责任。",
    "禁止在商业经营活动中使用高音广播喇叭或者采用其他持续反复发出高噪声的方法进行广告宣传。",
)


@pytest.mark.parametrize(
    ("question", "number"), [("欠物业费会被告吗", 0), ("水管爆了谁来修", 1), ("店门口的喇叭循环喊清仓", 2)]
)
def test_the_sentence_that_says_it_is_likest(question: str, number: int) -> None:
    scores = PieceIndex(SENTENCES, Meanings(LearnedArrays())).scores([question])
    assert scores.shape == (1, len(SENTENCES))
    assert scores[0].argmax() == number


def test_what_is_kept_in_8_bits_gives_the_same_scores(tmp_path: Path) -> None:
    kept = LearnedArrays(tmp_path)
    first, again = (PieceIndex(SENTENCES, Meanings(kept)).scores(["水管爆了谁来修"]) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    states = np.concatenate([pieces.states for pieces in Meanings(kept).pieces_of_lasting(SENTENCES)])
    exact = np.concatenate([Meanings(kept).pieces_of(sentence).states for sentence in SENTENCES])
    np.testing.assert_allclose(states, exact, atol=0.01)
    np.testing.assert_allclose(np.linalg.norm(states, axis=1), 1.0, atol=1e-5)


def test_what_speaks_of_everything_is_like_all_questions() -> None:
    texts = ("社区治理工作由县委组织部、县民政局负责，按照相关规定开展。", "禁止在林区烧荒。")
    usual = PieceIndex(texts, Meanings(LearnedArrays())).usual_scores().mean(axis=0)
    assert usual[0] > usual[1]


def test_without_the_encoder_nothing_is_like_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlu.policy.meaning._encoder", lambda: None)
    # Texts of which no other test remembers the pieces.
    index = PieceIndex(("没有编码器的一句", "没有编码器的另一句"), Meanings(LearnedArrays()))
    np.testing.assert_array_equal(index.scores(["没有编码器的问题"]), [[0.0, 0.0]])
