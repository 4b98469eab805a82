"""What is written by its sound is read as the document's word, and what is meant as it stands is left alone."""

from __future__ import annotations

import pytest

from nlu.policy.questions import shipped_questions
from nlu.policy.search import shipped_search

HEARING = shipped_search().indexes[0].text.hearing


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("网个员要做什么", "网格员要做什么"),
        ("职业金贴哪个出", "职业津贴哪个出"),
        ("民主恳坛会是啥", "民主恳谈会是啥"),
        ("shequ能不能搞基金会", "社区能不能搞基金会"),
        ("红白里事会管不管", "红白理事会管不管"),
    ],
)
def test_what_sounds_like_a_word_of_the_document(said: str, meant: str) -> None:
    assert HEARING.put_right(said) == meant


@pytest.mark.parametrize(
    "question",
    ["失业证怎么办", "社区里的事谁来管", "住建局有哪些任务", "用App办事可以吗", "这块社区归哪里", "hello", ""],
)
def test_what_is_meant_as_it_stands(question: str) -> None:
    assert HEARING.put_right(question) == question


def test_hardly_a_plain_question_is_changed() -> None:
    questions = [text for _, text in shipped_questions().answered] + list(shipped_questions().unanswerable)
    changed = [text for text in questions if HEARING.put_right(text) != text]
    assert len(changed) < 0.01 * len(questions)
