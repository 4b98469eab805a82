"""Answers quote the document word for word, name the units as printed, and refuse what it does not say."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.policy.answer import AnswerKind, PolicyAnswer, answer
from nlu.policy.clauses import Status
from nlu.policy.document import parse
from nlu.policy.questions import shipped_questions
from nlu.policy.quotes import Quote
from nlu.policy.search import PolicySearch, shipped_document, shipped_search
from tests.nlu.policy.documents import NOTICE, REGULATION

TALKS = yaml.safe_load((Path(__file__).parent / "follow_ups.yml").read_text(encoding="utf-8"))
A19 = ("县民政局", "县生态环境局", "县住房和城乡建设局", "县农业农村局", "县综合行政执法局")


def ask(*turns: str) -> PolicyAnswer:
    return answer(turns, shipped_search())


def assert_verbatim(given_answer: PolicyAnswer) -> None:
    assert given_answer.answered == bool(given_answer.quotes) == bool(given_answer.clauses)
    for clause_id, text in given_answer.quotes:
        clause = given_answer.document.clause(clause_id)
        assert clause is not None
        assert text
        assert text in clause.text
        assert clause_id in given_answer.clauses


def test_a_figure_is_quoted_with_its_sentence() -> None:
    reply = ask("注册志愿者要达到多少比例")
    assert reply.clauses[0] == "3.1.4"
    assert "13%" in reply.quotes[0].text
    assert len(reply.quotes[0].text) < 80


def test_who_is_responsible_names_the_units_of_the_row() -> None:
    reply = ask("垃圾分类归哪个部门管")
    assert reply.kind is AnswerKind.DEPARTMENT
    assert reply.departments == A19
    assert reply.clauses == ("A19", "3.3.1")


def test_what_the_document_does_not_say_is_refused() -> None:
    reply = ask("低保标准是多少")
    assert (reply.answered, reply.clauses, reply.quotes, reply.kind) == (False, (), (), AnswerKind.REFUSED)


def test_the_threshold_decides_but_not_on_what_a_rule_answers() -> None:
    def answered(question: str, refuse_below: float) -> bool:
        return answer([question], shipped_search(), refuse_below).answered

    sure = ask("注册志愿者要达到多少比例").confidence
    assert answered("注册志愿者要达到多少比例", sure)
    assert not answered("注册志愿者要达到多少比例", sure + 1e-9)
    assert answered("低保标准是多少", 0.0)
    assert answered("3.2.4讲了什么", 2.0)
    assert not answer(["第九十九条讲了什么"], PolicySearch([parse(REGULATION)]), 0.0).answered


@pytest.mark.parametrize(
    "question",
    [
        "成都注册志愿者要达到多少比例",
        "2030年志愿者要达到多少比例",
        "民政局电话好多",
        "社区书记一个月拿好多钱",
        "派出所几点上班",
        "县水利局管哪些任务",
        "省委的文件对网格员是怎么规定的",
    ],
)
def test_near_misses_are_refused(question: str) -> None:
    assert not ask(question).answered


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("县财政局负责哪些任务", ("A4", "A7", "A9", "A21", "A24")),
        ("政法委管啥子", ("A14", "A16")),
        ("公安局和政法委一起负责什么", ("A16",)),
        ("住建局有哪些任务", ("A19", "A21")),
        ("文林镇在分工里头要做些啥", ("A6", "A21")),
    ],
)
def test_by_unit_all_its_rows_are_listed(question: str, rows: tuple[str, ...]) -> None:
    reply = ask(question)
    assert reply.kind is AnswerKind.UNIT
    assert reply.clauses == rows
    assert_verbatim(reply)


def test_a_unit_named_in_a_question_about_a_task() -> None:
    assert ask("垃圾分类是不是民政局在管").departments == A19


def test_of_a_task_that_no_row_names_the_text_may_say_who_but_no_unit() -> None:
    reply = ask("业委会由谁来指导")
    assert (reply.kind, reply.clauses[0], reply.departments) == (AnswerKind.CLAUSE, "3.3.4", ())
    assert not ask("物业归哪个部门管").answered


def test_the_row_that_repeats_the_sentence_comes_with_it() -> None:
    reply = ask("社区监控要联网不")
    assert reply.clauses == ("3.2.5", "A16")
    assert reply.departments == ("县委政法委", "县发展和改革局", "县公安局")


@pytest.mark.parametrize(
    ("question", "clause_id"),
    [
        ("附件第14项是啥", "A14"),
        ("3.2.4讲的啥子", "3.2.4"),
        ("三（二）4说了什么", "3.2.4"),
        ("第三部分第二点第四条", "3.2.4"),
    ],
)
def test_a_clause_can_be_asked_for_by_its_number(question: str, clause_id: str) -> None:
    assert ask(question).clauses == (clause_id,)


def test_articles_by_number() -> None:
    search = PolicySearch([parse(REGULATION)])
    assert answer(["第五条怎么规定的"], search).clauses == ("5",)
    assert not answer(["第八十条怎么规定的"], search).answered


def test_an_item_is_quoted_with_the_line_that_introduces_it() -> None:
    search = PolicySearch([parse(REGULATION)])
    reply = answer(["申请地块要不要种植承诺书"], search)
    assert reply.clauses[0] == "4"
    assert [quote.text for quote in reply.quotes] == [parse(REGULATION).clauses[3].text]


def test_units_in_brackets_answer_who_is_responsible() -> None:
    reply = answer(["巡山是哪个单位负责"], PolicySearch([parse(NOTICE)]))
    assert reply.departments == ("镇应急办",)


@pytest.mark.parametrize("question", ["租金多少钱一个月", "离婚怎么办手续", "主任电话多少"])
def test_documents_without_questions_refuse_too(question: str) -> None:
    assert not answer([question], PolicySearch([parse(REGULATION)])).answered


def fits(talk: dict[str, list[str]]) -> bool:
    reply = ask(*talk["turns"])
    assert_verbatim(reply)
    if not talk["clauses"]:
        return not reply.answered
    right = bool(reply.clauses) and reply.clauses[0] in talk["clauses"]
    return right and list(reply.departments) == talk.get("units", list(reply.departments))


def test_follow_ups_are_about_what_was_asked_before() -> None:
    wrong = [talk["turns"] for talk in TALKS if not fits(talk)]
    assert len(wrong) <= 2, wrong


def test_another_case_is_put_to_the_subject_and_not_to_what_was_asked_of_it() -> None:
    reply = answer(["社区用房要建多少平方米", "规划漏了呢"], shipped_search())
    assert "社区用房" in reply.question
    assert "多少" not in reply.question


def test_a_new_subject_leaves_the_old_one() -> None:
    assert ask("垃圾分类归哪个部门管", "注册志愿者要达到多少比例").clauses[0] == "3.1.4"


def test_a_remark_between_two_questions_is_no_subject() -> None:
    assert ask("网格化服务谁牵头", "我在听，刚才没信号", "哪些单位负责").departments == ("县委政法委",)


def test_what_a_correction_denies_is_left_out() -> None:
    reply = ask("社区书记述职考核怎么弄", "不是书记述职，我问的是各部门还能不能单独考核社区")
    assert reply.clauses[0] == "3.3.3"
    assert "述职" not in reply.question


def test_the_unit_guessed_at_is_not_the_answer() -> None:
    assert ask("垃圾分类怎么搞", "是公安局一家管还是几家一起管").departments == A19


def test_an_invented_quote_cannot_be_answered_with() -> None:
    with pytest.raises(ValueError, match="not word for word"):
        PolicyAnswer(True, ("2",), (), (Quote("2", "到2021年"),), AnswerKind.CLAUSE, shipped_document(), "", 1.0)


def test_without_a_turn_there_is_no_answer() -> None:
    with pytest.raises(ValueError, match="no question"):
        answer([], shipped_search())


@pytest.mark.parametrize("text", ["", "？？", "啊", "😀", "12345", "社区咋办", "x" * 5000])
def test_what_asks_nothing_is_refused(text: str) -> None:
    assert not ask(text).answered


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_every_quote_is_verbatim_over_all_training_questions(part: int) -> None:
    questions = shipped_questions()
    texts = [question for _, question in questions.answered] + list(questions.unanswerable)
    for text in texts[part::8]:
        assert_verbatim(ask(text))


_WORDS = [
    "志愿者",
    "多少",
    "归哪个部门管",
    "农村",
    "社区",
    "公安局",
    "怎么",
    "垃圾分类",
    "第3条",
    "附件第2项",
    "？",
    "那",
    "呢",
    "2020年",
    "业委会",
]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=5).map("".join), min_size=1, max_size=3))
def test_every_quote_is_verbatim_whatever_is_asked(turns: list[str]) -> None:
    assert_verbatim(ask(*turns))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_answered_or_refused(text: str) -> None:
    assert_verbatim(ask(text))


def test_a_question_is_answered_quickly() -> None:
    questions = [question for _, question in shipped_questions().answered[::40]]
    spent = []
    for question in questions:
        start = time.perf_counter()
        ask(question)
        spent.append(time.perf_counter() - start)
    # The aim is 30 ms on an idle machine; the median of a shared one may be several times that.
    assert statistics.median(spent) < 0.1


def test_a_repealed_document_is_told_only_where_no_other_says_anything() -> None:
    old = replace(parse(REGULATION), status=Status.REPEALED)
    alone = "在菜园里头搭棚棚要罚好多钱"
    reply = answer([alone], PolicySearch([old, shipped_document()], shipped_questions()))
    assert reply.document.status is Status.REPEALED
    new = replace(parse(REGULATION), title="清溪县社区菜园管理规定")
    assert answer([alone], PolicySearch([old, new])).document is new
    named = f"{old.title}里{alone}"
    assert answer([named], PolicySearch([old, new])).document is old


@pytest.mark.parametrize("question", ["第三条之一讲了什么", "第3条之1讲了什么", "3-1讲了什么", "第3-1条讲了什么"])
def test_an_article_that_was_put_in_later_is_no_range(question: str) -> None:
    text = "\n".join(
        ["社区花园管理办法", "第一条 甲。", "第二条 乙。", "第三条 丙。", "第三条之一 花园里不得停车。", "第四条 丁。"]
    )
    search = PolicySearch([parse(text)])
    assert answer([question], search).clauses == ("3-1",)
    assert answer(["第3-4条讲了什么"], search).clauses != ("3-1",)
