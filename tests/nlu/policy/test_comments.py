"""A comment belongs to the clause that it names, points at or speaks of; where that is not clear it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlu.policy.comments import Place, likeliest, places_meant
from nlu.policy.document import parse
from nlu.policy.search import PolicySearch, shipped_search
from tests.nlu.policy.documents import REGULATION

TABLE: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "comments.yml").read_text(encoding="utf-8"))
WHOLE = "whole"


def meant(comment: str, *quoted: str) -> list[str]:
    """The ids of the clauses of the shipped document that a comment may be about, after these were quoted."""
    document = shipped_search().indexes[0].document
    places = places_meant(comment, shipped_search(), [Place(document, document.clause(clause)) for clause in quoted])
    return [place.clause.id if place.clause is not None else WHOLE for place in places]


def test_most_comments_find_their_clause_and_few_a_wrong_one() -> None:
    found = [(clause, meant(comment)) for clause, comments in TABLE.items() for comment in comments]
    assert len(found) >= 50
    right = [places for clause, places in found if places == [clause]]
    wrong = [places for clause, places in found if len(places) == 1 and places != [clause]]
    assert len(right) >= 0.85 * len(found)
    assert len(wrong) <= 0.06 * len(found)


@pytest.mark.parametrize(
    ("comment", "clause"),
    [
        ("第3.2.6条我不同意", "3.2.6"),
        ("附件第14项写得不清楚", "A14"),
        ("对三（三）4有意见", "3.3.4"),
        ("整个文件都太长，积分也没写清楚", WHOLE),
        ("稿子写得好", WHOLE),
    ],
)
def test_what_is_named_is_meant_whatever_was_quoted(comment: str, clause: str) -> None:
    assert meant(comment, "3.1.4") == [clause]


@pytest.mark.parametrize("comment", ["这条我不同意", "这一条，社区根本做不到", "写得好", "太高了", "刚才那条要改"])
def test_what_points_back_or_names_nothing_is_about_what_was_quoted(comment: str) -> None:
    assert meant(comment, "3.1.4") == ["3.1.4"]
    assert meant(comment, "3.1.4", "3.2.1") == ["3.1.4", "3.2.1"]


@pytest.mark.parametrize("comment", ["物业这条太软了", "积分制这个要慎重"])
def test_a_subject_before_the_pointer_is_what_it_points_at(comment: str) -> None:
    assert meant(comment, "3.1.4") == meant(comment)


def test_nothing_is_guessed_where_nothing_is_said() -> None:
    assert meant("太高了") == []
    assert meant("反对") == []


def test_where_it_is_not_clear_a_few_are_offered() -> None:
    assert 2 <= len(meant("办白事莫一刀切，老规矩还是要尊重")) <= 3


def test_what_it_may_be_about_is_told_however_clear_it_is() -> None:
    search = shipped_search()
    places = likeliest("物业那条太软了", search)
    assert places[:1] == places_meant("物业那条太软了", search)
    assert 2 <= len(places) <= 3
    assert likeliest("太高了", search) == ()


def test_with_two_documents_the_right_one_is_found() -> None:
    regulation = parse(REGULATION)
    search = PolicySearch([shipped_search().indexes[0].document, regulation])
    last = regulation.clauses[-1]
    named = places_meant(f"第{last.id}条我不同意", search)
    assert Place(regulation, last) in named
    assert Place(regulation, last) in places_meant(last.text, search)
    assert [place.clause for place in places_meant("写得好的文件", search)] == [None, None]
