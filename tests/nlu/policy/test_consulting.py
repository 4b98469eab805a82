"""What a language model is told of a question, and what of its words is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from nlu.policy.answer import AnswerKind, PolicyAnswer
from nlu.policy.consulting import Consultant, Consultation, asks_the_same
from nlu.policy.library import Source, shipped_text
from nlu.policy.quotes import Quote
from nlu.policy.search import shipped_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nlu.policy.library import Library, PolicyLibrary
    from nlu.policy.search import PolicySearch

SOURCES = [Source(1, shipped_text())]


class Model:
    """Says what it was made to say, and remembers what it was told."""

    def __init__(self, *says: str | None) -> None:
        self.told: list[str] = []
        self._says = iter(says)

    def say(self, _instruction: str, text: str) -> str | None:
        self.told.append(text)
        return next(self._says)


class Answers:
    """A library that looks its answers up."""

    def __init__(self, answers: dict[str, PolicyAnswer]) -> None:
        self._answers = answers

    def answer(self, turns: Sequence[str], _sources: Sequence[Source]) -> PolicyAnswer:
        return self._answers[turns[-1]]

    def search_over(self, sources: Sequence[Source]) -> PolicySearch:
        raise NotImplementedError


def consult(library: Library, model: Model, *questions: str) -> list[PolicyAnswer]:
    """The answers to questions, once the model was asked about them."""
    asked = Consultation(library)
    for question in questions:
        asked.answer([question], SOURCES)
    better = Consultant(model).consult(asked)
    return [better.answer([question], SOURCES) for question in questions]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("低保标准是多少，我叫张桂芳，住桂花苑3栋2单元501", "低保标准是多少，我叫某人，住某处"),
        ("低保标准是多少，我的电话是13900001111", "低保标准是多少，我的电话是1"),
        ("低保标准是多少，身份证511421199003071235", "低保标准是多少，身份证5"),
    ],
)
def test_people_and_places_are_unnamed_and_their_numbers_masked(
    library: PolicyLibrary, question: str, told: str
) -> None:
    model = Model(None)
    consult(library, model, question)
    assert len(model.told) == 1
    assert model.told[0].startswith(told)
    for own in ("张桂芳", "桂花苑", "501", "13900001111", "511421199003071235"):
        assert own not in model.told[0]


def test_names_are_put_back_before_the_search(library: PolicyLibrary) -> None:
    (answer,) = consult(library, Model("网格员某人有什么作用"), "政策里网格员王春梅干啥")
    assert answer.question == "网格员王春梅有什么作用"
    assert answer.answered


@pytest.mark.parametrize("rephrased", ["网格员有什么作用", "网格员某人和某人有什么作用", "网格员某人在某处有什么作用"])
def test_a_rephrasing_that_loses_or_adds_a_name_is_none(library: PolicyLibrary, rephrased: str) -> None:
    question = "政策里网格员王春梅干啥"
    assert consult(library, Model(rephrased), question) == consult(library, Model(None), question)


@pytest.mark.parametrize(("confidence", "taken"), [(0.5, False), (0.9, True)])
def test_the_better_of_two_unsure_answers_is_taken(library: PolicyLibrary, confidence: float, taken: bool) -> None:
    one, other = "社区划多大", "社区规模按多少户居民设置"
    found = library.answer([other], SOURCES)
    unsure = Answers({one: replace(found, question=one, confidence=0.6), other: replace(found, confidence=confidence)})
    (answer,) = consult(unsure, Model(other), one)
    assert answer.question == (other if taken else one)


def test_a_sure_answer_is_not_searched_again(library: PolicyLibrary) -> None:
    question = "社区服务设施水电气执行什么价格"
    model = Model()
    assert consult(library, model, question) == [library.answer([question], SOURCES)]
    assert model.told == []


def test_one_message_asks_it_once(library: PolicyLibrary) -> None:
    model = Model("社区规模按多少户居民设置")
    first, second = consult(library, model, "社区划多大", "棋牌室归哪个管")
    assert first.answered
    assert not second.answered
    assert model.told == ["社区划多大"]


def test_the_tasks_of_a_unit_are_a_list_and_not_retold(library: PolicyLibrary) -> None:
    model = Model()
    (answer,) = consult(library, model, "县民政局管哪些任务")
    assert answer.kind is AnswerKind.UNIT
    assert model.told == []


def test_a_question_is_answered_from_the_documents_it_is_put_to(library: PolicyLibrary) -> None:
    """What the model added for one version of a document is no answer from another."""
    asked = Consultation(library)
    asked.answer(["社区划多大"], SOURCES)
    better = Consultant(Model("社区规模按多少户居民设置")).consult(asked)
    assert better.answer(["社区划多大"], SOURCES).answered
    assert not better.answer(["社区划多大"], [Source(2, shipped_text())]).answered


def test_an_answer_with_another_summary_cannot_be_made() -> None:
    document = shipped_document()
    quote = Quote("3.3.2", "城乡社区服务设施水、电、气执行居民合表用户价格政策。")
    with pytest.raises(ValueError, match="not what the quotes say"):
        PolicyAnswer(True, ("3.3.2",), (), (quote,), AnswerKind.CLAUSE, document, "水电气", 1.0, summary="水电气全免")


@pytest.mark.parametrize(
    ("question", "rephrased", "same"),
    [
        ("网格员干啥", "网格员的职责是什么", True),
        ("扯皮找哪个", "矛盾纠纷由谁负责", True),
        ("摄像头归哪个管", "公共安全视频监控由哪个部门负责", True),
        ("垃圾咋个弄", "生活垃圾分类如何处理", True),
        ("低保标准是多少", "注册志愿者比例是多少", False),
        ("成都的社区用房标准", "社区用房标准", False),
        ("社区用房标准", "成都的社区用房标准", False),
        ("2035年志愿者要占多少", "2020年志愿者要占多少", False),
        ("三百户的院子能不能设社区", "两百户的院子能不能设社区", False),
        ("三百户的院子能不能设社区", "300户的院子可以设社区吗", True),
        ("志愿者归哪个管", "志愿者要达到多少", False),
        ("网格员的电话是多少", "网格员有多少", False),
        ("网格员干啥", "", False),
    ],
)
def test_what_asks_the_same(question: str, rephrased: str, same: bool) -> None:
    assert asks_the_same(question, rephrased) is same
