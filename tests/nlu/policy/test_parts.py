"""A message that asks several things gets several answers; one that asks one thing gets one."""

from __future__ import annotations

import pytest

from nlu.policy.answer import PolicyAnswer, answer
from nlu.policy.parts import LONG, answers, asked_in
from nlu.policy.search import shipped_search


def answers_to(*turns: str) -> tuple[PolicyAnswer, ...]:
    return answers(turns, lambda asked: answer(asked, shipped_search()), shipped_search().thesaurus)


@pytest.mark.parametrize(
    ("message", "clauses"),
    [
        ("志愿者要多少比例，垃圾分类归哪个管", ["3.1.4", "A19"]),
        ("网格员要做什么，积分制归哪个管，监控要联网不", ["3.2.4", "A18", "3.2.5"]),
        ("垃圾分类怎么规定的，归哪个管", ["3.3.1", "A19"]),
        ("志愿者要多少比例？还有积分制归哪个管", ["3.1.4", "A18"]),
    ],
)
def test_each_part_is_answered(message: str, clauses: list[str]) -> None:
    assert [found.clauses[0] for found in answers_to(message)] == clauses


def test_a_part_may_be_refused_beside_another() -> None:
    first, second = answers_to("志愿者要达到多少比例，归哪个部门管")
    assert (first.clauses[0], second.answered) == ("3.1.4", False)


@pytest.mark.parametrize(
    "message",
    [
        "注册志愿者要达到多少比例",
        "我想问一下，现在农村社区，社会组织要几个嘛",
        "垃圾分类归哪个管，是民政局还是环保局",
        "低保标准是多少，归哪个部门管",
        "成都的志愿者要多少比例，归哪个管",
        "",
    ],
)
def test_one_question_gets_one_answer(message: str) -> None:
    assert len(answers_to(message)) == 1


def test_a_story_around_a_question_does_not_hide_it() -> None:
    story = (
        "前两天我们大家吃过饭在坝子头摆龙门阵，有人说要搞，有人说不搞，争了半天都没争出个名堂来，哪个都说服不了哪个，"
    )
    message = f"{story}我就帮大家问一句，文件里头注册志愿者要达到多少比例，谢谢了哈"
    assert len(message) > LONG
    (found,) = answers_to(message)
    assert (found.clauses[0], found.lead) == ("3.1.4", "要达到13%以上。")


def test_what_stands_before_a_part_that_asks_belongs_to_it() -> None:
    thesaurus = shipped_search().thesaurus
    parts = asked_in("我是农村的，社会组织要几个，城市的话，户数是好多", thesaurus)
    assert parts == ("我是农村的，社会组织要几个", "城市的话，户数是好多")


def test_without_a_turn_there_is_no_answer() -> None:
    with pytest.raises(ValueError, match="no question"):
        answers_to()
