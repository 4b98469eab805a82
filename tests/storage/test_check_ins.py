"""Check-ins on both engines: last places, promotion and closing by several at once, and what is remembered."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from storage.check_ins import TryKind
from storage.database import Database
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from storage.volunteers import Activity, CheckInBy, Participation, ParticipationState
from tests.storage.rows import NOW, plant
from tests.storage.test_volunteers import HOUR, activity
from tests.together import at_once

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

    from storage.people import Person

WAITING, SIGNED_UP, CHECKED_IN = (
    ParticipationState.WAITING,
    ParticipationState.SIGNED_UP,
    ParticipationState.CHECKED_IN,
)


def settle(database: Database, people: int, capacity: int, signed_up: int) -> tuple[int, list[int]]:
    """An activity with so many places and people, of whom the first have signed up and the rest wait."""
    with UnitOfWork(database) as work:
        tree = plant(work)
        row = work.volunteers.add(activity(tree.grid, capacity=capacity, secret="S" * 32))
        ids = []
        for number in range(people):
            person = work.people.add(tree.grid, NOW)
            work.volunteers.join(row, person, NOW, SIGNED_UP if number < signed_up else WAITING)
            ids.append(person.id)
        work.commit()
        return row.id, ids


def join_or_wait(database: Database, activity_id: int, person_id: int) -> ParticipationState:
    with UnitOfWork(database) as work:
        locked = work.volunteers.lock(work.session.get_one(Activity, activity_id))
        state = WAITING if locked.is_full else SIGNED_UP
        work.volunteers.join(locked, work.people.get(person_id), NOW, state)
        work.commit()
        return state


def leave(database: Database, activity_id: int, person_id: int) -> list[int]:
    with UnitOfWork(database) as work:
        locked = work.volunteers.lock(work.session.get_one(Activity, activity_id))
        part = work.volunteers.part_in(locked, work.people.get(person_id))
        assert part is not None
        work.volunteers.leave(part)
        promoted = [each.person_id for each in work.volunteers.promote(locked)]
        work.commit()
        return promoted


def states(database: Database, activity_id: int) -> dict[int, ParticipationState]:
    with UnitOfWork(database, read_only=True) as work:
        return {part.person_id: part.state for part in work.session.get_one(Activity, activity_id).participations}


def _in_process(url: str, ready: Barrier, activity_id: int, person_id: int, leaves: bool) -> None:
    database = Database(url)
    ready.wait(60)
    (leave if leaves else join_or_wait)(database, activity_id, person_id)
    database.close()


def test_processes_that_join_and_leave_at_once_fill_every_place_and_no_more(database: Database) -> None:
    """Four leave and four join a full activity with a waiting list, each in a process of its own."""
    activity_id, ids = settle(database, people=8, capacity=5, signed_up=5)
    with UnitOfWork(database) as work:
        area = work.session.get_one(Activity, activity_id).area
        new = [work.people.add(area, NOW).id for _ in range(4)]
        work.commit()
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(8)
    url = database.url.render_as_string(hide_password=False)
    wanted = [(person_id, True) for person_id in ids[:4]] + [(person_id, False) for person_id in new]
    started = [
        context.Process(target=_in_process, args=(url, ready, activity_id, person_id, leaves))
        for person_id, leaves in wanted
    ]
    for process in started:
        process.start()
    for process in started:
        process.join(120)
        assert process.exitcode == 0
    found = states(database, activity_id)
    places = [person_id for person_id, state in found.items() if state is SIGNED_UP]
    assert len(places) == 5
    # Those who waited first are in before any of those who came last.
    assert set(ids[4:]) <= set(places)
    assert set(found) == {*ids[4:], *new}


def test_of_two_who_leave_at_once_two_move_up_once_each(database: Database) -> None:
    activity_id, ids = settle(database, people=5, capacity=2, signed_up=2)
    promoted = at_once(2, lambda number: leave(database, activity_id, ids[number]))
    assert sorted(person_id for each in promoted for person_id in each) == ids[2:4]
    assert states(database, activity_id) == {ids[2]: SIGNED_UP, ids[3]: SIGNED_UP, ids[4]: WAITING}


def test_who_is_erased_gets_no_place(database: Database) -> None:
    activity_id, ids = settle(database, people=3, capacity=1, signed_up=1)
    with UnitOfWork(database) as work:
        work.people.get(ids[1]).erased_at = NOW
        work.commit()
    assert leave(database, activity_id, ids[0]) == [ids[2]]


def test_one_person_is_checked_in_at_one_place_however_many_talks_try(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = work.people.add(tree.grid, NOW)
        for _ in range(6):
            work.volunteers.join(work.volunteers.add(activity(tree.grid)), person, NOW)
        work.commit()
        person_id = person.id

    def check_in(number: int) -> bool:
        with UnitOfWork(database) as work:
            who = work.people.get(person_id)
            parts = work.volunteers.parts_of(who, SIGNED_UP)
            work.check_ins.begin(who)
            if work.volunteers.parts_of(who, CHECKED_IN):
                return False
            parts[number % len(parts)].state = CHECKED_IN
            work.commit()
            return True

    assert sum(at_once(6, check_in)) == 1


def test_what_was_forgotten_is_closed_once(database: Database) -> None:
    activity_id, ids = settle(database, people=6, capacity=6, signed_up=6)
    with UnitOfWork(database) as work:
        for part in work.session.get_one(Activity, activity_id).participations[:4]:
            part.state = CHECKED_IN
        work.commit()

    def close(_number: int) -> int:
        with UnitOfWork(database) as work:
            parts = work.check_ins.at_work(NOW + 4 * HOUR)
            for part in parts:
                part.state = ParticipationState.CHECKED_OUT
                work.check_ins.mark(part, "no_check_out", {}, NOW)
            work.commit()
            return len(parts)

    assert sum(at_once(4, close)) == 4
    with UnitOfWork(database) as work:
        assert work.check_ins.at_work(NOW + 4 * HOUR) == []
        assert [part.person_id for part in work.check_ins.not_come(NOW + 4 * HOUR)] == ids[4:]
        assert work.check_ins.not_come(NOW + HOUR) == []


def test_a_mark_of_one_kind_is_made_once_and_goes_with_the_participation(database: Database) -> None:
    activity_id, _ = settle(database, people=1, capacity=1, signed_up=1)
    with UnitOfWork(database) as work:
        part = work.session.get_one(Activity, activity_id).participations[0]
        for number in (1, 2):
            work.check_ins.mark(part, "burst", {"others": number}, NOW)
        work.check_ins.mark(part, "device", {"person_ids": []}, NOW)
        work.commit()
    with UnitOfWork(database) as work:
        part = work.session.get_one(Activity, activity_id).participations[0]
        assert [(mark.kind, mark.values) for mark in part.marks] == [
            ("burst", {"others": 1}),
            ("device", {"person_ids": []}),
        ]
        work.volunteers.leave(part)
        work.commit()
    assert states(database, activity_id) == {}


def _checked_in(work: UnitOfWork, person: Person, device: str, **changes: object) -> Participation:
    part = work.volunteers.join(work.volunteers.add(activity(person.area, **changes)), person, NOW)
    part.state, part.checked_in_at, part.checked_in_by, part.device = CHECKED_IN, NOW, CheckInBy.CODE, device
    work.session.flush()
    return part


def test_devices_and_tries_are_remembered_for_a_while(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        one, other = (work.people.add(tree.grid, NOW) for _ in range(2))
        first, second = _checked_in(work, one, "d1"), _checked_in(work, other, "d1")
        _checked_in(work, one, "d1")
        assert work.check_ins.with_device(first, "d1", NOW - HOUR) == [second]
        assert work.check_ins.with_device(first, "d1", NOW + HOUR) == []
        work.check_ins.note_try(one, first.activity, TryKind.FAR, NOW)
        work.check_ins.note_try(one, None, TryKind.WRONG_CODE, NOW)
        since = NOW - timedelta(minutes=1)
        assert work.check_ins.tries(one, TryKind.FAR, since, first.activity) == 1
        assert work.check_ins.tries(one, TryKind.FAR, since, second.activity) == 0
        assert work.check_ins.tries(one, TryKind.WRONG_CODE, since) == 1
        assert work.check_ins.tries(other, TryKind.WRONG_CODE, since) == 0
        work.check_ins.forget(NOW + HOUR)
        work.session.expire_all()
        assert work.check_ins.tries(one, TryKind.FAR, since) == 0
        assert second.device is None


def test_an_activity_of_a_series_is_made_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        work.volunteers.add(activity(tree.grid, series_id=7, occurrence=NOW))
        with pytest.raises(IntegrityError), work.attempt():
            work.volunteers.add(activity(tree.grid, series_id=7, occurrence=NOW))


def test_what_is_cancelled_is_found_by_nobody(database: Database) -> None:
    activity_id, ids = settle(database, people=1, capacity=1, signed_up=1)
    with UnitOfWork(database) as work:
        person, row = work.people.get(ids[0]), work.session.get_one(Activity, activity_id)
        assert work.volunteers.with_secret(person, NOW + 2 * HOUR, NOW) == [row]
        row.cancelled_at = NOW
        work.session.flush()
        assert work.volunteers.coming(person, NOW) == []
        assert work.volunteers.with_secret(person, NOW + 2 * HOUR, NOW) == []
        assert work.volunteers.parts_of(person, *ParticipationState) == []
        assert work.volunteers.starting_before(NOW + 2 * HOUR, NOW) == []
        assert work.check_ins.not_come(NOW + 9 * HOUR) == []


def test_figures_count_whom_they_should(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        tree.grid.residents, tree.other_grid.residents = 40, 60
        for area, role in ((tree.grid, True), (tree.building, True), (tree.other_grid, False), (tree.grid, True)):
            person = work.people.add(area, NOW)
            person.home = "桂花苑"
            if role:
                work.people.grant(person, Role.VOLUNTEER, tree.community, NOW)
        person.erased_at = NOW
        work.session.flush()
        found = {each.area.name: each for each in work.volunteer_profiles.figures(tree.community)}
        assert set(found) == {"桂花社区", "1网格", "2网格"}
        assert (found["桂花社区"].volunteers, found["桂花社区"].residents, found["桂花社区"].registered) == (2, 100, 3)
        assert (found["2网格"].volunteers, found["2网格"].registered) == (0, 1)
        tree.other_grid.residents = 0
        work.session.flush()
        assert work.volunteer_profiles.residents(tree.community) == 0
