"""What is shown of a long text is a verbatim beginning of whole sentences; a list is its pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.policy.excerpts import beginning, listed, opening

_TEXTS = st.text(alphabet="志愿者数量达到。；：，\n一二", min_size=1, max_size=80).filter(str.strip)


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [
        ("很短。", 10, "很短。"),
        ("第一句话。第二句话。第三句话。", 11, "第一句话。第二句话。"),
        ("第一句；还是第一句。第二句。", 6, "第一句；还是第一句。"),
    ],
)
def test_the_beginning_ends_with_a_sentence(text: str, longest: int, shown: str) -> None:
    assert beginning(text, longest) == shown


@given(_TEXTS, st.integers(1, 80))
def test_the_beginning_is_verbatim(text: str, longest: int) -> None:
    shown = beginning(text, longest)
    assert shown
    assert text.startswith(shown)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("一、种树；二、种花；三、种草。", ("一、种树；", "二、种花；", "三、种草。")),
        ("应当提交：\n（一）证明；\n（二）承诺书。", ("应当提交：", "（一）证明；", "（二）承诺书。")),
        ("种树；种花。", ()),
        ("种树、种花、种草。", ()),
    ],
)
def test_a_list_falls_into_its_pieces(text: str, pieces: tuple[str, ...]) -> None:
    assert listed(text) == pieces


@given(_TEXTS)
def test_every_piece_is_verbatim(text: str) -> None:
    assert all(piece and piece in text for piece in listed(text))


def test_the_phrase_that_opens() -> None:
    assert opening("加强公民道德教育。组织居民开展活动。") == "加强公民道德教育"
