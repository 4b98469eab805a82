"""Lists of tasks: counted and cut into pages by the database, for those who may reach them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage.case_tasks import URGED, WantedTasks
from storage.cases import By, CaseKind, CaseState
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, case, plant

if TYPE_CHECKING:
    from storage.database import Database

HOUR = timedelta(hours=1)
LONG_AGO = NOW - 9 * HOUR


def test_tasks_are_counted_and_cut_into_pages(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        member, boss = work.people.add(tree.grid, NOW), work.people.add(tree.grid, NOW)
        work.people.grant(member, Role.GRID_MEMBER, tree.grid, NOW)
        work.people.grant(boss, Role.COUNTY_ADMIN, tree.county, NOW)
        made = {"created_at": LONG_AGO, "assignee": member, "respond_by": NOW + HOUR}
        late = case(tree.grid, tree.community, "20260415-001", **{**made, "respond_by": NOW - HOUR})
        taken = {**made, "state": CaseState.ACCEPTED}
        waits = case(
            tree.grid, tree.community, "20260415-002", **taken, due_at=NOW - HOUR, waiting_since=NOW - 2 * HOUR
        )
        passed = case(tree.other_grid, tree.community, "20260415-003", **taken, due_at=NOW + 9 * HOUR)
        passed.offered_to = boss
        alarm = case(tree.grid, tree.community, "20260415-004", **{**made, "kind": CaseKind.EMERGENCY})
        fresh = case(tree.other_community, tree.other_community, "20260415-001", **{**made, "assignee": None})
        over = case(tree.grid, tree.community, "20260415-005", **{**made, "state": CaseState.CLOSED})
        for each in (late, waits, passed, alarm, fresh, over):
            work.cases.add(each)
        page = work.case_tasks.page(boss, WantedTasks(), NOW, 0, 2)
        assert (page.count, page.offered, page.waiting, page.late) == (5, 1, 3, 1)
        assert list(page.cases) == [passed, late]
        assert list(work.case_tasks.page(boss, WantedTasks(), NOW, 2, 9).cases) == [waits, alarm, fresh]
        late.note(By(boss, NOW - HOUR, "test"), URGED)
        waits.note(By(member, NOW, "test"), URGED)
        for wanted, found in (
            (WantedTasks((boss,)), [passed]),
            (WantedTasks((member,)), [passed, late, waits, alarm]),
            (WantedTasks(area=tree.other_grid), [passed]),
            (WantedTasks(kind=CaseKind.EMERGENCY), [alarm]),
            (WantedTasks(accepted=False), [late, alarm, fresh]),
            (WantedTasks(late=True), [late]),
            (WantedTasks(late=False, due_before=NOW + 2 * HOUR), [waits, alarm, fresh]),
            (WantedTasks(due_from=NOW + HOUR, due_before=NOW + 2 * HOUR, offered=None), [alarm, fresh]),
            (WantedTasks(offered=True), [passed]),
            (WantedTasks(of_others=True), [late, waits, alarm]),
            (WantedTasks(unpressed_since=NOW - HOUR, of_others=True), [waits, alarm]),
            (WantedTasks(unpressed_since=NOW, of_others=True), [late, waits, alarm]),
        ):
            assert list(work.case_tasks.page(boss, wanted, NOW, 0, 9).cases) == found
        assert list(work.case_tasks.page(member, WantedTasks((boss,)), NOW, 0, 9).cases) == [passed]
        assert work.case_tasks.page(member, WantedTasks(area=tree.other_community), NOW, 0, 9).count == 0
