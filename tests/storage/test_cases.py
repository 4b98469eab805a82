"""Cases: numbers without doubles, and doors that open only to those who may see a case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.append_only import ERASED
from storage.cases import By, Case, CaseEvent, CaseFollower, CaseKind, CaseState
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, case, plant
from tests.together import at_once

if TYPE_CHECKING:
    from storage.database import Database

DAY = date(2026, 4, 15)
HOUR = timedelta(hours=1)


def test_numbers_count_up_by_community_and_day(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        for expected in ("20260415-001", "20260415-002"):
            assert work.cases.next_number(tree.community, DAY) == expected
            work.cases.add(case(tree.grid, tree.community, expected))
        assert work.cases.next_number(tree.other_community, DAY) == "20260415-001"
        assert work.cases.next_number(tree.community, date(2026, 4, 16)) == "20260416-001"


def test_the_thousandth_case_of_a_day_has_a_number_too(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        for number in ("20260415-998", "20260415-999", "20260415-1000"):
            work.cases.add(case(tree.grid, tree.community, number))
        assert work.cases.next_number(tree.community, DAY) == "20260415-1001"


def test_ten_reports_at_once_get_ten_numbers_without_a_gap(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        work.commit()

    def report(_number: int) -> str:
        with UnitOfWork(database) as work:
            number = work.cases.next_number(tree.community, DAY)
            work.cases.add(case(work.areas.get(tree.grid.id), tree.community, number))
            work.commit()
            return number

    assert sorted(at_once(10, report)) == [f"20260415-{number:03d}" for number in range(1, 11)]


def test_a_number_that_was_not_committed_is_given_out_again(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        work.commit()
    with UnitOfWork(database) as work:
        number = work.cases.next_number(tree.community, DAY)
        work.cases.add(case(work.areas.get(tree.grid.id), tree.community, number))
    with UnitOfWork(database) as work:
        assert work.cases.next_number(tree.community, DAY) == number
        assert work.cases.count() == 0


def test_two_cases_of_a_community_cannot_have_one_number(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        first = work.cases.add(case(tree.grid, tree.community, "20260415-001"))
        work.cases.add(case(tree.grid, tree.other_community, "20260415-001"))
        assert first.short == "001"
        with pytest.raises(IntegrityError), work.attempt():
            work.cases.add(case(tree.other_grid, tree.community, "20260415-001"))
        assert work.cases.count() == 2


def test_every_change_leaves_a_line_of_history(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        member = work.people.add(tree.grid, NOW)
        report = work.cases.add(case(tree.grid, tree.community, "20260415-001"))
        report.move(CaseState.ACCEPTED, By(member, NOW + HOUR, "test"), "accept")
        report.move(CaseState.RESOLVED, By(member, NOW + 2 * HOUR, "test"), "resolve", "双方签了协议")
        report.move(CaseState.CLOSED, By(None, NOW + 3 * HOUR, "test"), "close")
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        found = work.session.get_one(Case, report.id)
        assert (found.state, found.resolved_at) == (CaseState.CLOSED, NOW + 2 * HOUR)
        assert [(e.at, e.actor_id, e.action, e.from_state, e.to_state, e.note) for e in found.history] == [
            (NOW + HOUR, member.id, "accept", CaseState.OPEN, CaseState.ACCEPTED, ""),
            (NOW + 2 * HOUR, member.id, "resolve", CaseState.ACCEPTED, CaseState.RESOLVED, "双方签了协议"),
            (NOW + 3 * HOUR, None, "close", CaseState.RESOLVED, CaseState.CLOSED, ""),
        ]


def test_reporters_and_followers_see_their_own_and_nobody_elses(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        li, zhang, zhou = (work.people.add(tree.grid, NOW) for _ in range(3))
        first = work.cases.add(case(tree.grid, tree.community, "20260415-001", reporter=li))
        second = work.cases.add(case(tree.grid, tree.community, "20260415-002", reporter=zhang, created_at=NOW + HOUR))
        second.followers.append(CaseFollower(person=li, since=NOW))
        work.session.flush()
        assert work.cases.reported_by(li) == [second, first]
        assert work.cases.reported_by(zhang) == [second]
        assert work.cases.reported_by(zhou) == []
        assert second.concerns(li)
        assert second.concerns(zhang)
        assert not second.concerns(zhou)
        assert not first.concerns(zhang)


def test_a_follower_is_counted_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        li = work.people.add(tree.grid, NOW)
        report = work.cases.add(case(tree.grid, tree.community, "20260415-001"))
        report.followers.append(CaseFollower(person=li, since=NOW))
        work.session.flush()
        with pytest.raises(IntegrityError), work.attempt():
            work.session.add(CaseFollower(case_id=report.id, person_id=li.id, since=NOW))
            work.session.flush()


def test_staff_reach_the_cases_below_their_areas_and_those_given_to_them(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        member, admin, neighbour, volunteer = (work.people.add(tree.grid, NOW) for _ in range(4))
        work.people.grant(member, Role.GRID_MEMBER, tree.grid, NOW)
        work.people.grant(admin, Role.COMMUNITY_ADMIN, tree.community, NOW)
        work.people.grant(volunteer, Role.VOLUNTEER, tree.county, NOW)
        upstairs = work.cases.add(case(tree.building, tree.community, "20260415-001", due_at=NOW + 9 * HOUR))
        here = work.cases.add(case(tree.grid, tree.community, "20260415-002", due_at=NOW + HOUR, assignee=member))
        beside = work.cases.add(case(tree.other_grid, tree.community, "20260415-003", due_at=NOW + 2 * HOUR))
        over = work.cases.add(case(tree.grid, tree.community, "20260415-004", state=CaseState.CLOSED))
        far = work.cases.add(case(tree.other_community, tree.other_community, "20260415-001", assignee=member))
        assert work.cases.workable_by(member) == [here, upstairs, far]
        assert work.cases.workable_by(admin) == [here, beside, upstairs]
        assert work.cases.assigned_to(member) == [here, far]
        for person, reached in ((member, {here, upstairs, over, far}), (admin, {here, upstairs, beside, over})):
            for report in (here, upstairs, beside, over, far):
                assert work.cases.reachable(person, report.id) is (report if report in reached else None)
        for person in (neighbour, volunteer):
            assert work.cases.workable_by(person) == []
            assert work.cases.reachable(person, here.id) is None
            assert work.cases.called(person, "002", DAY) == []


def test_a_number_finds_the_cases_in_reach_of_the_last_year(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        member, admin = (work.people.add(tree.grid, NOW) for _ in range(2))
        work.people.grant(member, Role.GRID_MEMBER, tree.grid, NOW)
        work.people.grant(admin, Role.COMMUNITY_ADMIN, tree.community, NOW)
        today = work.cases.add(case(tree.grid, tree.community, "20260415-007", created_at=NOW + HOUR))
        before = work.cases.add(case(tree.building, tree.community, "20260414-007"))
        beside = work.cases.add(case(tree.other_grid, tree.community, "20260413-007", created_at=NOW - HOUR))
        old = work.cases.add(case(tree.grid, tree.community, "20250101-007"))
        work.cases.add(case(tree.grid, tree.community, "20260415-017"))
        work.cases.add(case(tree.other_community, tree.other_community, "20260415-007"))
        assert work.cases.called(member, "007", DAY) == [today, before]
        assert work.cases.called(admin, "007", DAY) == [today, before, beside]
        assert work.cases.called(admin, "0414-007", DAY) == [before]
        assert work.cases.called(admin, "20250101-007", DAY) == [old]
        assert work.cases.called(member, "20260413-007", DAY) == []
        assert work.cases.called(admin, "1007", DAY) == []
        assert work.cases.numbers_near(member, "016")[0].short == "017"


def test_a_case_is_in_reach_of_whoever_is_offered_it_until_that_is_over(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        member, other = (work.people.add(tree.grid, NOW) for _ in range(2))
        work.people.grant(other, Role.GRID_MEMBER, tree.other_grid, NOW)
        report = work.cases.add(case(tree.grid, tree.community, "20260415-001", assignee=member))
        assert work.cases.reachable(other, report.id) is None
        report.offered_to, report.offered_until = other, NOW + HOUR
        work.session.flush()
        assert work.cases.reachable(other, report.id) is report
        assert work.cases.offered(other) == [report]
        assert work.cases.offers_over(NOW) == []
        assert work.cases.offers_over(NOW + HOUR) == [report]


def test_what_may_be_the_same_thing(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        same = work.cases.add(case(tree.grid, tree.community, "20260415-001"))
        work.cases.add(case(tree.grid, tree.community, "20260415-002", category="noise"))
        work.cases.add(case(tree.grid, tree.other_community, "20260415-001"))
        work.cases.add(case(tree.grid, tree.community, "20260412-001", created_at=NOW - timedelta(hours=73)))
        work.cases.add(case(tree.grid, tree.community, "20260415-003", state=CaseState.WITHDRAWN))
        work.cases.add(case(tree.grid, tree.community, "20260415-004", duplicate_of_id=same.id))
        assert work.cases.alike(tree.community, "neighbour", NOW - timedelta(hours=72)) == [same]


def test_what_was_resolved_and_left_alone(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        left, fresh, reopened = (work.cases.add(case(tree.grid, tree.community, f"20260415-00{n}")) for n in range(3))
        for report, when in ((left, NOW), (fresh, NOW + HOUR), (reopened, NOW)):
            report.move(CaseState.RESOLVED, By(None, when, "test"), "resolve")
        reopened.move(CaseState.IN_PROGRESS, By(None, NOW, "test"), "reopen")
        assert work.cases.resolved_before(NOW + HOUR) == [left]


def test_alarms_that_nobody_confirmed(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        alarm = work.cases.add(case(tree.grid, tree.community, "20260415-001", kind=CaseKind.EMERGENCY))
        work.cases.add(
            case(tree.grid, tree.community, "20260415-002", kind=CaseKind.EMERGENCY, state=CaseState.ACCEPTED)
        )
        work.cases.add(case(tree.grid, tree.community, "20260415-003"))
        assert work.cases.unconfirmed_alarms() == [alarm]


def test_of_two_processes_one_takes_up_an_alarm_or_a_case_left_alone(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        work.cases.add(case(tree.grid, tree.community, "20260415-001", kind=CaseKind.EMERGENCY))
        work.cases.add(case(tree.grid, tree.community, "20260415-002")).move(
            CaseState.RESOLVED, By(None, NOW, "test"), "resolve"
        )
        work.commit()

    def take_up(_number: int) -> list[str]:
        with UnitOfWork(database) as work:
            alarms, left = work.cases.unconfirmed_alarms(), work.cases.resolved_before(NOW + HOUR)
            for report in alarms:
                report.move(CaseState.ACCEPTED, By(None, NOW, "test"), "accept")
            for report in left:
                report.move(CaseState.CLOSED, By(None, NOW, "test"), "close")
            work.commit()
            return [report.number for report in (*alarms, *left)]

    taken = [number for numbers in at_once(4, take_up) for number in numbers]
    assert sorted(taken) == ["20260415-001", "20260415-002"]


def test_a_locked_case_is_read_again(database: Database) -> None:
    """Another process may have changed it since it was read."""
    with UnitOfWork(database) as work:
        tree = plant(work)
        report = work.cases.add(case(tree.grid, tree.community, "20260415-001"))
        meanwhile = update(Case).where(Case.id == report.id).values(state=CaseState.ACCEPTED)
        work.session.execute(meanwhile, execution_options={"synchronize_session": False})
        assert str(report.state) == "open"
        assert work.cases.lock(report) is report
        assert str(report.state) == "accepted"


def test_nobody_changes_or_removes_a_line_of_the_history(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        report = work.cases.add(case(tree.grid, tree.community, "20260415-001"))
        report.note(By(None, NOW, "test"), "add", "他昨天又砸门了")
        work.commit()
    changes = (
        update(CaseEvent).values(note="什么事都没有"),
        update(CaseEvent).values(action="close"),
        update(CaseEvent).values(source="elsewhere"),
        update(CaseEvent).values(note=ERASED, at=NOW + HOUR),
        delete(CaseEvent),
    )
    for change in changes:
        with UnitOfWork(database) as work, pytest.raises(DBAPIError, match="append-only"):
            work.session.execute(change)
    with UnitOfWork(database) as work:
        work.session.execute(update(CaseEvent).values(note=ERASED))
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        assert [event.note for event in work.session.query(CaseEvent)] == [ERASED]


def test_who_was_asked_and_has_not_answered(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        waiting, asked, fresh = (work.cases.add(case(tree.grid, tree.community, f"20260415-00{n}")) for n in range(3))
        for report, when in ((waiting, NOW), (asked, NOW), (fresh, NOW + 2 * HOUR)):
            report.move(CaseState.RESOLVED, By(None, when, "test"), "resolve")
        asked.asked_at = NOW + HOUR
        work.session.flush()
        assert work.cases.unanswered_since(NOW + HOUR) == [waiting]
        asked.move(CaseState.IN_PROGRESS, By(None, NOW + HOUR, "test"), "reopen")
        asked.move(CaseState.RESOLVED, By(None, NOW, "test"), "resolve")
        work.session.flush()
        assert work.cases.unanswered_since(NOW + HOUR) == [waiting, asked]


def test_photos_are_shown_to_those_who_handle_the_case(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        reporter, follower, member, elsewhere = (work.people.add(tree.grid, NOW) for _ in range(4))
        work.people.grant(member, Role.GRID_MEMBER, tree.grid, NOW)
        work.people.grant(elsewhere, Role.GRID_MEMBER, tree.other_grid, NOW)
        report = work.cases.add(case(tree.grid, tree.community, "20260415-001", reporter=reporter, photos=["a"]))
        report.followers.append(CaseFollower(person=follower, since=NOW, text="我也看到了", photos=["b"]))
        work.session.flush()
        assert work.cases.shows_photo(report.id, "a", member)
        assert work.cases.shows_photo(report.id, "b", member)
        assert not work.cases.shows_photo(report.id, "c", member)
        for person in (reporter, follower, elsewhere):
            assert not work.cases.shows_photo(report.id, "a", person)


def test_a_follower_who_leaves_takes_their_words_along(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        li = work.people.add(tree.grid, NOW)
        report = work.cases.add(case(tree.grid, tree.community, "20260415-001"))
        report.followers.append(CaseFollower(person=li, since=NOW, text="我也看到了", photos=[]))
        work.session.flush()
        report.followers = []
        work.commit()
    with UnitOfWork(database, read_only=True) as work:
        assert work.session.query(CaseFollower).count() == 0
        assert work.cases.reported_by(li) == []


def test_the_case_that_was_merged_into_another(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        li, zhang = (work.people.add(tree.grid, NOW) for _ in range(2))
        first = work.cases.add(case(tree.grid, tree.community, "20260415-001", reporter=li))
        copy = work.cases.add(case(tree.grid, tree.community, "20260415-002", reporter=zhang, duplicate_of_id=first.id))
        assert work.cases.merged_into(first, zhang) is copy
        assert work.cases.merged_into(first, li) is None
