"""People: accounts, roles at areas, and who answers for a place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from storage.people import ADMINS, STAFF, Person, Role, RoleGrant
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant
from tests.together import at_once

if TYPE_CHECKING:
    from storage.areas import Area
    from storage.database import Database

HANDLERS = frozenset({Role.GRID_MEMBER, *ADMINS})


def someone(work: UnitOfWork, area: Area, *grants: tuple[Role, Area]) -> Person:
    person = work.people.add(area, NOW)
    for role, at in grants:
        work.people.grant(person, role, at, NOW)
    return person


def test_an_account_belongs_to_one_person(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person, other = someone(work, tree.grid), someone(work, tree.grid)
        work.people.add_identity(person, "web", "bot", "u1", NOW)
        work.people.add_identity(person, "web", "second bot", "u1", NOW)
        work.people.add_identity(person, "terminal", "bot", "u1", NOW)
        with pytest.raises(IntegrityError), work.attempt():
            work.people.add_identity(other, "web", "bot", "u1", NOW)
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        identity = work.people.identity("web", "bot", "u1")
        assert identity is not None
        assert identity.person.id == person.id
        assert len(identity.person.identities) == 3
        assert work.people.identity("web", "bot", "u2") is None


def test_of_many_who_add_the_same_account_at_once_one_succeeds(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        work.commit()

    def add(_number: int) -> bool:
        with UnitOfWork(database) as work:
            try:
                person = work.people.add(work.areas.get(tree.grid.id), NOW)
                work.people.add_identity(person, "web", "bot", "u1", NOW)
            except IntegrityError:
                return False
            work.commit()
            return True

    assert sorted(at_once(4, add)) == [False, False, False, True]
    with UnitOfWork(database, read_only=True) as work:
        assert len(work.people.living_in(tree.county)) == 1


def test_the_accounts_of_a_channel(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        first, second = someone(work, tree.grid), someone(work, tree.grid)
        for person, channel in ((second, "web"), (first, "web"), (first, "wechat")):
            work.people.add_identity(person, channel, "bot", f"u{person.id}", NOW)
        assert [identity.person for identity in work.people.identities("web")] == [second, first]
        assert [identity.person for identity in work.people.identities("wechat")] == [first]
        assert work.people.identities("terminal") == []


def test_a_role_reaches_its_whole_subtree_and_no_further(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        admin = someone(work, tree.other_grid, (Role.COMMUNITY_ADMIN, tree.community))
        for area in (tree.community, tree.grid, tree.building):
            assert admin.holds(ADMINS, area)
            assert admin.holds(STAFF, area)
            assert not admin.holds({Role.GRID_MEMBER}, area)
        for area in (tree.town, tree.county, tree.other_community):
            assert not admin.holds(ADMINS, area)


def test_everybody_is_a_resident_and_granting_twice_changes_nothing(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = someone(work, tree.grid)
        assert person.roles == {Role.RESIDENT}
        for _ in range(2):
            work.people.grant(person, Role.VOLUNTEER, tree.grid, NOW)
        work.people.grant(person, Role.VOLUNTEER, tree.other_grid, NOW)
        work.commit()
    with UnitOfWork(database) as work:
        again = work.people.get(person.id)
        assert again.roles == {Role.RESIDENT, Role.VOLUNTEER}
        assert [grant.area_id for grant in again.grants] == [tree.grid.id, tree.other_grid.id]
        with pytest.raises(IntegrityError), work.attempt():
            work.session.add(RoleGrant(person_id=person.id, role=Role.VOLUNTEER, area_id=tree.grid.id, granted_at=NOW))


def test_the_seat_is_the_highest_area_of_a_role(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = someone(
            work, tree.grid, (Role.GRID_MEMBER, tree.grid), (Role.TOWN_ADMIN, tree.town), (Role.VOLUNTEER, tree.county)
        )
        assert person.seat({Role.GRID_MEMBER}) is tree.grid
        assert person.seat(HANDLERS) is tree.town
        assert person.seat({Role.MEDIATOR}) is None


def test_those_who_answer_for_a_place_come_nearest_first(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        county = someone(work, tree.grid, (Role.COUNTY_ADMIN, tree.county))
        town = someone(work, tree.grid, (Role.TOWN_ADMIN, tree.town))
        community = someone(work, tree.grid, (Role.COMMUNITY_ADMIN, tree.community))
        grid = someone(work, tree.grid, (Role.GRID_MEMBER, tree.grid))
        second = someone(work, tree.grid, (Role.GRID_MEMBER, tree.grid))
        beside = someone(work, tree.grid, (Role.GRID_MEMBER, tree.other_grid))
        someone(work, tree.grid, (Role.MEDIATOR, tree.grid), (Role.VOLUNTEER, tree.grid))
        assert work.people.answerable(HANDLERS, tree.building) == [grid, second, community, town, county]
        assert work.people.answerable(HANDLERS, tree.other_grid) == [beside, community, town, county]
        assert work.people.answerable(HANDLERS, tree.other_community) == [town, county]
        assert work.people.answerable({Role.GRID_MEMBER}, tree.community) == []


def test_only_the_roles_asked_for_say_how_near_somebody_is(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        far = someone(work, tree.grid, (Role.MEDIATOR, tree.grid), (Role.TOWN_ADMIN, tree.town))
        near = someone(work, tree.grid, (Role.COMMUNITY_ADMIN, tree.community))
        both = someone(work, tree.grid, (Role.COUNTY_ADMIN, tree.county), (Role.GRID_MEMBER, tree.grid))
        assert work.people.answerable(HANDLERS, tree.grid) == [both, near, far]


def test_those_who_hold_a_role_at_an_area_itself(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        someone(work, tree.grid, (Role.MEDIATOR, tree.town))
        here = someone(work, tree.grid, (Role.MEDIATOR, tree.community))
        assert work.people.holding({Role.MEDIATOR}, tree.community) == [here]


def test_the_address_is_where_somebody_was_last_seen_and_can_be_written_to_alone(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = someone(work, tree.grid)
        assert work.people.address_of(person) is None
        old = work.people.add_identity(person, "web", "bot", "u1", NOW, "p:u1")
        work.people.add_identity(person, "wechat", "bot", "u2", NOW + timedelta(hours=1))
        assert work.people.address_of(person) is old
        new = work.people.add_identity(person, "terminal", "bot", "u3", NOW + timedelta(minutes=1), "p:u3")
        assert work.people.address_of(person) is new
        work.people.saw(old, "p:u1", NOW + timedelta(minutes=2))
        assert work.people.address_of(person) is old


def test_those_who_live_at_or_below_an_area(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        upstairs = someone(work, tree.building)
        volunteer = someone(work, tree.grid, (Role.VOLUNTEER, tree.community))
        someone(work, tree.other_grid, (Role.VOLUNTEER, tree.grid))
        assert work.people.living_in(tree.grid) == [upstairs, volunteer]
        assert work.people.living_in(tree.grid, {Role.VOLUNTEER}) == [volunteer]
        assert work.people.living_in(tree.grid, {Role.VOLUNTEER, Role.RESIDENT}) == [upstairs, volunteer]
        assert work.people.living_in(tree.other_community) == []
