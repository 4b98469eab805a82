"""Personal data: the table of sentences, every way of grouping digits, and what holds for any text."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.personal_data import DatumKind, find_personal_data, mask
from tests.nlu.tables import read

TABLES: dict[str, Any] = read("personal_data")
FOUND = [(row["say"], kind, row["text"]) for kind, rows in TABLES["found"].items() for row in rows]

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
SPOKEN = str.maketrans("0123456789", "零一二三四五六七八九")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
BATCHES: dict[str, Any] = read("masking")
PIECES = st.lists(st.sampled_from(TABLES["pieces"]), max_size=12).map("".join)


@pytest.mark.parametrize(("say", "kind", "texts"), FOUND)
def test_personal_data_is_found_whole(say: str, kind: str, texts: list[str]) -> None:
    assert [(datum.kind, datum.text) for datum in find_personal_data(say)] == [(kind, text) for text in texts]


@pytest.mark.parametrize(("say", "kind", "texts"), FOUND)
def test_what_is_found_cannot_be_read_after_masking(say: str, kind: str, texts: list[str]) -> None:
    masked = mask(say)
    assert "*" in masked
    assert not any(text in masked for text in texts), kind


@pytest.mark.parametrize("say", TABLES["look_alikes"])
def test_look_alikes_stay(say: str) -> None:
    assert mask(say) == say


@pytest.mark.parametrize("batch", BATCHES.values(), ids=BATCHES)
def test_what_is_personal_in_a_message_is_found_to_the_letter(batch: dict[str, Any]) -> None:
    wanted = [(row["say"], kind, text) for row in batch["found"] for kind, text in row["data"]]
    found = [
        (row["say"], str(datum.kind), datum.text) for row in batch["found"] for datum in find_personal_data(row["say"])
    ]
    missed, besides = [each for each in wanted if each not in found], [each for each in found if each not in wanted]
    assert len(missed) <= 0.01 * len(wanted), missed
    assert len(besides) <= 0.01 * len(wanted), besides


@pytest.mark.parametrize("batch", BATCHES.values(), ids=BATCHES)
def test_look_alikes_in_messages_stay(batch: dict[str, Any]) -> None:
    assert [say for say in batch["look_alikes"] if mask(say) != say] == []


@pytest.mark.parametrize(
    ("say", "masked"),
    [
        ("电话13800138000", "电话138****8000"),
        ("一三八零零一三八零零零", "138****8000"),
        ("028-36201234", "028-****234"),
        ("510122199001010007", "510***********0007"),
        ("6222021234567890123", "***************0123"),
        ("川A12345", "川A*****"),
        ("zhang.san@example.com", "***@example.com"),
        ("微信号：abc_12345", "微信号：a***"),
        ("桂花苑3栋2单元501", "桂花苑3栋2单元***"),
        ("二栋三单元五楼二号", "二栋三单元***"),
        ("12-3-402", "12-3-***"),
        ("3组12号", "3组***"),
        ("我住501室", "我住***室"),
    ],
)
def test_a_mask_shows_what_kind_it_was(say: str, masked: str) -> None:
    assert mask(say) == masked


@given(MOBILES, st.sampled_from([(3, 4, 4), (3, 8), (4, 3, 4), (11,)]), st.sampled_from([" ", "-", "，", ".", "–"]))
def test_a_mobile_number_is_found_in_every_grouping(digits: str, sizes: tuple[int, ...], gap: str) -> None:
    ends = [sum(sizes[:count]) for count in range(len(sizes) + 1)]
    written = gap.join(digits[start:end] for start, end in pairwise(ends))
    for spelled in (written, written.translate(SPOKEN), written.translate(WIDE)):
        assert [datum.text for datum in find_personal_data(f"打{spelled}嘛")] == [spelled]


@given(st.from_regex(r"62[0-9]{14}|62[0-9]{17}", fullmatch=True))
def test_a_card_is_found_whatever_its_check_digit(digits: str) -> None:
    assert [datum.kind for datum in find_personal_data(f"银行卡{digits}")] == [DatumKind.BANK_CARD]


@given(st.one_of(st.text(max_size=60), PIECES))
def test_offsets_are_true_and_do_not_overlap(text: str) -> None:
    end = 0
    for datum in find_personal_data(text):
        assert text[datum.start : datum.end] == datum.text != ""
        assert datum.start >= end
        end = datum.end


@given(st.one_of(st.text(max_size=60), PIECES))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)
    assert find_personal_data(mask(text)) == ()


@pytest.mark.parametrize("piece", ["1", "1 ", "一", "3栋", "138-", "a@", "微信", "2单元501", "1，"])
def test_a_very_long_text_is_read_in_time(piece: str) -> None:
    begun = time.process_time()
    mask((piece * 20_000)[:20_000])
    assert time.process_time() - begun < 5
