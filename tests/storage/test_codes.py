"""Codes: hard to guess, easy to type, good for as long and as often as they say; and the cards of households."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage.binding import MOST_AN_HOUR, VALID_FOR
from storage.codes import ALPHABET, LENGTH, new_code
from storage.invitation_codes import VALID_FOR as INVITED_FOR
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant
from tests.together import at_once

if TYPE_CHECKING:
    from storage.database import Database

MINUTE = timedelta(minutes=1)


def test_codes_are_long_different_and_without_look_alikes() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert not set(ALPHABET) & set("0O1I")
    assert len(ALPHABET) == 32


def test_a_binding_code_holds_ten_minutes_and_the_last_one_counts(database: Database) -> None:
    with UnitOfWork(database) as work:
        person = work.people.add(plant(work).grid, NOW)
        first = work.binding.issue(person, NOW)
        second = work.binding.issue(person, NOW + MINUTE)
        assert first is not None
        assert second is not None
        assert work.binding.standing(first.code, NOW + MINUTE) is None
        assert work.binding.standing(second.code, NOW + VALID_FOR) is not None
        assert work.binding.standing(second.code, NOW + MINUTE + VALID_FOR) is None
        second.used_at = NOW + MINUTE
        assert work.binding.standing(second.code, NOW + MINUTE) is None
        assert work.binding.standing("ABCD2345", NOW) is None


def test_codes_are_rationed_by_the_hour(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person, other = work.people.add(tree.grid, NOW), work.people.add(tree.grid, NOW)
        assert all(work.binding.issue(person, NOW) for _ in range(MOST_AN_HOUR))
        assert work.binding.issue(person, NOW) is None
        assert work.binding.issue(other, NOW) is not None
        assert work.binding.issue(person, NOW + timedelta(hours=1)) is not None


def test_of_two_who_say_a_code_at_once_one_uses_it(database: Database) -> None:
    with UnitOfWork(database) as work:
        code = work.binding.issue(work.people.add(plant(work).grid, NOW), NOW)
        assert code is not None
        said = code.code
        work.commit()

    def use(_number: int) -> bool:
        with UnitOfWork(database) as work:
            found = work.binding.standing(said, NOW)
            if found is None:
                return False
            found.used_at = NOW
            work.commit()
            return True

    assert sorted(at_once(4, use)) == [False, False, False, True]


def test_an_invitation_is_the_same_until_it_grows_old(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        member, other = work.people.add(tree.grid, NOW), work.people.add(tree.grid, NOW)
        made = work.invitation_codes.make(tree.building, member, NOW)
        assert work.invitation_codes.make(tree.building, member, NOW + timedelta(days=30)) is made
        assert work.invitation_codes.make(tree.grid, member, NOW) is not made
        assert work.invitation_codes.make(tree.building, other, NOW) is not made
        assert work.invitation_codes.make(tree.building, None, NOW) is not made
        assert work.invitation_codes.make(tree.building, member, NOW + timedelta(days=100)) is not made
        assert work.invitation_codes.standing(made.code, NOW + timedelta(days=100)) is made
        assert work.invitation_codes.standing(made.code, NOW + INVITED_FOR) is None


def test_a_household_is_found_by_those_who_answer_for_it(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        household = work.households.add(tree.building, "2单元301", NOW)
        assert work.households.add(tree.building, "2单元301", NOW) is household
        work.households.add(tree.other_grid, "6号", NOW)
        assert work.households.below(tree.grid) == [household]
        assert len(work.households.below(tree.county)) == 2
        member, resident, beside = (work.people.add(tree.grid, NOW) for _ in range(3))
        work.people.grant(member, Role.GRID_MEMBER, tree.grid, NOW)
        work.people.grant(beside, Role.GRID_MEMBER, tree.other_grid, NOW)
        assert work.people.by_household_code(household.code, member) is household
        assert work.people.by_household_code(household.code, resident) is None
        assert work.people.by_household_code(household.code, beside) is None
        assert work.people.by_household_code("ABCD2345", member) is None
