"""A question that names too little is asked back about; one that is refused may be offered what stands nearby."""

from __future__ import annotations

import pytest

from nlu.policy.answer import AnswerKind, answer
from nlu.policy.document import parse
from nlu.policy.nearby import MOST_SUBJECTS
from nlu.policy.search import PolicySearch, shipped_search
from tests.nlu.policy.documents import REGULATION


@pytest.mark.parametrize("question", ["社区咋办", "治理", "讲讲", "社区", "那归哪个管", "全文"])
def test_what_names_only_what_all_is_about_is_too_vague(question: str) -> None:
    found = answer([question], shipped_search())
    assert (found.kind, found.answered) == (AnswerKind.VAGUE, False)
    assert len(set(found.near)) == MOST_SUBJECTS
    for clause_id in found.near:
        clause = found.document.clause(clause_id)
        assert clause is not None
        assert clause.heading


@pytest.mark.parametrize("question", ["物业", "志愿者", "社区几点上班", "社区服务怎么提供", "社区书记是哪个", "12345"])
def test_what_names_or_asks_a_certain_thing_is_not(question: str) -> None:
    assert answer([question], shipped_search()).kind is not AnswerKind.VAGUE


def test_too_vague_a_turn_does_not_lean_on_the_one_before() -> None:
    assert answer(["注册志愿者要达到多少比例", "社区咋办"], shipped_search()).kind is AnswerKind.VAGUE
    assert answer(["农村社区要几个社会组织", "那城市呢"], shipped_search()).clauses[0] == "3.1.4"


@pytest.mark.parametrize(
    ("question", "near"),
    [
        ("成都的注册志愿者要达到多少比例", ("3.1.4",)),
        ("物业归哪个部门管", ("3.3.4",)),
        ("志愿者归哪个部门管", ("3.1.4",)),
        ("棚户区改造由哪个单位负责", ("3.3.1",)),
        ("低保标准是多少", ()),
        ("今天股市咋样", ()),
    ],
)
def test_what_is_refused_may_have_something_nearby(question: str, near: tuple[str, ...]) -> None:
    found = answer([question], shipped_search())
    assert (found.answered, found.near) == (False, near)


@pytest.mark.parametrize("before", ["第3.2.6条", "第3.2.6条归哪个管", "第3.2.6条全文"])
def test_what_follows_a_named_clause_is_about_it(before: str) -> None:
    assert answer([before, "那归哪个管"], shipped_search()).clauses == ("A17", "A18")
    whole = answer([before, "整条发给我看"], shipped_search())
    assert (whole.clauses, whole.whole) == (("3.2.6",), True)


@pytest.mark.parametrize("turn", ["全文", "整条发给我看", "把那一条全部发我"])
def test_the_whole_of_what_was_quoted(turn: str) -> None:
    found = answer(["注册志愿者要达到多少比例", turn], shipped_search())
    assert found.whole
    assert [quote.text for quote in found.quotes] == [found.document.clause("3.1.4").text]  # type: ignore[union-attr]


def test_the_whole_of_what_a_turn_names() -> None:
    found = answer(["注册志愿者要达到多少比例", "物业那条的全文"], shipped_search())
    assert (found.clauses, found.whole) == (("3.3.4",), True)
    article = answer(["第五条全文"], PolicySearch([parse(REGULATION)]))
    assert (article.clauses, article.whole) == (("5",), True)


def test_the_document_as_a_whole_is_no_clause() -> None:
    assert not answer(["文件全文发我"], shipped_search()).whole
