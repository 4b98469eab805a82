"""The right clauses are found by the document's own text, by training questions, and by what is meant."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from nlu.policy.document import parse
from nlu.policy.learned import LearnedArrays
from nlu.policy.meaning import Meanings
from nlu.policy.questions import QuestionSet, load_questions, shipped_questions
from nlu.policy.search import PolicySearch, shipped_document, shipped_search
from tests.nlu.policy.documents import COMPACT, NOTICE, REGULATION

if TYPE_CHECKING:
    from pathlib import Path


def ids(search: PolicySearch, question: str, limit: int = 5) -> list[str]:
    return [hit.clause.id for hit in search.search(question, limit)]


def test_hits_come_best_first_with_a_sentence_of_their_clause() -> None:
    hits = shipped_search().search("网格员要不要主动排查纠纷", limit=4)
    assert len(hits) == 4
    assert hits[0].clause.id == "3.2.4"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.sentence in hit.clause.text for hit in hits)
    assert "主动排查发现调处各类民事纠纷" in hits[0].sentence


@pytest.mark.parametrize(
    ("question", "clause_id"),
    [
        ("门口那个茅房又脏又臭到底改不改哦", "3.3.1"),
        ("小区头装天网探头 有没得这回事", "3.2.5"),
        ("隔壁两家人为了地界割孽 喊哪个来说和嘛", "3.2.4"),
        ("屋头只有老的和小的在家 社区咋个照应", "3.2.1"),
        ("社区公示栏外头挂起好多块牌牌哦 管不管", "3.3.3"),
        ("房开商不修社区办公室会咋个", "3.3.2"),
    ],
)
def test_questions_in_other_words_than_the_document(question: str, clause_id: str) -> None:
    assert ids(shipped_search(), question, 1) == [clause_id]


@pytest.mark.parametrize(
    ("text", "question", "clause_id"),
    [
        (REGULATION, "一家人最多可以种多大的地", "5"),
        (REGULATION, "在菜园里头搭棚棚要罚好多钱", "7"),
        (REGULATION, "想要块菜地该交些啥子材料", "4"),
        (REGULATION, "这个办法啥时候开始实行", "8"),
        (REGULATION, "社区菜园归哪个部门管", "3"),
        (NOTICE, "举报放火能得多少钱", "4.2"),
        (NOTICE, "护林员一天要巡几次山", "2.2"),
        (NOTICE, "防火期是哪几个月", "1"),
        (COMPACT, "办酒最多几桌", "4"),
        (COMPACT, "遛狗要拴绳子不", "3"),
    ],
)
def test_documents_without_training_questions(text: str, question: str, clause_id: str) -> None:
    search = PolicySearch([parse(text)])
    assert ids(search, question, 1) == [clause_id]


def test_a_clause_named_by_its_number_is_what_is_asked_about() -> None:
    assert ids(shipped_search(), "附件第十四行写的啥", 1) == ["A14"]


def test_several_documents_side_by_side() -> None:
    search = PolicySearch([shipped_document(), parse(REGULATION), parse(COMPACT)], shipped_questions())
    assert search.search("注册志愿者要达到多少比例")[0].document is shipped_document()
    assert search.search("社区菜园里能不能修棚屋")[0].document.title == "清溪县社区菜园管理办法"
    assert search.search("红岩村村规民约里酒席能办几桌")[0].document.title == "红岩村村规民约"


@pytest.mark.slow
def test_the_same_data_give_the_same_search() -> None:
    draft, questions = shipped_document(), shipped_questions()
    small = QuestionSet(questions.document, questions.answered[::4], questions.unanswerable[::4])
    first, second = PolicySearch([draft], small), PolicySearch([draft], small)
    for question in ["垃圾分类归哪个部门管", "低保标准是多少"]:
        assert first.search(question) == second.search(question)
        assert first.find(question)[1].answered == second.find(question)[1].answered


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("屋头没得人照看的老人和小孩", "完善农村“三留守”人员关爱服务机制。", "精简社区各类会议和工作台账。"),
        ("菜园里能不能搭个窝棚", "不得修建棚屋", "每户不超过三十平方米"),
    ],
)
def test_meanings_of_the_same_lie_closer(question: str, near: str, far: str) -> None:
    asked, same, other = Meanings(LearnedArrays()).of([question, near, far])
    assert asked @ same > asked @ other


def test_lasting_meanings_are_kept(tmp_path: Path) -> None:
    texts = ["村规民约", "垃圾分类"]
    learned = Meanings(LearnedArrays(tmp_path)).of_lasting(texts)
    assert len(list(tmp_path.glob("policy-*.npz"))) == 1
    np.testing.assert_array_equal(Meanings(LearnedArrays(tmp_path)).of_lasting(texts), learned)
    np.testing.assert_allclose(learned, Meanings(LearnedArrays()).of(texts), atol=1e-3)


def test_without_documents_there_is_nothing_to_search() -> None:
    with pytest.raises(ValueError, match="no document"):
        PolicySearch([]).search("你好")


def test_the_shipped_questions_are_enough_and_varied() -> None:
    questions = shipped_questions()
    counts = Counter(clause_id for clause_id, _ in questions.answered)
    assert set(counts) == {clause.id for clause in shipped_document().clauses}
    assert questions.document == shipped_document().title
    assert all(count >= (10 if clause_id.startswith("A") else 25) for clause_id, count in counts.items())
    assert len(questions.unanswerable) >= 150
    # Templates with nouns swapped would share their beginnings and their ends.
    texts = [question for _, question in questions.answered]
    assert max(Counter(text[:4] for text in texts).values()) < 0.02 * len(texts)
    assert len({text[-6:] for text in texts}) > 0.75 * len(texts)


@pytest.mark.parametrize(
    "content",
    [
        "clauses: []\nunanswerable: []\n",
        "document: 甲\nclauses:\n  - {clause: '1', questions: [问, 问]}\nunanswerable: []\n",
        "document: 甲\nclauses:\n  - {clause: '1', questions: [2020]}\nunanswerable: []\n",
    ],
)
def test_question_files_out_of_order_are_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "q.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"q\.yml"):
        load_questions(path)
