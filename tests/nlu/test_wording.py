"""One spelling: the table of dialect and width, numerals, and what holds for any text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.tables import read_table
from nlu.wording import chinese_number, fold_width, normalise
from tests.nlu.tables import read

TABLES: dict[str, Any] = read("wording")
DIGITS = "零一二三四五六七八九"


@pytest.mark.parametrize(("say", "read"), [(row["say"], row["read"]) for row in TABLES["table"]])
def test_one_spelling(say: str, read: str) -> None:
    assert normalise(say) == read


@pytest.mark.parametrize("say", [row["say"] for row in TABLES["table"]])
def test_the_spelling_is_read_as_it_is(say: str) -> None:
    assert normalise(normalise(say)) == normalise(say)


def test_no_dialect_word_is_replaced_by_another() -> None:
    words: dict[str, str] = read_table("wording")["words"]
    assert {word: standard for word, standard in words.items() if normalise(standard) != standard} == {}


@pytest.mark.parametrize(("written", "number"), TABLES["numbers"].items())
def test_a_numeral_is_read(written: str, number: str) -> None:
    assert chinese_number(written) == int(number)


@pytest.mark.parametrize("written", TABLES["no_numbers"])
def test_what_is_no_numeral_has_no_number(written: str) -> None:
    assert chinese_number(written) is None


@given(st.integers(min_value=1, max_value=9999))
def test_every_number_below_ten_thousand_is_read(number: int) -> None:
    assert chinese_number(_in_words(number)) == number
    assert chinese_number(str(number)) == number


def _in_words(number: int) -> str:
    words = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += DIGITS[digit] + name
        elif words and not words.endswith("零"):
            words += "零"
    return words.removesuffix("零")


@given(st.text(max_size=80))
def test_any_text_has_a_spelling_and_width_keeps_offsets(text: str) -> None:
    normalise(text)
    chinese_number(text)
    assert len(fold_width(text)) == len(text)
