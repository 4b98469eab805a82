"""Areas: the tree and what lies below a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import NoResultFound

from storage.areas import AreaKind
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant

if TYPE_CHECKING:
    from storage.database import Database


def test_an_area_contains_itself_and_what_lies_below_it(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        path = [tree.county, tree.town, tree.community, tree.grid, tree.building]
        for depth, upper in enumerate(path):
            assert all(upper.contains(lower) for lower in path[depth:])
            assert not any(upper.contains(higher) for higher in path[:depth])
        assert not tree.grid.contains(tree.other_grid)
        assert not tree.other_community.contains(tree.grid)


def test_the_way_up_begins_with_the_area_itself(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        way = [tree.building, tree.grid, tree.community, tree.town, tree.county]
        assert tree.building.ancestor_ids == [area.id for area in way]
        assert tree.county.ancestor_ids == [tree.county.id]


def test_ids_that_begin_alike_are_not_taken_for_one_subtree(database: Database) -> None:
    """Town 2 is not above what belongs to town 20, although "2" begins "20"."""
    with UnitOfWork(database) as work:
        county = work.areas.add(AreaKind.COUNTY, "仁和县")
        towns = [work.areas.add(AreaKind.TOWN, f"{number}镇", county) for number in range(30)]
        pairs = [(a, b) for a in towns for b in towns if a is not b and str(b.id).startswith(str(a.id))]
        assert pairs
        for short, long in pairs:
            grid = work.areas.add(AreaKind.GRID, "网格", long, "1")
            person = work.people.add(grid, NOW)
            assert not short.contains(grid)
            assert grid not in work.areas.grids(short)
            assert person not in work.people.living_in(short)
            assert grid in work.areas.grids(long)
            assert person in work.people.living_in(long)


def test_the_community_of_an_area(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        for area in (tree.building, tree.grid, tree.community):
            assert work.areas.community_of(area) is tree.community
        assert work.areas.community_of(tree.town) is tree.town
        assert work.areas.communities() == [tree.community, tree.other_community]


def test_grids_are_found_by_their_code_within_one_community(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        elsewhere = work.areas.add(AreaKind.GRID, "1网格", tree.other_community, "1")
        assert work.areas.grids(tree.community) == [tree.grid, tree.other_grid]
        assert work.areas.grids(tree.town) == [tree.grid, tree.other_grid, elsewhere]
        assert work.areas.grid(tree.community, "1") is tree.grid
        assert work.areas.grid(tree.other_community, "1") is elsewhere
        assert work.areas.grid(tree.community, "9") is None
        assert work.areas.grid(tree.town, "2") is tree.other_grid
        assert work.areas.grid(tree.town, "1") is None


def test_what_lies_below_comes_from_the_wide_to_the_narrow(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        building = work.areas.add(AreaKind.BUILDING, "3栋", tree.building)
        work.areas.add(AreaKind.BUILDING, "竹园小区", tree.other_community)
        street = work.areas.add(AreaKind.BUILDING, "文林巷", tree.other_grid)
        assert work.areas.below(tree.community) == [tree.grid, tree.other_grid, tree.building, street, building]


def test_the_grid_of_an_area_is_found_up_the_tree(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        building = work.areas.add(AreaKind.BUILDING, "3栋", tree.building)
        assert [work.areas.grid_of(area) for area in (building, tree.building, tree.grid)] == [tree.grid] * 3
        assert work.areas.grid_of(tree.community) is tree.community


def test_aliases_are_kept(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        bridge = work.areas.add(AreaKind.BUILDING, "河滨步道", tree.grid, aliases=["河边第二个桥", "二号桥"]).id
        work.commit()
    with UnitOfWork(database) as work:
        assert work.areas.get(bridge).aliases == ["河边第二个桥", "二号桥"]
        assert work.areas.get(tree.grid.id).aliases is None


def test_an_unknown_id_is_an_error(database: Database) -> None:
    with UnitOfWork(database) as work, pytest.raises(NoResultFound):
        work.areas.get(4711)
