"""A summary that a machine made is shown only if it says nothing but what its quotes say."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nlu.policy.library import shipped_text
from nlu.policy.search import shipped_document
from nlu.policy.sentences import split_sentences
from nlu.policy.summary import LONGEST, figures, says_only

CASES = yaml.safe_load(Path(__file__).with_name("summary.yml").read_text(encoding="utf-8"))
TURNS = re.compile("不得|不能|不|未|无|可以|应当|力争|原则上|探索|鼓励|支持|逐步|以上|以下|除")
SHOWN = [(case["quote"], summary) for case in CASES for summary in case["shown"]]
HIDDEN = [
    pytest.param(case["quote"], summary, id=f"{number}: {why}")
    for number, case in enumerate(CASES)
    for why, summary in case["hidden"].items()
]


@pytest.mark.parametrize(("quote", "summary"), SHOWN)
def test_what_leaves_out_and_says_it_in_plainer_words_is_shown(quote: str, summary: str) -> None:
    assert says_only(summary, [quote])


@pytest.mark.parametrize(("quote", "summary"), HIDDEN)
def test_what_says_anything_else_is_not(quote: str, summary: str) -> None:
    assert not says_only(summary, [quote])


def test_several_quotes_are_told_in_their_order() -> None:
    quotes = ["城乡社区服务设施水、电、气执行居民合表用户价格政策。", "未按规划要求建设社区用房的，不能通过验收。"]
    first, second = "水、电、气执行居民合表用户价格政策。", "未按规划要求建设社区用房的，不能通过验收。"
    assert says_only(first + second, quotes)
    assert not says_only(second + first, quotes)


def test_a_summary_is_short() -> None:
    quote = "组织居民开展和谐社区、文明家庭等创建活动" * 5
    assert says_only(quote[:LONGEST], [quote])
    assert not says_only(quote[: LONGEST + 1], [quote])


def test_no_word_that_turns_a_sentence_of_the_document_can_be_left_out() -> None:
    sentences = [sentence.text for clause in shipped_document().clauses for sentence in split_sentences(clause.text)]
    left_out = [
        (sentence, sentence[: match.start()] + sentence[match.end() :])
        for sentence in sentences
        if len(sentence) <= LONGEST
        for match in TURNS.finditer(sentence)
    ]
    assert len(left_out) > 20
    assert [summary for sentence, summary in left_out if says_only(summary, [sentence])] == []


@given(st.data())
def test_no_number_passes_that_the_quote_does_not_give(data: st.DataObject) -> None:
    clauses = [clause.text for clause in shipped_document().clauses if figures(clause.text)]
    quote = data.draw(st.sampled_from(clauses))
    start = data.draw(st.integers(0, len(quote) - 1))
    end = data.draw(st.integers(start, min(len(quote), start + LONGEST)))
    place = data.draw(st.integers(start, end))
    number = data.draw(st.integers(0, 9999).map(str).filter(lambda number: number not in figures(quote)))
    assert not says_only(quote[start:place] + number + quote[place:end], [quote])


@given(st.text(alphabet=sorted(set(shipped_text())), min_size=8, max_size=LONGEST))
def test_characters_of_the_document_make_no_summary_by_chance(summary: str) -> None:
    quote = shipped_document().clauses[5].text
    assert summary in quote or not says_only(summary, [quote])


def test_the_hardest_summary_takes_no_time() -> None:
    quote = "社区居民的组织服务社区，" * 60
    begun = time.process_time()
    for summary in ("社区的" * 26, "社区居民" * 20, "的" * 79 + "哦", "社区，居民的" * 13):
        says_only(summary, [quote])
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("百分之十三", {"13%"}),
        ("三百户", {"300"}),
        ("２０２０年", {"2020"}),
        ("三社联动", set()),
        ("700至2000户", {"700", "2000"}),
    ],
)
def test_numbers_however_they_are_written(text: str, numbers: set[str]) -> None:
    assert figures(text) == numbers
