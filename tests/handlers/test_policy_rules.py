"""Rules about answers from the policy, as tables."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from handlers.policy import rules
from nlu.policy.answer import PolicyAnswer, answer
from nlu.policy.search import shipped_search
from nlu.times import SHANGHAI

NOW = datetime(2026, 4, 15, 10, 20, tzinfo=SHANGHAI)
VOLUNTEERS = "注册志愿者要达到多少比例"


def ask(*turns: str) -> PolicyAnswer:
    return answer(turns, shipped_search())


@pytest.mark.parametrize(
    ("printed", "today", "over"),
    [
        ("到2020年", date(2026, 4, 15), True),
        ("到2020年", date(2021, 1, 1), True),
        ("到2020年", date(2020, 12, 31), False),
        ("2026年4月", date(2026, 4, 30), False),
        ("2026年4月", date(2026, 5, 1), True),
        ("2023年5月1日", date(2023, 5, 2), True),
        ("2023年5月1日", date(2023, 5, 1), False),
        ("2023年13月", date(2026, 4, 15), False),
        ("5到10年", date(2026, 4, 15), False),
    ],
)
def test_which_dates_have_passed(printed: str, today: date, over: bool) -> None:
    assert rules.over([printed], today) == ((printed,) if over else ())


@pytest.mark.parametrize(("ago", "recent"), [(0, True), (15, True), (16, False)])
def test_how_long_a_question_is_leaned_on(ago: int, recent: bool) -> None:
    assert rules.is_recent(NOW - timedelta(minutes=ago), NOW) is recent


def test_three_questions_are_remembered() -> None:
    assert not rules.is_recent(None, NOW)
    assert rules.to_remember(["甲", "乙", "丙"], VOLUNTEERS, [ask(VOLUNTEERS)]) == ["乙", "丙", VOLUNTEERS]


def test_asking_for_the_whole_adds_no_question() -> None:
    assert rules.to_remember([VOLUNTEERS], "全文", [ask(VOLUNTEERS, "全文")]) == [VOLUNTEERS]


def test_each_of_two_questions_is_remembered() -> None:
    found = [ask(VOLUNTEERS), ask("垃圾分类归哪个管")]
    assert rules.to_remember([], "……", found) == [VOLUNTEERS, "垃圾分类归哪个管"]


@pytest.mark.parametrize(
    ("turns", "in_part"),
    [
        ([VOLUNTEERS], ("3.1.4",)),
        ([VOLUNTEERS, "全文"], ()),
        (["单位党建考核"], ("3.1.1", "3.1.4")),
        (["附件第14项"], ()),
        (["第3.1.1条"], ("3.1.1",)),
        (["县民政局管哪些"], ()),
    ],
)
def test_what_is_shown_in_part(turns: list[str], in_part: tuple[str, ...]) -> None:
    assert rules.shown_in_part(ask(*turns), rules.LONGEST_QUOTE) == in_part


def test_who_is_responsible_is_offered_where_the_annex_says_more_than_the_answer() -> None:
    assert rules.may_ask_who(ask(VOLUNTEERS))
    assert not rules.may_ask_who(ask("社区监控要联网不"))
    assert not rules.may_ask_who(ask("物业怎么管"))


def test_only_the_units_that_an_answer_names_are_shown() -> None:
    assert [clause.id for clause in rules.responsible_for(ask("社区监控要联网不"))] == ["A16"]
    assert [clause.id for clause in rules.responsible_for(ask("垃圾分类归哪个管"))] == ["A19"]
    assert rules.responsible_for(ask(VOLUNTEERS)) == ()
