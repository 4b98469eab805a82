"""Joining: everything of two persons becomes one person's, in one transaction, and no history is rewritten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.cases import By, CaseEvent, CaseFollower, CaseState
from storage.consents import Purpose
from storage.database import Base, Database
from storage.joining import STAYS
from storage.meetings import Answer, Meeting, MeetingState
from storage.people import Person, Role
from storage.unit_of_work import UnitOfWork
from storage.volunteers import Activity, ParticipationState
from tests.storage.rows import NOW, TALK, case, outgoing, plant

DAY = timedelta(days=1)


def activity(area: object, title: str) -> Activity:
    return Activity(
        area_id=area.id,  # type: ignore[attr-defined]
        area=area,
        title=title,
        place="码头",
        start=NOW,
        end=NOW + DAY,
        points=5,
        code="1234",
        created_at=NOW,
        participations=[],
    )


def test_everything_moves(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        first, second = work.people.add(tree.community, NOW), work.people.add(tree.grid, NOW, name="王小明", phone="1")
        second.home = "桂花苑3栋"
        work.people.add_identity(first, "web", "bot", "u1", NOW)
        work.people.add_identity(second, "wechat", "bot", "u2", NOW)
        work.people.grant(second, Role.VOLUNTEER, tree.community, NOW)
        own = work.cases.add(case(tree.grid, tree.community, "20260415-001", reporter=second))
        own.move(CaseState.ACCEPTED, By(second, NOW, "test"), "accept")
        work.talks.begin(TALK, second, NOW, in_group=False)
        work.messages.queue(outgoing("k1", person_id=second.id))
        work.consents.record(second, Purpose.PROFILE, NOW, given=True, source="web", version="1")
        work.points.credit(first, 10, "河道清洁", "a", By(None, NOW, "test"))
        work.points.credit(second, 5, "河道清洁", "b", By(None, NOW, "test"))
        work.joining.join(first, second, NOW, "合并")
        ids = first.id, second.id, tree.grid.id, tree.county.id
        work.commit()
    with UnitOfWork(database) as work:
        first, second = work.people.get(ids[0]), work.people.get(ids[1])
        grid, county = work.areas.get(ids[2]), work.areas.get(ids[3])
        assert (first.name, first.phone, first.home, first.area_id) == ("王小明", "1", "桂花苑3栋", grid.id)
        assert (second.name, second.phone, second.home, second.merged_into_id) == (None, None, None, first.id)
        assert second.is_gone
        assert {identity.channel for identity in first.identities} == {"web", "wechat"}
        assert first.roles == {Role.RESIDENT, Role.VOLUNTEER}
        assert [found.number for found in work.cases.reported_by(first)] == ["20260415-001"]
        assert work.talks.peek(TALK).person_id == first.id  # type: ignore[union-attr]
        assert work.messages.last_to(TALK, first.id) is not None
        assert work.consents.stands(first, Purpose.PROFILE)
        assert (work.points.balance(first), work.points.balance(second)) == (15, 0)
        assert work.points.first_broken() is None
        assert work.session.scalars(select(CaseEvent.actor_id)).all() == [second.id]
        assert work.own_data.selves(first) == [first.id, second.id]
        assert work.people.living_in(county) == [first]


def test_what_both_did_counts_once_and_the_further_one_is_kept(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        first, second = work.people.add(tree.grid, NOW), work.people.add(tree.grid, NOW)
        one, other = (
            work.volunteers.add(activity(tree.community, "一")),
            work.volunteers.add(activity(tree.community, "二")),
        )
        work.volunteers.join(one, first, NOW)
        work.volunteers.join(one, second, NOW).state = ParticipationState.APPROVED
        work.volunteers.join(other, first, NOW).state = ParticipationState.CHECKED_IN
        work.volunteers.join(other, second, NOW)
        meeting = work.meetings.add(
            Meeting(
                area_id=tree.community.id,
                area=tree.community,
                kind="议事会",
                title="停车",
                start=NOW,
                place="会议室",
                topics=[],
                state=MeetingState.CALLED,
                created_at=NOW,
                invitations=[],
            )
        )
        work.meetings.invite(meeting, [first, second])
        work.meetings.answer(meeting, second, Answer.YES, NOW)
        for person in (first, second):
            work.people.grant(person, Role.VOLUNTEER, tree.community, NOW)
        followed = work.cases.add(case(tree.grid, tree.community, "20260415-001"))
        followed.followers += [CaseFollower(person=person, since=NOW) for person in (first, second)]
        followed_id = followed.id
        reported = work.cases.add(case(tree.grid, tree.community, "20260415-002", reporter=first))
        reported.followers.append(CaseFollower(person=second, since=NOW))
        work.joining.join(first, second, NOW, "合并")
        ids = first.id, second.id, tree.grid.id, tree.county.id
        work.commit()
    with UnitOfWork(database) as work:
        first = work.people.get(ids[0])
        parts = work.volunteers.parts_of(first, *ParticipationState)
        assert {part.activity.title: part.state for part in parts} == {
            "一": ParticipationState.APPROVED,
            "二": ParticipationState.CHECKED_IN,
        }
        (invitation,) = work.session.scalars(select(Meeting)).one().invitations
        assert (invitation.person_id, invitation.answer) == (first.id, Answer.YES)
        assert len(first.grants) == 1
        assert work.session.scalars(select(CaseFollower.case_id)).all() == [followed_id]


@pytest.mark.parametrize(("first_confirmed", "home"), [(False, "老街院子6号"), (True, "桂花苑3栋")])
def test_what_was_confirmed_is_kept(database: Database, first_confirmed: bool, home: str) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        first, second = (
            work.people.add(tree.grid, NOW, name="王小明"),
            work.people.add(tree.other_grid, NOW, name="小明"),
        )
        first.home, second.home = "桂花苑3栋", "老街院子6号"
        (first if first_confirmed else second).confirmed_at = NOW
        work.joining.join(first, second, NOW, "合并")
        assert (first.home, first.confirmed_at) == (home, NOW)
        assert first.area_id == (tree.grid if first_confirmed else tree.other_grid).id


def test_a_chain_of_joins_leads_to_one(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        first, second, third = (work.people.add(tree.grid, NOW) for _ in range(3))
        work.joining.join(second, third, NOW, "合并")
        work.joining.join(first, second, NOW, "合并")
        assert work.own_data.selves(first) == [first.id, second.id, third.id]


def test_every_column_that_names_a_person_moves_or_is_known_to_stay() -> None:
    named = {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == Person.__tablename__ for key in column.foreign_keys)
    }
    assert named >= STAYS


def test_what_is_taken_back_after_joining_goes_to_the_one_who_is_left(database: Database) -> None:
    with UnitOfWork(database) as work:
        tree = plant(work)
        first, second = (work.people.add(tree.grid, NOW) for _ in range(2))
        by = By(None, NOW, "test")
        work.points.credit(second, 10, "河道清洁", "a", by)
        spent = work.points.spend(second, 6, "兑换", "b", by)
        work.joining.join(first, second, NOW, "合并")
        work.points.reverse(spent, "退回兑换", by)
        assert (work.points.balance(first), work.points.balance(second)) == (10, 0)
        assert work.points.first_broken() is None
