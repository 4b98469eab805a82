"""Searching cases: what staff find by number, words, state and person, and what they must not find."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from storage import case_search
from storage.areas import AreaKind
from storage.case_search import Wanted
from storage.cases import CaseState
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, case, plant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.database import Database

REPORTS: tuple[dict[str, Any], ...] = (
    {"number": "20260413-007", "text": "楼上天天漏水，说了3次100%不理", "place": "桂花苑3栋"},
    {"number": "20260414-007", "text": "路灯不亮", "place": "河滨步道", "state": CaseState.CLOSED},
    {"number": "20260415-001", "text": "我是钱多多，二楼漏水", "place": "桂花苑5栋", "anonymous": True},
    {"number": "20260415-002", "text": "隔壁's 狗\\叫_得凶", "place": "柳林巷", "category": "pets"},
)


@pytest.fixture(params=[2_000, 1])
def work(request: pytest.FixtureRequest, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[UnitOfWork]:
    """The reports, and who reads them; found among the newest or by the indexes."""
    monkeypatch.setattr(case_search, "NEWEST", request.param)
    with UnitOfWork(database) as work:
        tree = plant(work)
        member = work.people.add(tree.grid, NOW, name="王芳")
        work.people.grant(member, Role.GRID_MEMBER, tree.grid, NOW)
        work.people.grant(work.people.add(tree.other_grid, NOW, name="赵强"), Role.GRID_MEMBER, tree.other_grid, NOW)
        reporter = work.people.add(tree.grid, NOW, name="钱多多")
        for day, row in enumerate(REPORTS):
            given = {"reporter": reporter, "created_at": NOW + timedelta(days=day), **row}
            work.cases.add(case(tree.grid, tree.community, **given))
        work.session.flush()
        yield work


def found(work: UnitOfWork, wanted: Wanted, who: str = "王芳", limit: int = 20) -> list[str]:
    person = work.session.scalars(text("SELECT id FROM people WHERE name = :who"), {"who": who}).one()
    return [case.number for case in work.case_search.find(work.people.get(person), wanted, limit)]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), ["20260415-002", "20260415-001", "20260414-007", "20260413-007"]),
        (Wanted(number="007"), ["20260414-007", "20260413-007"]),
        (Wanted(number="0413-007"), ["20260413-007"]),
        (Wanted(number="20260413-007"), ["20260413-007"]),
        (Wanted(number="07"), []),
        (Wanted(since=NOW + timedelta(days=2)), ["20260415-002", "20260415-001"]),
        (Wanted(since=NOW + timedelta(days=1), until=NOW + timedelta(days=2)), ["20260414-007"]),
        (Wanted(until=NOW + timedelta(hours=1)), ["20260413-007"]),
        (Wanted(words=("桂花苑",)), ["20260415-001", "20260413-007"]),
        (Wanted(words=("天漏水", "桂花")), ["20260413-007"]),
        (Wanted(words=("水",)), ["20260413-007"]),
        (Wanted(words=("桂花苑 楼上",)), []),
        (Wanted(words=("0%不",)), ["20260413-007"]),
        (Wanted(words=("3%不",)), []),
        (Wanted(words=("'s 狗\\叫_得",)), ["20260415-002"]),
        (Wanted(words=("狗_叫",)), []),
        (Wanted(states=frozenset({CaseState.CLOSED})), ["20260414-007"]),
        (Wanted(categories=frozenset({"pets"})), ["20260415-002"]),
        (Wanted(person="钱多多"), ["20260415-002", "20260414-007", "20260413-007"]),
        (Wanted(person="没有此人"), []),
        (Wanted(words=("漏水",)), ["20260413-007"]),
        (Wanted(words=("钱多多",)), []),
    ],
)
def test_what_is_found(work: UnitOfWork, wanted: Wanted, numbers: list[str]) -> None:
    assert found(work, wanted) == numbers


def test_the_newest_come_first_and_no_more_than_wanted(work: UnitOfWork) -> None:
    assert found(work, Wanted(words=("桂花苑",)), limit=1) == ["20260415-001"]


def test_another_grid_finds_nothing(work: UnitOfWork) -> None:
    assert found(work, Wanted(), "赵强") == []
    assert found(work, Wanted(number="20260413-007"), "赵强") == []


def test_a_resident_finds_nothing_and_a_handler_what_they_handle(work: UnitOfWork) -> None:
    assert found(work, Wanted(), "钱多多") == []
    work.session.execute(text("UPDATE cases SET assignee_id = (SELECT id FROM people WHERE name = '赵强')"))
    assert len(found(work, Wanted(), "赵强")) == len(REPORTS)
    assert len(found(work, Wanted(person="赵强"), "王芳")) == len(REPORTS)


def test_the_head_of_a_tree_finds_what_lies_in_it(work: UnitOfWork) -> None:
    heads = {"陈县长": work.areas.named("仁和县")[0], "唐县长": work.areas.add(AreaKind.COUNTY, "义和县")}
    for name, root in heads.items():
        work.people.grant(work.people.add(root, NOW, name=name), Role.COUNTY_ADMIN, root, NOW)
    assert found(work, Wanted(words=("漏水",)), "陈县长") == ["20260413-007"]
    assert found(work, Wanted(), "唐县长") == []


def test_the_index_of_words_is_used(database: Database, work: UnitOfWork) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite looks through the cases one by one")
    work.session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = "\n".join(
        work.session.scalars(
            text(
                "EXPLAIN SELECT id FROM cases WHERE"
                " case_pairs(CASE WHEN anonymous THEN place ELSE place || ' ' || text END) @@ '''漏水'''::tsquery"
            )
        )
    )
    assert "ix_cases_pairs" in plan
