"""Mediations: doors that open to the parties, the mediator and the staff of the case, and statements to fewer still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.append_only import ERASED
from storage.cases import Case, CaseState
from storage.mediations import (
    Mediation,
    MediationSession,
    MediationState,
    Party,
    Side,
    Statement,
    Visit,
)
from storage.people import Person, Role
from storage.unit_of_work import UnitOfWork
from tests.storage.rows import NOW, case, plant

if TYPE_CHECKING:
    from storage.areas import Area
    from storage.database import Database

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Setting:
    """One mediation of a case in grid 1, with everybody who may want to see it."""

    case: Case
    mediation: Mediation
    people: dict[str, Person]


def setting(work: UnitOfWork) -> Setting:
    tree = plant(work)
    people: dict[str, Person] = {}

    def add(name: str, area: Area, role: Role | None = None, at: Area | None = None) -> None:
        people[name] = work.people.add(area, NOW, name=name)
        if role is not None:
            work.people.grant(people[name], role, at or area, NOW)

    add("applicant", tree.grid)
    add("respondent", tree.grid)
    add("neighbour", tree.grid)
    add("volunteer", tree.grid, Role.VOLUNTEER)
    add("mediator", tree.community, Role.MEDIATOR)
    add("other mediator", tree.community, Role.MEDIATOR)
    add("grid member", tree.grid, Role.GRID_MEMBER)
    add("community admin", tree.community, Role.COMMUNITY_ADMIN)
    add("town admin", tree.town, Role.TOWN_ADMIN)
    add("county admin", tree.county, Role.COUNTY_ADMIN)
    add("grid member elsewhere", tree.other_grid, Role.GRID_MEMBER)
    add("mediator elsewhere", tree.other_community, Role.MEDIATOR)
    add("admin elsewhere", tree.other_community, Role.COMMUNITY_ADMIN)
    report = case(tree.grid, tree.community, "20260415-007", reporter=people["applicant"])
    report.assignee, report.state = people["grid member"], CaseState.IN_PROGRESS
    work.cases.add(report)
    mediation = work.mediations.add(
        Mediation(
            case=report,
            mediator=people["mediator"],
            started_at=NOW,
            due_at=NOW + 30 * DAY,
            parties=[
                Party(side=Side.APPLICANT, person=people["applicant"], name="applicant"),
                Party(side=Side.RESPONDENT, person=people["respondent"], name="respondent", code="K7M2P9QA"),
            ],
        )
    )
    for party in mediation.parties:
        work.mediations.tell(party, f"{party.name}'s side of it", NOW)
    return Setting(report, mediation, people)


SEES_IT = {
    "applicant",
    "respondent",
    "mediator",
    "other mediator",
    "grid member",
    "community admin",
    "town admin",
    "county admin",
}
"""The parties and the staff of the subtree; a further mediator of the community may have to take over."""

READS = {
    "mediator": ["applicant's side of it", "respondent's side of it"],
    "applicant": ["applicant's side of it"],
    "respondent": ["respondent's side of it"],
}


def test_every_role_sees_a_mediation_or_not(database: Database) -> None:
    with UnitOfWork(database) as work:
        scene = setting(work)
        for name, person in scene.people.items():
            seen = list(work.mediations.of_case(scene.case, person))
            assert seen == ([scene.mediation] if name in SEES_IT else []), name
            joined = list(work.mediations.joined_by(person))
            assert joined == ([scene.mediation] if name in ("applicant", "respondent") else []), name
            led = list(work.mediations.led_by(person))
            assert led == ([scene.mediation] if name == "mediator" else []), name


def test_every_role_reads_statements_or_none(database: Database) -> None:
    with UnitOfWork(database) as work:
        scene = setting(work)
        for name, person in scene.people.items():
            read = [statement.text for statement in work.mediations.statements(scene.mediation, person)]
            assert read == READS.get(name, []), name
        archived = [statement.text for statement in work.mediations.archived_statements(scene.mediation)]
        assert archived == READS["mediator"]
        assert list(work.mediations.archived(scene.case)) == [scene.mediation]


def test_who_handles_the_case_sees_the_mediation_from_anywhere(database: Database) -> None:
    with UnitOfWork(database) as work:
        scene = setting(work)
        scene.case.assignee = scene.people["grid member elsewhere"]
        work.session.flush()
        assert list(work.mediations.of_case(scene.case, scene.people["grid member elsewhere"])) == [scene.mediation]
        assert not work.mediations.statements(scene.mediation, scene.people["grid member elsewhere"])


def test_a_statement_cannot_be_changed_or_removed_but_erased(database: Database) -> None:
    with UnitOfWork(database) as work:
        setting(work)
        for change in (
            update(Statement).values(text="something else"),
            update(Statement).values(at=NOW + DAY),
            delete(Statement),
        ):
            with pytest.raises(DBAPIError), work.attempt():
                work.session.execute(change)
        work.session.execute(update(Statement).values(text=ERASED))


def test_a_code_lets_join_only_while_the_mediation_runs(database: Database) -> None:
    with UnitOfWork(database) as work:
        scene = setting(work)
        found = work.mediations.invited_with("K7M2P9QA")
        assert found is not None
        assert found.side is Side.RESPONDENT
        assert work.mediations.invited_with("K7M2P9QB") is None
        scene.mediation.state = MediationState.FAILED
        work.session.flush()
        assert work.mediations.invited_with("K7M2P9QA") is None
        assert work.mediations.running_of(scene.case) is None


def test_a_side_is_there_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        scene = setting(work)
        with pytest.raises(IntegrityError), work.attempt():
            scene.mediation.parties.append(Party(side=Side.RESPONDENT))
            work.session.flush()


def test_what_falls_due_is_found_once(database: Database) -> None:
    with UnitOfWork(database) as work:
        scene = setting(work)
        mediation = scene.mediation
        mediation.sessions = [
            MediationSession(start=NOW + DAY, place="社区调解室"),
            MediationSession(start=NOW + 2 * DAY, place="社区调解室", moved_at=NOW),
            MediationSession(start=NOW - DAY, place="社区调解室"),
        ]
        work.session.flush()
        assert [s.start for s in work.mediations.sessions_from(NOW, NOW + 3 * DAY)] == [NOW + DAY]
        assert mediation.next_session(NOW) is mediation.sessions[0]
        assert mediation.last_session(NOW) is mediation.sessions[2]
        assert not work.mediations.running_until(NOW + 29 * DAY)
        assert list(work.mediations.running_until(NOW + 30 * DAY)) == [mediation]
        mediation.state, mediation.agreed_at = MediationState.AGREED, NOW
        mediation.visits = [Visit(due_at=NOW + 15 * DAY)]
        work.session.flush()
        assert not work.mediations.running_until(NOW + 31 * DAY)
        assert not work.mediations.sessions_from(NOW, NOW + 3 * DAY)
        assert not work.mediations.agreed_before(NOW - DAY)
        assert list(work.mediations.agreed_before(NOW)) == [mediation]
        assert not work.mediations.visits_due(NOW + 14 * DAY)
        assert list(work.mediations.visits_due(NOW + 15 * DAY)) == mediation.visits
        mediation.court_told_at = mediation.visits[0].told_at = NOW
        work.session.flush()
        assert not work.mediations.agreed_before(NOW)
        assert not work.mediations.visits_due(NOW + 15 * DAY)


def test_a_mediation_does_not_show_itself_in_a_log(database: Database) -> None:
    with UnitOfWork(database) as work:
        scene = setting(work)
        statement = work.mediations.archived_statements(scene.mediation)[0]
        assert "side of it" not in repr(statement)
        assert "applicant" not in repr(scene.mediation.parties[0])


def test_a_mediation_is_without_a_leader_once_its_mediator_serves_there_no_more(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        mediator = work.people.add(tree.grid, NOW)
        work.people.grant(mediator, Role.MEDIATOR, tree.community, NOW)
        row = work.cases.add(case(tree.grid, tree.community, "20260415-031"))
        work.mediations.add(Mediation(case=row, mediator=mediator, started_at=NOW, due_at=NOW))
        assert not work.mediations.leaderless()
        work.people.grant(mediator, Role.MEDIATOR, tree.other_community, NOW)
        work.people.revoke(mediator, Role.MEDIATOR, tree.community)
        assert [each.case for each in work.mediations.leaderless()] == [row]
