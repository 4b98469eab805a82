"""Questions that ask the same in other words are counted together."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from nlu.policy.alike import groups_of

if TYPE_CHECKING:
    from collections.abc import Iterable

TABLE: list[list[str]] = yaml.safe_load((Path(__file__).parent / "alike_questions.yml").read_text(encoding="utf-8"))
QUESTIONS = [question for group in TABLE for question in group]


def pairs(groups: Iterable[list[str]]) -> set[frozenset[str]]:
    return {frozenset(pair) for group in groups for pair in combinations(group, 2)}


def test_most_pairs_are_found_and_most_of_those_found_are_right() -> None:
    found = pairs([QUESTIONS[place] for place in group] for group in groups_of(QUESTIONS))
    right = found & pairs(TABLE)
    assert len(right) / len(found) >= 0.85
    assert len(right) / len(pairs(TABLE)) >= 0.85


def test_every_question_is_in_one_group_and_the_first_comes_first() -> None:
    groups = groups_of(QUESTIONS)
    assert sorted(place for group in groups for place in group) == list(range(len(QUESTIONS)))
    assert [group[0] for group in groups] == sorted(min(group) for group in groups)


def test_the_same_subject_with_other_words_of_asking_is_one() -> None:
    assert groups_of(["低保标准是多少", "请问低保标准是好多", "网格员工资好多"]) == [[0, 1], [2]]


def test_nothing_but_words_of_asking_is_grouped_by_those() -> None:
    assert groups_of(["是多少", "怎么办", "是多少"]) == [[0, 2], [1]]
    assert groups_of([]) == []
