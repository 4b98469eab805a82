"""Whoever will not be named is not named by what others do with their case either."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from handlers.cases import merging
from handlers.cases.replies import clocks, emergency, hidden
from storage.cases import CaseFollower, CaseKind
from tests.storage.rows import NOW, case, plant

if TYPE_CHECKING:
    from storage.cases import Case
    from storage.database import Database

from handlers.turn import Desk
from storage.unit_of_work import UnitOfWork

TOLD = "我是钱多多，住桂花苑3栋2单元501，电话13900000001，楼上天天漏水"

SAID_OF_A_DOOR = {
    "我就住桂花苑3栋2单元501": "我就住桂花苑3栋",
    "桂花苑3栋2单元501又漏了，我就住桂花苑3栋2单元501": "桂花苑3栋又漏了，我就住桂花苑3栋",
    "我是桂花苑3栋2单元501的李秀芬": "我是桂花苑3栋的住户",
    "我是管桂花苑3栋2单元501的李秀芬": "我是管桂花苑3栋2单元501的住户",
    "桂花苑3栋2单元501又漏了": "桂花苑3栋2单元501又漏了",
}


def unnamed(work: UnitOfWork, **changes: object) -> Case:
    tree = plant(work)
    person = work.people.add(tree.grid, NOW, name="钱多多", phone="13900000001")
    person.home = "桂花苑3栋2单元501"
    row = case(tree.grid, tree.community, "20260415-001", reporter=person, anonymous=True, text=TOLD, **changes)
    row.place = "桂花苑3栋2单元501"
    return work.cases.add(row)


def test_the_county_hears_no_name_in_the_last_alarm(database: Database) -> None:
    with UnitOfWork(database) as work:
        said = emergency.nobody_confirms(unnamed(work, kind=CaseKind.EMERGENCY, category="fire"))
        assert "钱多多" not in said.text
        assert "13900000001" not in said.text
        assert said.about is not None


def test_a_handler_who_waits_reads_no_name(database: Database) -> None:
    with UnitOfWork(database) as work:
        assert "钱多多" not in clocks.they_are_there(unnamed(work), "我是钱多多，001咋样了").text


def test_who_hands_a_case_over_leaves_nothing_behind(database: Database) -> None:
    with UnitOfWork(database) as work:
        row = unnamed(work)
        row.on_behalf_of, row.on_behalf_phone = "钱婆婆", "13900000002"
        heir = work.people.add(row.area, NOW, name="赵强")
        row.followers.append(CaseFollower(person=heir, since=NOW + timedelta(hours=1), text="3栋漏水"))
        desk = Desk(work, NOW, "test")
        assert merging.hand_over(desk, row) is not None  # type: ignore[arg-type]
        left = [row.on_behalf_of, row.on_behalf_phone]
        assert row.reporter is heir
        assert left == [None, None]
        assert "501" not in row.place


def test_somebody_who_is_reported_for_without_a_name_stays_without_one(database: Database) -> None:
    with UnitOfWork(database) as work:
        row = unnamed(work)
        row.on_behalf_of, row.on_behalf_phone = "钱婆婆", "13900000002"
        assert "钱婆婆" not in hidden.words(row, "钱婆婆家漏水，13900000002")
        assert "501" not in hidden.place(row)


def test_a_door_of_ones_own_is_hidden_although_it_is_the_place(database: Database) -> None:
    with UnitOfWork(database) as work:
        row = unnamed(work)
        row.text = "桂花苑3栋2单元501天天漏水"
        assert row.reporter is not None
        row.reporter.name = row.reporter.phone = row.reporter.home = None
        for said, shown in SAID_OF_A_DOOR.items():
            assert hidden.words(row, said) == shown
