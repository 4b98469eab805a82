"""Clocks: what is looked at and when, what is said once, and which area's deadline holds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from storage.cases import By, CaseKind, CaseState
from storage.escalations import Clock, Escalation, Mark, Reminder
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, case, plant

if TYPE_CHECKING:
    from storage.database import Database

HOUR = timedelta(hours=1)


def test_what_is_looked_at_is_what_runs_and_is_due(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        new = work.cases.add(case(tree.grid, tree.community, "20260415-001"))
        later = work.cases.add(case(tree.grid, tree.community, "20260415-002", next_check_at=NOW + HOUR))
        over = work.cases.add(case(tree.grid, tree.community, "20260415-003"))
        over.move(CaseState.CLOSED, By(None, NOW, "test"), "close")
        alarm = work.cases.add(case(tree.grid, tree.community, "20260415-004", kind=CaseKind.EMERGENCY))
        work.session.flush()
        assert new.next_check_at == NOW
        assert work.clocks.to_look_at(NOW, 10) == [new]
        assert work.clocks.to_look_at(NOW + HOUR, 10) == [new, later]
        assert work.clocks.to_look_at(NOW + HOUR, 1) == [new]
        alarm.move(CaseState.ACCEPTED, By(None, NOW, "test"), "accept")
        work.session.flush()
        assert work.clocks.to_look_at(NOW, 10) == [new, alarm]
        assert [each.id for each in work.clocks.running(new.id, 10)] == [later.id, alarm.id]


def test_clocks_stop_at_the_end_and_start_again_after_it(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        report = work.cases.add(case(tree.grid, tree.community, "20260415-001", waiting_since=NOW))
        report.move(CaseState.RESOLVED, By(None, NOW, "test"), "resolve")
        assert (report.next_check_at, report.waiting_since) == (None, None)
        report.move(CaseState.IN_PROGRESS, By(None, NOW + HOUR, "test"), "reopen")
        assert report.next_check_at == NOW + HOUR


def test_a_case_goes_to_a_level_once_for_each_clock(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        report = work.cases.add(case(tree.grid, tree.community, "20260415-001"))
        for clock in Clock:
            report.escalations.append(Escalation(clock=clock, area_id=tree.town.id, vacant=False, at=NOW))
        work.session.flush()
        with pytest.raises(IntegrityError), work.attempt():
            work.session.add(
                Escalation(case_id=report.id, clock=Clock.RESPOND, area_id=tree.town.id, vacant=True, at=NOW + HOUR)
            )
            work.session.flush()


def test_a_mark_is_reminded_of_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        person = work.people.add(tree.grid, NOW)
        report = work.cases.add(case(tree.grid, tree.community, "20260415-001"))
        other = work.cases.add(case(tree.grid, tree.community, "20260415-002"))
        assert work.clocks.last_reminded(person) is None
        work.clocks.remind(report, Clock.RESPOND, [Mark.HALF, Mark.FOUR_FIFTHS], person, NOW)
        both = {(Clock.RESPOND, Mark.HALF), (Clock.RESPOND, Mark.FOUR_FIFTHS)}
        assert work.clocks.marks([report, other]) == {report.id: both}
        assert work.clocks.last_reminded(person) == NOW
        with pytest.raises(IntegrityError), work.attempt():
            again = Reminder(case_id=report.id, clock=Clock.RESPOND, mark=Mark.HALF, person_id=person.id, at=NOW)
            work.session.add(again)
            work.session.flush()


def test_whoever_is_above_has_what_went_up_to_them_among_their_tasks(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        admin, other, mediator = (work.people.add(tree.grid, NOW) for _ in range(3))
        work.people.grant(admin, Role.COMMUNITY_ADMIN, tree.community, NOW)
        work.people.grant(other, Role.COMMUNITY_ADMIN, tree.other_community, NOW)
        work.people.grant(mediator, Role.MEDIATOR, tree.community, NOW)
        up, vacant, over = (work.cases.add(case(tree.grid, tree.community, f"20260415-00{n}")) for n in range(3))
        for report, is_vacant in ((up, False), (vacant, True), (over, False)):
            row = Escalation(clock=Clock.RESOLVE, area_id=tree.community.id, vacant=is_vacant, at=NOW)
            report.escalations.append(row)
        over.move(CaseState.CLOSED, By(None, NOW, "test"), "close")
        work.session.flush()
        assert work.cases.assigned_to(admin) == [up]
        assert work.cases.assigned_to(other) == []
        assert work.cases.assigned_to(mediator) == []


def test_who_is_waited_for(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        li, zhang = (work.people.add(tree.grid, NOW) for _ in range(2))
        first, second, _ = (
            work.cases.add(case(tree.grid, tree.community, f"20260415-00{number}", reporter=li, waiting_since=since))
            for number, since in enumerate((NOW, NOW + HOUR, None))
        )
        work.session.flush()
        assert work.clocks.waiting_for(li) == [second, first]
        assert work.clocks.waiting_for(zhang) == []


def test_the_deadline_of_the_nearest_area_holds(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        work.clocks.set_deadline(tree.county, "noise", 9)
        work.clocks.set_deadline(tree.grid, "noise", 2)
        assert work.clocks.deadline(tree.building, "noise") == 2
        assert work.clocks.deadline(tree.other_grid, "noise") == 9
        assert work.clocks.deadline(tree.building, "pets") is None
        work.clocks.set_deadline(tree.grid, "noise", None)
        assert work.clocks.deadline(tree.building, "noise") == 9
        assert [(each.area, each.days) for each in work.clocks.deadlines()] == [(tree.county, 9)]
