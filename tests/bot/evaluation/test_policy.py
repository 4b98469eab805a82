"""What is measured of answers from policy documents, from single questions to the command."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from bot.evaluation.figures import figures_of_policy
from bot.evaluation.intents import Share
from bot.evaluation.mistakes import mistakes
from bot.evaluation.page import policy_page
from bot.evaluation.questions import Question, read_questions
from bot.evaluation.scores import PolicyScore, score
from bot.evaluation.tables import policy_tables
from bot.evaluation.trials import Gridbot, PlainBm25
from bot.schema import SetUpError
from nlu.policy.answer import answer
from nlu.policy.quotes import Quote
from nlu.policy.refusal import REFUSE_BELOW
from nlu.policy.search import shipped_search
from tests.bot.evaluation.policy_samples import FIRE, GARDEN, TRIALS, policy_report, trial, write_policy_set
from tests.bot.evaluation.test_command import gridbot

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 4, 15, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def fared() -> PolicyScore:
    return score(TRIALS)


def question(*turns: str, clauses: tuple[str, ...] = ("5",)) -> Question:
    return Question(turns=turns, clauses=clauses)


def test_what_is_found_first_counts_whether_or_not_it_is_answered(fared: PolicyScore) -> None:
    # 好久开始实行 finds nothing right, 搭棚棚 and 烧枯枝 find it in the second place.
    assert (fared.first, fared.among_three) == (Share(3, 6), Share(5, 6))
    refused = trial("一家人最多种多大的地", "5")
    assert score([refused]).first == Share(1, 1)


def test_answers_and_refusals(fared: PolicyScore) -> None:
    assert (fared.answered, fared.refused) == (Share(5, 6), Share(2, 3))


def test_a_wrong_answer_quotes_no_right_clause(fared: PolicyScore) -> None:
    assert fared.wrong == Share(1, 5)
    assert fared.right == Share(4, 6), "the answer to an unanswerable question is not right either"


def test_follow_ups_are_counted_by_themselves(fared: PolicyScore) -> None:
    assert fared.follow_ups == Share(1, 2)


def test_units_are_exact_in_any_order_and_without_the_closing_etc(fared: PolicyScore) -> None:
    assert fared.units == Share(1, 2)


def test_a_quote_that_is_not_in_its_clause_is_seen() -> None:
    made_up = replace(TRIALS[0], quotes=(Quote("5", "每户不得超过十二平方米"), Quote("99", "无")))
    assert score([*TRIALS[:1], made_up]).verbatim == Share(1, 3)


def test_pairs_that_the_confidence_tells_apart(fared: PolicyScore) -> None:
    # Unanswerable: 0.4, 0.6 and, as it is never answered, 0; answerable: 0.9, 0.8, 0.8, 0.3, 0.5 and 0.5.
    assert fared.told_apart == Share(3 + 3 + 3 + 1 + 2 + 2, 18)


def test_the_curve_has_a_point_for_each_confidence(fared: PolicyScore) -> None:
    assert [(point.confidence, point.answered, point.right) for point in fared.curve] == [
        (0.9, Share(1, 6), Share(1, 1)),
        (0.8, Share(3, 6), Share(2, 3)),
        (0.6, Share(3, 6), Share(2, 4)),
        (0.5, Share(5, 6), Share(4, 6)),
        (0.4, Share(5, 6), Share(4, 7)),
        (0.3, Share(6, 6), Share(4, 8)),
    ]


def test_every_share_that_is_not_whole_has_its_list_of_mistakes(fared: PolicyScore) -> None:
    assert [(way.what, len(way.rows)) for way in fared.mistakes] == [
        ("Answered without a right clause", fared.wrong.hits),
        ("Refused, though the document answers", fared.answered.of - fared.answered.hits),
        ("Answered, though the document does not", fared.refused.of - fared.refused.hits),
        ("Other units than those responsible", fared.units.of - fared.units.hits),
        ("Follow-ups not answered right", fared.follow_ups.of - fared.follow_ups.hits),
        ("Another clause found first", fared.first.of - fared.first.hits),
    ]


def test_a_mistake_says_what_was_answered_or_found() -> None:
    (wrong,), (refused,), (too_bold,), (units,), (follow_up,), _ = (way.rows for way in mistakes(TRIALS))
    assert (wrong.text, wrong.expected) == ("在<菜园>里头烧枯枝", "6")
    assert wrong.read.startswith("5「每户申请的地块不得超过十平方米") and wrong.read.endswith("(found: 5, 6, 7)")
    assert refused.read == "refused (found: 5, 6, 7)"
    assert too_bold.expected == "a refusal"
    assert units.expected == "3 县甲局" and "」 县甲局、县乙局 (found" in units.read
    assert follow_up.text == "菜园归哪个管 → 那电话呢"


def test_mistakes_name_the_document_where_there_are_several() -> None:
    rows = mistakes([trial("护林员要交啥", "3", of=FIRE), TRIALS[3]])[1].rows
    assert [row.expected for row in rows] == [f"《{FIRE.title}》 3", f"《{GARDEN.title}》 8"]


@pytest.mark.parametrize(
    ("asked", "confidence"),
    [
        ("3.2.4讲了什么", 1.0),
        ("县财政局负责哪些任务", 1.0),
        ("嗯嗯", None),
    ],
)
def test_what_a_rule_decides_hangs_on_no_threshold(asked: str, confidence: float | None) -> None:
    assert Gridbot(shipped_search()).ask(question(asked)).confidence == confidence


@pytest.mark.parametrize("asked", ["注册志愿者要达到多少比例", "低保标准是多少", "公厕改造有没得规定", "哪天发低保金"])
def test_the_confidence_is_the_threshold_down_to_which_it_is_answered(asked: str) -> None:
    made = Gridbot(shipped_search()).ask(question(asked))
    assert made.confidence is not None
    assert made.answered == (made.confidence >= REFUSE_BELOW)
    assert made.answered == bool(made.quotes)
    assert made.ms > 0


def test_a_refused_question_tells_whether_its_answer_would_have_been_right() -> None:
    quoted = answer(["低保标准是多少"], shipped_search(), refuse_below=0.0).quotes[0].clause_id
    for clause, right in ((quoted, True), ("99", False)):
        made = Gridbot(shipped_search()).ask(question("低保标准是多少", clauses=(clause,)))
        assert (made.answered, made.right, made.would_be_right) == (False, False, right)


def test_a_follow_up_is_searched_for_as_it_was_understood() -> None:
    made = Gridbot(shipped_search()).ask(question("垃圾分类怎么规定的", "那归哪个管？", clauses=("A19", "3.3.1")))
    assert made.first_right and made.right


def test_the_baseline_answers_everything_with_its_first_clause() -> None:
    baseline = PlainBm25(GARDEN)
    made = baseline.ask(question("菜园内能不能焚烧枯枝", clauses=("6",)))
    assert made.found[0] == "6" and len(made.found) == 3
    assert made.quotes == (Quote("6", GARDEN.clauses[5].text),)
    assert made.right and made.would_be_right
    assert baseline.ask(question("今天股市咋样")).answered


def test_the_baseline_hears_all_turns_of_a_talk() -> None:
    assert PlainBm25(GARDEN).ask(question("焚烧枯枝", "那可以吗", clauses=("6",))).first_right


def test_figures_stand_beside_their_targets() -> None:
    figures = {figure.name: figure for figure in figures_of_policy(policy_report().systems[0])}
    assert figures["a right clause first"].measured == Share(3, 6)
    assert figures["a right clause first"].holds is False
    assert figures["quotes verbatim"].holds is True
    assert (figures["time for a question, median"].shown, figures["time for a question, median"].target) == (
        "2.0 ms",
        "≤ 30 ms",
    )
    assert figures["read on the spot: right clause first"].counted == "3 of 7"


def test_tables_put_the_baseline_beside_and_cut_no_answer_short() -> None:
    console = Console(width=100, record=True, file=StringIO())
    console.print(*policy_tables(policy_report()), sep="\n")
    shown = console.export_text()
    assert re.search(r"figure +┃ +gridbot ┃ +baseline ┃ +target", shown)
    assert re.search(r"unanswerable questions refused +│ +2 of 3 +66\.7 % │ +- │ +≥ 92 %", shown)
    assert "Answered without a right clause (1, the shipped document)" in shown
    assert "Refused, though the document answers (2, read on the spot)" in shown
    assert "…" not in shown


def test_the_page_holds_figures_mistakes_and_a_picture_of_each_kind_of_document() -> None:
    shown = policy_page(policy_report(), "a small set", NOON)
    assert "23 questions of a small set" in re.sub(r"\s+", " ", shown)
    pictures = re.findall(r'<svg class="trade-off".*?</svg>', shown, re.DOTALL)
    assert [picture.count("<polyline") for picture in pictures] == [2, 2]
    assert "<title>gridbot: 5 of 6 answered, 4 of 6 answers right</title>" in pictures[0]
    # The threshold that stands, 0.5, is a point of the curve: 5 of 6 of 520 across, 2 of 6 of 300 down.
    assert 'points="86.7,0.0 260.0,100.0 260.0,150.0 433.3,100.0 ' in pictures[0]
    assert 'class="measured" cx="433.3" cy="100.0"' in pictures[0]
    assert "&lt;菜园&gt;" in shown and "<菜园>" not in shown
    assert not re.search(r"(src|href)=[\"'](?!#)|@import|url\(|<script", shown)


def test_the_command_measures_both_systems_on_all_documents(tmp_path: Path) -> None:
    folder = write_policy_set(tmp_path)
    report = json.loads(gridbot("evaluate", "policy", "--json", "--set", folder, "--html", folder / "page.html"))
    ours, baseline = report["systems"]
    assert (ours["name"], baseline["name"]) == ("gridbot", "BM25, characters")
    assert ours["shipped"]["answered"] == baseline["shipped"]["answered"] == {"hits": 2, "of": 2}
    assert ours["shipped"]["units"] == {"hits": 1, "of": 1}
    assert ours["shipped"]["refused"]["of"] == 1
    assert ours["on_the_spot"]["asked"] == 3
    assert [(document["title"], document["first"]["of"]) for document in ours["by_document"]] == [
        (GARDEN.title, 1),
        (FIRE.title, 1),
    ]
    assert next(figure for figure in ours["figures"] if figure["name"] == "quotes verbatim")["holds"] is True
    assert (folder / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_laws_may_be_left_out(tmp_path: Path) -> None:
    folder = write_policy_set(tmp_path)
    (folder / "laws.yml").unlink()
    shown = gridbot("evaluate", "policy", "--set", folder)
    assert "a right clause first" in shown
    assert "read on the spot" not in shown


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("policy", "[]", "holds no questions"),
        ("policy", "- {q: 谁管, clauses: ['1'], turns: [谁管, 那呢]}", r"0\.turns: "),
        ("policy", "- {q: 谁管}", "needs either clauses or answered: false"),
        ("policy", "- {q: 谁管, clauses: ['1'], answered: false}", "needs either clauses or answered: false"),
        ("policy", "- {turns: [], clauses: ['1']}", r"0\.\w+: "),
        ("laws", "- {q: 谁管, clauses: ['1']}", r"0\.document: "),
    ],
)
def test_broken_questions_are_refused(tmp_path: Path, name: str, content: str, problem: str) -> None:
    folder = write_policy_set(tmp_path)
    (folder / f"{name}.yml").write_text(content, encoding="utf-8")
    with pytest.raises(SetUpError, match=rf"{name}\.yml.*{problem}"):
        read_questions(folder)


def test_a_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    folder = write_policy_set(tmp_path)
    (folder / "laws" / "fire.txt").unlink()
    with pytest.raises(SetUpError, match=r"laws/fire\.txt"):
        gridbot("evaluate", "policy", "--set", folder)
