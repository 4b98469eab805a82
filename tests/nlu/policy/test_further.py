"""「还有呢」 goes on with the clause, then with the rows of its tasks, and says when nothing is left."""

from __future__ import annotations

import pytest

from nlu.policy.answer import PolicyAnswer, answer
from nlu.policy.further import asks_more
from nlu.policy.search import shipped_search
from nlu.policy.terms import shipped_thesaurus


def ask(*turns: str) -> PolicyAnswer:
    return answer(turns, shipped_search())


@pytest.mark.parametrize(
    "turn",
    [
        "还有呢",
        "那还有哪些",
        "还有没得",
        "具体咋个做",
        "那具体咋个做嘛",
        "说详细点",
        "往下说",
        "继续",
        "嗯，还有呢",
        "具体有哪些措施",
    ],
)
def test_what_wants_only_more(turn: str) -> None:
    assert asks_more(turn, shipped_thesaurus())


@pytest.mark.parametrize(
    "turn",
    [
        "还有厕所革命说了没有",
        "还有哪些单位",
        "具体是哪些单位负责呢",
        "怎么申请",
        "那农村呢",
        "好多分",
        "咋办",
        "还有好多钱",
    ],
)
def test_what_asks_for_something(turn: str) -> None:
    assert not asks_more(turn, shipped_thesaurus())


def test_every_turn_says_something_new_until_nothing_is_left() -> None:
    turns = ["社区减负有哪些措施"]
    first = ask(*turns)
    said = [quote.text for quote in first.quotes]
    clause = first.document.clause(first.quotes[0].clause_id)
    assert clause is not None
    for _ in range(20):
        turns.append("还有呢")
        found = ask(*turns)
        assert found.answered
        if found.ended:
            break
        assert not {quote.text for quote in found.quotes} & set(said)
        said += [quote.text for quote in found.quotes]
    assert found.ended
    assert [quote.text for quote in found.quotes] == [clause.text]
    # All of the clause was said, and the rows of its tasks at last.
    assert sum(len(text) for text in said if text in clause.text) >= 0.95 * len(clause.text)
    assert found.document.clause("A22") is not None
    assert any(text == row.text for row in found.document.clauses if row.id == "A22" for text in said)


def test_thanks_in_between_do_not_count() -> None:
    assert ask("社区减负有哪些措施", "好的", "还有呢").quotes == ask("社区减负有哪些措施", "还有呢").quotes


def test_the_units_are_those_of_the_rows_that_are_shown() -> None:
    for turns in (["雪亮工程要搞联网吗"], ["注册志愿者要达到多少比例"]):
        found = ask(*turns, "还有呢")
        printed = [found.document.clause(quote.clause_id) for quote in found.quotes]
        assert set(found.departments) == {unit for clause in printed if clause for unit in clause.departments}


def test_nothing_goes_on_after_a_refusal() -> None:
    assert not ask("低保标准是多少", "还有呢").answered


def test_who_was_asked_for_is_asked_of_another_task_too() -> None:
    assert ask("村霸哪些部门查", "积分制呢").departments == ("县发展和改革局", "县民政局", "县人民银行")
