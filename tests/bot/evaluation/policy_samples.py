"""A few questions on an invented regulation, and how each of them fared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.evaluation.policy_report import DocumentScore, PolicyReport, SystemReport
from bot.evaluation.questions import Question
from bot.evaluation.scores import score
from bot.evaluation.trials import Trial
from nlu.policy.document import parse
from nlu.policy.quotes import Quote
from tests.nlu.policy.documents import NOTICE, REGULATION

if TYPE_CHECKING:
    from pathlib import Path

    from nlu.policy.clauses import Document

POLICY = """
- {q: 注册志愿者要达到多少比例, clauses: ["3.1.4"]}
- q: 垃圾分类归哪个部门管
  clauses: [A19]
  departments: [县民政局, 县生态环境局, 县住房和城乡建设局, 县农业农村局, 县综合行政执法局]
- {turns: [垃圾分类归哪个部门管, 那注册志愿者要达到多少比例], clauses: ["3.1.4"]}
- {q: 民政局电话好多, answered: false}
"""
LAWS = """
- {document: laws/garden.txt, q: 在菜园里头搭棚棚要罚好多钱, clauses: ["7"]}
- {document: laws/garden.txt, q: 广场舞几点必须停, answered: false}
- {document: laws/fire.txt, q: 报名当临时护林员要交什么材料, clauses: ["3"]}
"""
GARDEN, FIRE = parse(REGULATION), parse(NOTICE)


def write_policy_set(folder: Path) -> Path:
    """Write questions on the shipped document, and on two that are read on the spot."""
    (folder / "policy.yml").write_text(POLICY, encoding="utf-8")
    (folder / "laws.yml").write_text(LAWS, encoding="utf-8")
    (folder / "laws").mkdir()
    (folder / "laws" / "garden.txt").write_text(REGULATION, encoding="utf-8")
    (folder / "laws" / "fire.txt").write_text(NOTICE, encoding="utf-8")
    return folder


def trial(
    said: str | list[str],
    right: str = "",
    *,
    found: str = "5 6 7",
    quoted: str = "",
    of: Document = GARDEN,
    asks_for: tuple[str, ...] = (),
    **about: Any,
) -> Trial:
    """What became of a question that the clauses `right` answer: the clauses quoted, each whole, or a refusal."""
    clauses = tuple(right.split())
    question = Question.model_validate(
        {"turns": said, "clauses": clauses, "departments": asks_for, "answered": bool(clauses)}, by_name=True
    )
    quotes = tuple(Quote(clause.id, clause.text) for clause in of.clauses if clause.id in quoted.split())
    given: dict[str, Any] = {"answered": bool(quotes), "quotes": quotes, "units": (), "confidence": 0.5, "ms": 2.0}
    would_be_right = bool(set(clauses) & set((quoted or found[:1]).split()))
    return Trial(question, of, tuple(found.split()), **({**given, "would_be_right": would_be_right} | about))


TRIALS = (
    trial("一家人最多种多大的地", "5", quoted="5", confidence=0.9),
    trial("在<菜园>里头烧枯枝", "6", quoted="5", confidence=0.8),
    trial("搭棚棚要罚好多钱", "7", found="6 7 5", quoted="7", confidence=0.8),
    trial("好久开始实行", "8", confidence=0.3),
    trial("哪年修的", confidence=0.4),
    trial("电话好多", quoted="6", confidence=0.6),
    trial("第九十九条讲啥", confidence=None),
    trial(["菜园归哪个管", "那罚款呢"], "7", found="7 3 1", quoted="7"),
    trial(["菜园归哪个管", "那电话呢"], quoted="3"),
    trial("哪个单位来管", "3", found="3 1 2", quoted="3", asks_for=("县甲局", "县乙局"), units=("县乙局", "县甲局等")),
    trial("哪个单位牵头", "3", found="3 1 2", quoted="3", asks_for=("县甲局",), units=("县甲局", "县乙局")),
)


def policy_report() -> PolicyReport:
    """The report on these questions, the same ones of two documents that were read on the spot, and a baseline."""
    on_the_spot = score([*TRIALS, trial("护林员要交啥", "3", of=FIRE, found="1 2 3")])
    by_document = tuple(
        DocumentScore(document.title, on_the_spot.first, on_the_spot.answered, on_the_spot.wrong, on_the_spot.refused)
        for document in (GARDEN, FIRE)
    )
    return PolicyReport(
        (
            SystemReport("gridbot", score(TRIALS), on_the_spot, by_document),
            SystemReport("baseline", score(TRIALS[:3]), score(TRIALS[:3]), ()),
        )
    )
