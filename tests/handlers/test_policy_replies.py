"""How answers from the policy are laid out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from handlers.policy import replies
from nlu.policy.answer import PolicyAnswer, answer
from nlu.policy.clauses import Status
from nlu.policy.document import parse
from nlu.policy.parts import answers
from nlu.policy.search import PolicySearch, shipped_search
from tests.nlu.policy.documents import REGULATION

TODAY = date(2026, 4, 15)
PRIVATE = replies.Setting(TODAY, "桂花社区的杨晓兰")
GROUP = replace(PRIVATE, in_group=True)
COMPACT = """桂花村村规民约

第一条 村民应当爱护环境。

第二条 村民在公共场所应当做到：不乱扔垃圾；不乱停车辆；不乱贴广告；夜间不大声喧哗；养狗的牵好绳子。

第三条 违反的，由村民委员会劝说。
"""


def ask(*turns: str) -> PolicyAnswer:
    return answer(turns, shipped_search())


def answers_to(*turns: str) -> tuple[PolicyAnswer, ...]:
    return answers(turns, lambda asked: answer(asked, shipped_search()), shipped_search().thesaurus)


@pytest.mark.parametrize(
    ("status", "remark"), [(Status.DRAFT, replies.DRAFT_REMARK), (Status.REPEALED, replies.REPEALED_REMARK)]
)
def test_how_binding_the_document_is_stands_below(status: Status, remark: str) -> None:
    found = ask("注册志愿者要达到多少比例")
    text = replies.answer([replace(found, document=replace(found.document, status=status))], PRIVATE).text
    assert text.endswith(f"——《{found.document.title}》\n{remark}")


def test_a_list_is_shown_as_a_list_of_what_is_printed() -> None:
    found = answer(["第二条全文"], PolicySearch([parse(COMPACT)]))
    text = replies.answer([found], PRIVATE).text
    assert "1. “村民在公共场所应当做到：不乱扔垃圾；”\n2. “不乱停车辆；”\n3. “不乱贴广告；”\n" in text


def test_items_keep_the_numbers_that_are_printed() -> None:
    text = replies.answer([answer(["第四条全文"], PolicySearch([parse(REGULATION)]))], PRIVATE).text
    assert "\n（一）居住证明；\n（二）种植承诺书。\n" in text


def test_units_of_a_row_beside_the_quote_stand_with_its_task() -> None:
    text = replies.answer([ask("社区监控要联网不")], PRIVATE).text
    assert "附件第16项（持续推进“雪亮”工程）的责任单位：县委政法委、县发展和改革局、县公安局" in text


def test_who_is_responsible_is_said_first() -> None:
    text = replies.answer([ask("垃圾分类归哪个管")], PRIVATE).text
    assert text.startswith(
        "责任单位：县民政局、县生态环境局、县住房和城乡建设局、县农业农村局、县综合行政执法局\n附件第19项："
    )


def test_two_answers_name_their_document_once() -> None:
    text = replies.answer(answers_to("志愿者要多少比例，垃圾分类归哪个管"), PRIVATE).text
    assert text.count("——《") == text.count(replies.DRAFT_REMARK) == 1


def test_a_group_is_told_less() -> None:
    found = ask("第3.1.1条")
    assert len(replies.answer([found], GROUP).text) < len(replies.answer([found], PRIVATE).text)


def test_a_refusal_says_whom_to_ask_and_quotes_nothing() -> None:
    reply = replies.answer([ask("物业归哪个部门管")], PRIVATE)
    assert "桂花社区的杨晓兰" in reply.text
    assert "12345" in reply.text
    assert "“" not in reply.text
    assert [choice.label for choice in reply.choices] == ["转人工", "改进社区物业管理"]
