"""How well questions are answered that were not trained on: every question is held out once, models and all."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from nlu.policy.answer import AnswerKind, answer
from nlu.policy.questions import QuestionSet, shipped_questions
from nlu.policy.search import PolicySearch, shipped_document
from nlu.policy.tasks import is_annex, pair_tasks

FOLDS = 3


@dataclass
class Score:
    """What was counted over the held-out questions; each list holds one entry a question."""

    first: list[bool] = field(default_factory=list)
    among_three: list[bool] = field(default_factory=list)
    answered: list[bool] = field(default_factory=list)
    refused: list[bool] = field(default_factory=list)
    units: list[bool] = field(default_factory=list)


def same_task() -> dict[str, set[str]]:
    """For each clause those that answer its questions as well: the annex row of a clause's task, and the other way."""
    together = {clause.id: {clause.id} for clause in shipped_document().clauses}
    for row, body in pair_tasks(shipped_document()).items():
        together[row].add(body)
        together[body].add(row)
    return together


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def score() -> Score:
    draft, questions, together, score = shipped_document(), shipped_questions(), same_task(), Score()
    order = np.random.default_rng(7).permutation(len(questions.answered) + len(questions.unanswerable)) % FOLDS
    of_answered, of_none = order[: len(questions.answered)], order[len(questions.answered) :]
    for fold in range(FOLDS):
        kept = QuestionSet(
            questions.document,
            tuple(pair for pair, mine in zip(questions.answered, of_answered, strict=True) if mine != fold),
            tuple(text for text, mine in zip(questions.unanswerable, of_none, strict=True) if mine != fold),
        )
        search = PolicySearch([draft], kept)
        for (clause_id, text), mine in zip(questions.answered, of_answered, strict=True):
            if mine == fold:
                count(score, search, clause_id, text, together[clause_id])
        for text, mine in zip(questions.unanswerable, of_none, strict=True):
            if mine == fold:
                score.refused.append(not answer([text], search).answered)
    return score


def count(score: Score, search: PolicySearch, clause_id: str, text: str, right: set[str]) -> None:
    found = [hit.clause.id for hit in search.search(text, limit=3)]
    reply = answer([text], search)
    score.first.append(found[0] in right)
    score.among_three.append(bool(right & set(found)))
    score.answered.append(reply.answered)
    if is_annex(clause_id) and reply.answered and reply.kind is not AnswerKind.UNIT:
        clause = shipped_document().clause(clause_id)
        score.units.append(clause is not None and reply.departments == clause.departments)


@pytest.mark.parametrize(
    ("what", "floor"),
    [("first", 0.92), ("among_three", 0.985), ("answered", 0.92), ("refused", 0.91), ("units", 0.945)],
)
def test_held_out_questions(score: Score, what: str, floor: float) -> None:
    # The floors stand about two standard errors below what was measured.
    assert np.mean(getattr(score, what)) >= floor
