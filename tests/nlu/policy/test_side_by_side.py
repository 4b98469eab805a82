"""Of several documents the right one answers, however short the others are, and none where none does."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from nlu.policy.answer import PolicyAnswer, answer
from nlu.policy.document import parse
from nlu.policy.questions import shipped_questions
from nlu.policy.search import PolicySearch, shipped_document
from tests.nlu.policy.documents import COMPACT, NOTICE, REGULATION

TESTS = Path(__file__).parents[2]
QUESTIONS = yaml.safe_load((TESTS / "development" / "side_by_side.yml").read_text(encoding="utf-8"))
LAWS = {
    "noise": "noise-pollution-law-2021",
    "mediation": "people-mediation-law-2010",
    "property": "property-management-regulations-2018",
    "committee": "urban-residents-committees-law-2018",
    "volunteer": "volunteer-service-regulations-2017",
}
# A third of the questions is enough to notice what breaks.
ASKED = QUESTIONS[::3]


@lru_cache(maxsize=1)
def nine_documents() -> tuple[PolicySearch, dict[str, str]]:
    """The search over them, and what the questions call each by its title."""
    laws = {
        name: (TESTS / "evaluation" / "laws" / f"{file}.txt").read_text(encoding="utf-8") for name, file in LAWS.items()
    }
    texts = {**laws, "notice": NOTICE, "compact": COMPACT, "garden": REGULATION}
    documents = {"policy": shipped_document(), **{name: parse(text) for name, text in texts.items()}}
    search = PolicySearch(list(documents.values()), shipped_questions())
    return search, {document.title: name for name, document in documents.items()}


def asked(question: str) -> tuple[PolicyAnswer, str]:
    """The answer, and what its document is called."""
    search, names = nine_documents()
    found = answer([question], search)
    return found, names[found.document.title]


def test_the_right_one_of_nine_documents_comes_first() -> None:
    answerable = [each for each in ASKED if each["documents"]]
    wrong = [each["q"] for each in answerable if asked(each["q"])[1] not in each["documents"]]
    assert len(answerable) > 35
    assert len(wrong) <= 2, wrong


def test_the_right_one_of_nine_documents_answers() -> None:
    answerable = [each for each in ASKED if each["documents"]]
    refused = [each["q"] for each in answerable if not asked(each["q"])[0].answered]
    assert len(refused) <= 0.2 * len(answerable), refused


def test_nine_documents_answer_no_more_than_they_say() -> None:
    unanswerable = [each for each in ASKED if not each["documents"]]
    answered = [each["q"] for each in unanswerable if asked(each["q"])[0].answered]
    assert len(unanswerable) >= 10
    assert len(answered) <= 1, answered


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("社区菜园可以搭棚子吗", "garden"),
        ("社区议事会有没得这个说法", "policy"),
        ("农村一个社区按好多户来设", "policy"),
    ],
)
def test_a_manner_of_asking_speaks_for_no_document(question: str, name: str) -> None:
    assert asked(question)[1] == name


def test_a_compact_does_not_win_by_being_short() -> None:
    search = PolicySearch([shipped_document(), parse(REGULATION), parse(COMPACT)], shipped_questions())
    found = answer(["社区菜园可以搭棚子吗"], search)
    assert found.document.title == "清溪县社区菜园管理办法"
