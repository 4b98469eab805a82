"""Volunteers: activities around one's home, places given out once, and what waits for approval."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage.people import ADMINS, Role
from storage.unit_of_work import UnitOfWork
from storage.volunteers import Activity, Participation, ParticipationState
from tests.storage.rows import NOW, plant
from tests.together import at_once

if TYPE_CHECKING:
    from storage.areas import Area
    from storage.database import Database

HOUR = timedelta(hours=1)


def activity(area: Area, **changes: Any) -> Activity:
    values = {
        "title": "河道清洁",
        "place": "河滨步道",
        "start": NOW + HOUR,
        "end": NOW + 3 * HOUR,
        "points": 5,
        "code": "4711",
        "created_at": NOW,
        **changes,
    }
    return Activity(area_id=area.id, area=area, **values)


def test_activities_around_the_home_come_soonest_first_until_they_are_over(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = work.people.add(tree.grid, NOW)
        later = work.volunteers.add(activity(tree.grid, start=NOW + 2 * HOUR))
        soon = work.volunteers.add(activity(tree.county))
        work.volunteers.add(activity(tree.grid, start=NOW - 2 * HOUR, end=NOW))
        for area in (tree.other_grid, tree.other_community, tree.building):
            work.volunteers.add(activity(area))
        assert work.volunteers.coming(person, NOW) == [soon, later]


def test_a_code_names_the_activity_that_is_not_over(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = work.people.add(tree.grid, NOW)
        old = work.volunteers.add(activity(tree.grid, start=NOW - 2 * HOUR, end=NOW - HOUR))
        work.volunteers.add(activity(tree.other_grid))
        assert work.volunteers.by_code(person, "4711", NOW) is old
        new = work.volunteers.add(activity(tree.community))
        assert work.volunteers.by_code(person, "4711", NOW) is new
        assert work.volunteers.by_code(person, "0815", NOW) is None


def test_the_places_of_an_activity_are_given_out_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        people = [work.people.add(tree.grid, NOW).id for _ in range(6)]
        wanted = work.volunteers.add(activity(tree.grid, capacity=3)).id
        work.commit()

    def join(number: int) -> bool:
        with UnitOfWork(database) as work:
            person = work.people.get(people[number])
            locked = work.volunteers.lock(work.volunteers.coming(person, NOW)[0])
            if len(locked.participations) >= 3:
                return False
            work.volunteers.join(locked, person, NOW)
            work.commit()
            return True

    assert sum(at_once(6, join)) == 3
    with UnitOfWork(database, read_only=True) as work:
        assert len(work.session.get_one(Activity, wanted).participations) == 3


def test_of_many_who_approve_at_once_one_finds_something_to_approve(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        volunteer = work.people.add(tree.grid, NOW)
        approvers = [work.people.add(tree.grid, NOW) for _ in range(4)]
        for approver in approvers:
            work.people.grant(approver, Role.COMMUNITY_ADMIN, tree.community, NOW)
        part = work.volunteers.join(work.volunteers.add(activity(tree.grid)), volunteer, NOW)
        part.state = ParticipationState.CHECKED_OUT
        work.commit()

    def approve(number: int) -> int:
        with UnitOfWork(database) as work:
            waiting = work.volunteers.to_approve(work.people.get(approvers[number].id), ADMINS)
            for part in waiting:
                part.state = ParticipationState.APPROVED
            work.commit()
            return len(waiting)

    assert sum(at_once(4, approve)) == 1


def test_one_signs_up_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person, other = work.people.add(tree.grid, NOW), work.people.add(tree.grid, NOW)
        wanted = work.volunteers.add(activity(tree.grid))
        part = work.volunteers.join(wanted, person, NOW)
        assert work.volunteers.part_in(wanted, person) is part
        assert work.volunteers.part_in(wanted, other) is None
        with pytest.raises(IntegrityError), work.attempt():
            work.session.add(
                Participation(
                    activity_id=wanted.id,
                    person_id=person.id,
                    state=ParticipationState.SIGNED_UP,
                    signed_up_at=NOW,
                )
            )
            work.session.flush()


def test_parts_are_found_by_their_state(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = work.people.add(tree.grid, NOW)
        late, soon = (
            work.volunteers.join(work.volunteers.add(activity(tree.grid, start=NOW + n * HOUR)), person, NOW)
            for n in (2, 1)
        )
        both = (ParticipationState.SIGNED_UP, ParticipationState.CHECKED_IN)
        assert work.volunteers.parts_of(person, *both) == [soon, late]
        assert work.volunteers.open_to_check_in(person, NOW)
        assert not work.volunteers.open_to_check_in(person, NOW + 3 * HOUR)
        soon.state = late.state = ParticipationState.CHECKED_IN
        work.session.flush()
        assert work.volunteers.parts_of(person, ParticipationState.SIGNED_UP) == []
        assert not work.volunteers.open_to_check_in(person, NOW)


def test_what_waits_for_approval_waits_for_those_above_it(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        volunteer, admin, elsewhere = (work.people.add(tree.grid, NOW) for _ in range(3))
        work.people.grant(admin, Role.COMMUNITY_ADMIN, tree.community, NOW)
        work.people.grant(elsewhere, Role.COMMUNITY_ADMIN, tree.other_community, NOW)
        done, under_way = (
            work.volunteers.join(work.volunteers.add(activity(tree.grid)), volunteer, NOW) for _ in range(2)
        )
        done.state, under_way.state = ParticipationState.CHECKED_OUT, ParticipationState.CHECKED_IN
        work.session.flush()
        assert work.volunteers.to_approve(admin, ADMINS) == [done]
        assert work.volunteers.to_approve(admin, {Role.GRID_MEMBER}) == []
        assert work.volunteers.to_approve(elsewhere, ADMINS) == []
        assert work.volunteers.to_approve(volunteer, ADMINS) == []
