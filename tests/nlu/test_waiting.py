"""Which of a handler's words stop a clock, as a table."""

from __future__ import annotations

import pytest

from nlu.waiting import asks_reporter, asks_to_the_face, is_short_answer, question_in, says_waiting
from tests.nlu.tables import read

TABLE = read("waiting")


@pytest.mark.parametrize("text", TABLE["waiting"])
def test_waits_for_the_reporter(text: str) -> None:
    assert says_waiting(text)


@pytest.mark.parametrize("text", TABLE["asks"])
def test_asks_the_reporter(text: str) -> None:
    assert asks_reporter(text)


@pytest.mark.parametrize("text", TABLE["to_the_face"])
def test_asks_whoever_reads_it(text: str) -> None:
    assert asks_to_the_face(text)


@pytest.mark.parametrize("text", TABLE["neither"])
def test_waits_for_nobody_or_for_others(text: str) -> None:
    assert not says_waiting(text)
    assert not asks_reporter(text)
    assert not asks_to_the_face(text)


@pytest.mark.parametrize(("text", "question"), TABLE["questions"])
def test_what_the_reporter_reads_of_it(text: str, question: str) -> None:
    assert question_in(text) == question


@pytest.mark.parametrize(
    ("text", "answers"),
    [("在", True), ("不在家嘛", True), ("周末哈。", True), ("你好", False), ("在吗", False), ("谢谢", False)],
)
def test_a_short_answer(text: str, answers: bool) -> None:
    assert is_short_answer(text) is answers
