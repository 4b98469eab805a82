"""Role changes and consents: both are ledgers, in which every step stands and what holds now is the last one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from storage.consents import Purpose
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, plant

if TYPE_CHECKING:
    from storage.database import Database


def test_every_grant_and_revocation_is_a_line(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        admin, person = work.people.add(tree.grid, NOW), work.people.add(tree.grid, NOW)
        assert work.roles.grant(person, Role.GRID_MEMBER, tree.grid, NOW, by=admin, source="chat", reason="选出来的")
        assert not work.roles.grant(person, Role.GRID_MEMBER, tree.grid, NOW, by=admin, source="chat")
        assert not work.roles.revoke(person, Role.GRID_MEMBER, tree.other_grid, NOW, by=admin, source="chat")
        work.commit()
    with UnitOfWork(database) as work:
        person = work.people.get(person.id)
        grid = work.areas.get(tree.grid.id)
        assert person.roles == {Role.RESIDENT, Role.GRID_MEMBER}
        assert work.roles.revoke(person, Role.GRID_MEMBER, grid, NOW, by=None, source="command line", reason="搬走了")
        assert person.roles == {Role.RESIDENT}
        work.commit()
    with UnitOfWork(database) as work:
        lines = work.roles.history(work.areas.get(tree.community.id))
        assert [(line.granted, line.actor_id, line.source, line.reason) for line in lines] == [
            (True, admin.id, "chat", "选出来的"),
            (False, None, "command line", "搬走了"),
        ]
        assert work.roles.history(work.areas.get(tree.other_grid.id)) == []
        assert work.people.get(person.id).grants == []


def test_the_last_word_on_a_purpose_holds(database: Database) -> None:
    with UnitOfWork(database) as work:
        person = work.people.add(plant(work).grid, NOW)
        for number, (purpose, given) in enumerate(
            ((Purpose.PROFILE, True), (Purpose.NOTICES, True), (Purpose.PROFILE, False), (Purpose.RANKING, False))
        ):
            work.consents.record(
                person, purpose, NOW + timedelta(minutes=number), given=given, source="web", version="2026-04"
            )
        assert set(work.consents.standing(person)) == {Purpose.NOTICES}
        assert work.consents.stands(person, Purpose.NOTICES)
        assert not work.consents.stands(person, Purpose.PROFILE)
        assert not work.consents.stands(person, Purpose.LOCATION)
        assert len(work.consents.lines(person)) == 4


def test_those_who_wait_for_a_word_of_the_grid_member(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        member = work.people.add(tree.grid, NOW)
        work.people.grant(member, Role.GRID_MEMBER, tree.grid, NOW)
        waiting, done, homeless, beside, gone = (
            work.people.add(area, NOW) for area in (tree.building, tree.grid, tree.grid, tree.other_grid, tree.grid)
        )
        for person in (member, waiting, done, beside, gone):
            person.home = "桂花苑3栋"
        done.confirmed_at, gone.erased_at = NOW, NOW
        work.session.flush()
        assert work.people.unconfirmed(member, {Role.GRID_MEMBER}) == [waiting]
        assert work.people.unconfirmed(homeless, {Role.GRID_MEMBER}) == []


def test_people_of_a_name_within_an_area(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        here, beside = (
            work.people.add(tree.building, NOW, name="王芳"),
            work.people.add(tree.other_grid, NOW, name="王芳"),
        )
        gone = work.people.add(tree.grid, NOW, name="王芳")
        gone.merged_into_id = here.id
        work.session.flush()
        assert work.people.called("王芳", tree.community) == [here, beside]
        assert work.people.called("王芳", tree.grid) == [here]
        assert work.people.called("王", tree.county) == []
